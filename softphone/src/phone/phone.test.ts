import { describe, expect, it, vi } from 'vitest';
import { windowTimers } from '../../../tests/support/window-timers.ts';
import { createPhone, type Phone, type PhoneDeps } from './phone.ts';
import type { SipAgentOptions } from './sip-agent.ts';

type Invitation = Parameters<NonNullable<SipAgentOptions['onInvite']>>[0];
interface Made {
  readonly name: string;
  readonly options: SipAgentOptions;
}

/** A phone whose lines say what is done with them; `gone` lets the line that is given up be closed. */
function setup() {
  const said: string[] = [];
  const made: Made[] = [];
  const gone: (() => void)[] = [];
  const createAgent = ((options: SipAgentOptions) => {
    const name = `line ${made.length + 1}`;
    made.push({ name, options });
    return {
      start: () => Promise.resolve(),
      stop: () => Promise.resolve(void said.push(`${name} hangs up`)),
      letGo: () => {
        said.push(`${name} let go`);
        return new Promise<void>((done) => gone.push(done));
      },
    };
  }) as unknown as NonNullable<PhoneDeps['createAgent']>;
  const quiet = { silence: () => undefined, onCall: () => undefined, play: () => undefined };
  const phone = createPhone({
    account: () => Promise.resolve({} as never),
    audio: quiet as unknown as PhoneDeps['audio'],
    now: () => 0,
    random: () => 0.5,
    mutes: { isMuted: () => false, set: () => undefined },
    createAgent,
  });
  const invitation = {
    state: 'Established',
    sessionDescriptionHandler: { close: () => said.push('sound closed') },
    stateChange: { addListener: () => undefined },
    accept: () => Promise.resolve(),
    bye: () => Promise.resolve(void said.push('BYE')),
  } as unknown as Invitation;
  return { phone, said, made, gone, invitation };
}
const settled = () => vi.advanceTimersByTimeAsync(0);

describe('a line with a call on it', () => {
  windowTimers();

  async function talking() {
    const world = setup();
    world.phone.start();
    await settled();
    world.made[0]?.options.onRegistered();
    world.made[0]?.options.onInvite?.(world.invitation);
    await settled();
    expect(world.phone.leg.get().kind).toBe('connecting');
    return world;
  }
  const ways: [string, (phone: Phone, made: readonly Made[]) => void][] = [
    ['is given up', (phone) => phone.stop()],
    ['is lost', (_phone, made) => made[0]?.options.onLost('closed')],
  ];

  it.each(ways)(
    'that %s hangs up on nobody, and closes its sound only when it is closed',
    async (_way, end) => {
      const { phone, said, made, gone } = await talking();
      end(phone, made);
      await settled();
      expect(phone.leg.get()).toEqual({ kind: 'none' });
      expect(said).toEqual(['line 1 let go']);
      gone[0]?.();
      await settled();
      expect(said).toEqual(['line 1 let go', 'sound closed']);
    },
  );

  it('that was given up is not built again, whatever it says late', async () => {
    const { phone, said, made, gone } = await talking();
    phone.stop();
    gone[0]?.();
    made[0]?.options.onLost('closed');
    await vi.advanceTimersByTimeAsync(60_000);
    expect([phone.line.get().kind, made.length]).toEqual(['off', 1]);
    phone.stop();
    expect(said).toEqual(['line 1 let go', 'sound closed']);
  });

  it('that was given up while it asked for its account is not built', async () => {
    const { phone, made } = setup();
    phone.start();
    phone.stop();
    await settled();
    expect(made).toEqual([]);
  });

  it('that was lost is built again, unless somebody gives it up before', async () => {
    const lost = await talking();
    lost.made[0]?.options.onLost('closed');
    await vi.advanceTimersByTimeAsync(60_000);
    expect(lost.made.map(({ name }) => name)).toEqual(['line 1', 'line 2']);
    const left = await talking();
    left.made[0]?.options.onLost('closed');
    left.phone.stop();
    expect(vi.getTimerCount()).toBe(0);
  });
});
