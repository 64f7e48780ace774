import { describe, expect, it } from 'vitest';
import { createManualClock } from '../../tests/simulation/manual-time.ts';
import { createAuthenticator } from './authenticator.ts';

function rig() {
  const clock = createManualClock(Date.parse('2026-11-23T12:00:00Z'));
  let role = 'supervisor';
  let looks = 0;
  let gate: Promise<void> = Promise.resolve();
  const logins = {
    async resume() {
      looks += 1;
      const user = { _id: 'u1', companyId: 'c1', name: 'Ana', role, queues: [] };
      await gate;
      return { user, sessionId: 's1' };
    },
  };
  const secrets = { fingerprint: (token: string) => token };
  const authenticator = createAuthenticator({ store: {}, clock, secrets, logins } as never);
  return {
    authenticator,
    clock,
    looks: () => looks,
    become: (next: string) => (role = next),
    hold() {
      let open: () => void = () => undefined;
      gate = new Promise((resolve) => (open = resolve));
      return () => {
        gate = Promise.resolve();
        open();
      };
    },
  };
}

describe('who is asking', () => {
  it('is kept for a moment and forgotten when it changes', async () => {
    const { authenticator, looks, become } = rig();
    await authenticator.authenticate('t');
    await authenticator.authenticate('t');
    expect(looks()).toBe(1);
    become('operator');
    authenticator.forget('u1');
    expect(await authenticator.authenticate('t')).toMatchObject({ role: 'operator' });
  });

  it('a look that began before a change is not kept beyond it', async () => {
    const { authenticator, become, hold } = rig();
    const open = hold();
    const old = authenticator.authenticate('t');
    become('operator');
    authenticator.forget('u1');
    open();
    await old;
    expect(await authenticator.authenticate('t')).toMatchObject({ role: 'operator' });
  });
});
