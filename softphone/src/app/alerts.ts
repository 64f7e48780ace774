import type { ServerEvent } from '../../../src/contracts/realtime.ts';

export type Alert = ServerEvent<'alert'>;

/** What the desk shows at once; older ones are on their own pages. */
const SHOWN = 3;
/** Critical ones stay until they are closed by hand; the others stand this long, ms. */
export const ALERT_MS = 12_000;

/** The newest first; what is told again takes the place of what was told before. */
export function withAlert(alerts: readonly Alert[], alert: Alert): readonly Alert[] {
  const others = alerts.filter(({ code }) => code !== alert.code);
  const kept = [alert, ...others];
  if (kept.length <= SHOWN) return kept;
  // A critical one gives way to nothing lesser.
  const last = kept.findLastIndex(({ level }) => level !== 'critical');
  return kept.filter((_, index) => index !== (last === -1 ? kept.length - 1 : last));
}
