import type { HealthResult } from '../../contracts/engines.ts';
import type { Clock } from '../../shared/clock.ts';
import type { Relay } from './relay.ts';

/** A relay may take 10 s to say nothing; whoever asks how it is gets the last answer, and a new one is fetched this often at most. */
const ASK_EVERY_MS = 30_000;

export interface RelayHealth {
  /** Waits for the relay only at the first question. */
  health(): Promise<HealthResult>;
}

export function createRelayHealth(relay: Pick<Relay, 'verify'>, clock: Pick<Clock, 'now'>): RelayHealth {
  let asked: { readonly at: number; readonly answer: Promise<boolean> } | undefined;
  let last: boolean | undefined;

  function ask(): Promise<boolean> {
    if (asked !== undefined && clock.now() - asked.at < ASK_EVERY_MS) return asked.answer;
    const answer = relay.verify().then((ok) => (last = ok));
    asked = { at: clock.now(), answer };
    return answer;
  }

  return {
    async health() {
      const answer = ask();
      const ok = last ?? (await answer);
      return ok
        ? { ok, detail: 'relay answers', facts: [{ says: 'relayAnswers' }] }
        : {
            ok,
            detail: 'relay does not answer or refuses the password: answers wait',
            facts: [{ says: 'relayAway' }],
          };
    },
  };
}
