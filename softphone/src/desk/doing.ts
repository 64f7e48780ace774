import { currentCall, myWork, since, type Work } from './work.ts';

/** What this person is doing, with the time in it: a call and its wrap-up come before the presence that stands behind them. */
export interface Doing {
  kind: 'onCall' | 'wrapUp' | 'presence';
  /** Since when, ms; null while nothing is known. */
  since: number | null;
}

export function doingOf(work: Work): Doing {
  const call = currentCall(work);
  if (call)
    return {
      kind: 'onCall',
      since: call.connectedAt === undefined ? since(call) : Date.parse(call.connectedAt),
    };
  const closing = myWork(work).find((one) => one.state === 'wrapUp');
  if (closing)
    return { kind: 'wrapUp', since: closing.endedAt === undefined ? null : Date.parse(closing.endedAt) };
  return { kind: 'presence', since: work.presence === null ? null : Date.parse(work.presence.since) };
}
