import type { Clock } from '../shared/clock.ts';
import type { SipFailure } from './ports.ts';

/**
 * A trunk that has said nothing to an INVITE for this long, ms, is not there: 100 Trying is due within 200 ms (RFC 3261 §17.2.1), and
 * over UDP the INVITE was sent four times by then.
 */
const SILENT_MS = 5_000;

const silent = (): Error & SipFailure =>
  Object.assign(new Error('the trunk says nothing'), {
    ...{ status: 408, reason: 'Request Timeout', unheard: true as const },
  });

/**
 * Calls over a trunk, and gives up when it says nothing: `work` gets the signal to call with and whom to tell that something was
 * heard. Rejects as `work` does, or with an `unheard` SipFailure.
 */
export async function unlessSilent<T>(
  clock: Clock,
  parent: AbortSignal,
  work: (signal: AbortSignal, onHeard: () => void) => Promise<T>,
): Promise<T> {
  const gone = new AbortController();
  const timer = clock.after(SILENT_MS, () => gone.abort());
  try {
    return await work(AbortSignal.any([parent, gone.signal]), () => timer.cancel());
  } catch (error) {
    throw gone.signal.aborted && !parent.aborted ? silent() : error;
  } finally {
    timer.cancel();
  }
}
