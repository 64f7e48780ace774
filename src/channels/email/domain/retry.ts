import { waitsForPerson } from '../../../contracts/failures.ts';

/** How long and how often a mail is tried (RFC 5321 §4.5.4.1). */

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;

/** A mail that no relay took is given up after this long. */
export const GIVE_UP_MS = 3 * DAY_MS;

/** Waits between attempts, then the last one again and again. */
const DELAYS_MS = [
  30_000,
  MINUTE_MS,
  2 * MINUTE_MS,
  5 * MINUTE_MS,
  10 * MINUTE_MS,
  20 * MINUTE_MS,
  30 * MINUTE_MS,
];

/** A wrong password is asked for less often: servers lock an account that fails too much. */
const AUTH_DELAY_MS = 15 * MINUTE_MS;

/** What the whole relay has, not one mail: its mails go as soon as one goes. */
const RELAY_WIDE: ReadonlySet<string> = new Set([
  'smtp.unreachable',
  'smtp.auth',
  'smtp.tls',
  'smtp.rejectsUs',
]);
export const isRelayWide = (reason: string): boolean => RELAY_WIDE.has(reason);
export const relayWideReasons: readonly string[] = [...RELAY_WIDE];

export interface Waiting {
  /** Attempts so far that counted. */
  readonly tries: number;
  /** Ms since the epoch. */
  readonly giveUpAt: number;
}

/** After an attempt that did not work: when the next one is, or that it was the last. */
export function nextTry(
  { tries, giveUpAt }: Waiting,
  reason: string,
  now: number,
): { readonly delayMs: number; readonly next: Waiting } | 'giveUp' {
  if (waitsForPerson(reason))
    return { delayMs: AUTH_DELAY_MS, next: { tries, giveUpAt: Math.max(giveUpAt, now + GIVE_UP_MS) } };
  const delayMs = DELAYS_MS[Math.min(tries, DELAYS_MS.length - 1)] ?? AUTH_DELAY_MS;
  if (now >= giveUpAt) return 'giveUp';
  return { delayMs: Math.min(delayMs, giveUpAt - now), next: { tries: tries + 1, giveUpAt } };
}
