import { describe, expect, it } from 'vitest';
import { createRelayHealth } from './relay-health.ts';

function rig(first: boolean) {
  let now = 0;
  const asked: { answer: (ok: boolean) => void }[] = [];
  const relay = { verify: () => new Promise<boolean>((answer) => asked.push({ answer })) };
  const { health } = createRelayHealth(relay, { now: () => now });
  const begin = health();
  asked[0]?.answer(first);
  return { asked, begin, health, pass: (ms: number) => (now += ms) };
}

describe('the health of the way out', () => {
  it('tells a relay that does not answer, and one that does', async () => {
    expect(await rig(false).begin).toMatchObject({ ok: false });
    expect(await rig(true).begin).toMatchObject({ ok: true });
  });

  it('asks the relay seldom, and never makes the one who asks wait for it again', async () => {
    const { asked, begin, health, pass } = rig(true);
    await begin;
    await health();
    expect(asked).toHaveLength(1);
    pass(30_000);
    // The relay has died and takes its time to say nothing: the last answer stands until then.
    expect(await health()).toMatchObject({ ok: true });
    expect(asked).toHaveLength(2);
    asked[1]?.answer(false);
    await Promise.resolve();
    expect(await health()).toMatchObject({ ok: false });
  });
});
