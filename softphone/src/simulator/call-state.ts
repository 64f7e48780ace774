/**
 * The customer's telephone.
 *   idle ──dial──► preparing ──sent──► calling ──answered──► live ──over──► ended
 *                     └──────────── failed ◄────────┘                dial again from idle, ended, failed
 */
export type SimCall =
  | { kind: 'idle' }
  | { kind: 'preparing' }
  | { kind: 'calling'; did: string }
  | { kind: 'live'; did: string; since: number }
  | { kind: 'ended'; lastedMs: number }
  | { kind: 'failed'; cause: 'microphone' | 'refused' | 'unavailable' };

export type SimEvent =
  | { type: 'dial' }
  | { type: 'sent'; did: string }
  | { type: 'answered'; now: number }
  | { type: 'over'; now: number }
  | { type: 'failed'; cause: 'microphone' | 'refused' | 'unavailable' };

export const inCall = (call: SimCall): boolean =>
  call.kind === 'preparing' || call.kind === 'calling' || call.kind === 'live';

export function nextSimCall(call: SimCall, event: SimEvent): SimCall {
  switch (event.type) {
    case 'dial':
      return inCall(call) ? call : { kind: 'preparing' };
    case 'sent':
      return call.kind === 'preparing' ? { kind: 'calling', did: event.did } : call;
    case 'answered':
      return call.kind === 'calling' ? { kind: 'live', did: call.did, since: event.now } : call;
    case 'over':
      if (call.kind === 'live') return { kind: 'ended', lastedMs: event.now - call.since };
      // Ended before it was answered: we gave up, or they refused. A refusal has told its cause before.
      return inCall(call) ? { kind: 'idle' } : call;
    case 'failed':
      return inCall(call) ? { kind: 'failed', cause: event.cause } : call;
  }
}
