import type { Dictionary } from '../i18n/index.ts';
import { z } from 'zod';
import { serverEvents, type ServerEvent } from '../../../src/contracts/realtime.ts';
import { readStored } from '../ui/stored.ts';

export type Alert = ServerEvent<'alert'>;

/** What the desk shows at once; older ones are on their own pages. */
const SHOWN = 3;
/** Critical ones stay until they are closed by hand; the others stand this long, ms. */
export const ALERT_MS = 12_000;

/** What an alert is about: two queues that are missing are two alerts. */
export const alertKey = ({ code, queue }: Alert): string => `${code} ${queue ?? ''}`;

/** In the person's language, with the names that it is about. */
export function alertText(t: Dictionary, alert: Alert): string {
  if (alert.code === 'queue.missing' && alert.queue !== undefined)
    return t.notices.queueMissing(alert.queue, alert.instead);
  const words: Readonly<Record<string, string>> = t.errors.byCode;
  return words[alert.code] ?? alert.message;
}

/** The newest first; what is told again takes the place of what was told before. */
export function withAlert(alerts: readonly Alert[], alert: Alert): readonly Alert[] {
  const others = alerts.filter((one) => alertKey(one) !== alertKey(alert));
  const kept = [alert, ...others];
  if (kept.length <= SHOWN) return kept;
  // A critical one gives way to nothing lesser.
  const last = kept.findLastIndex(({ level }) => level !== 'critical');
  return kept.filter((_, index) => index !== (last === -1 ? kept.length - 1 : last));
}

const keyOf = (userId: string): string => `ramal.alerts.${userId}`;

/** Critical ones that nobody has closed survive F5 of this tab. */
export function readAlerts(memory: Storage, userId: string): readonly Alert[] {
  return readStored(memory, keyOf(userId), z.array(serverEvents.alert)) ?? [];
}

export function writeAlerts(memory: Storage, userId: string, alerts: readonly Alert[]): void {
  const lasting = alerts.filter(({ level }) => level === 'critical');
  memory.setItem(keyOf(userId), JSON.stringify(lasting));
}
