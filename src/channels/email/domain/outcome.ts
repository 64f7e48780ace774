import type { Report } from './report.ts';
import { canonicalAddress } from './threads.ts';

/** Whom a mail of ours went to. */
export interface SentTo {
  readonly to: string;
  readonly cc: readonly string[];
}

/**
 * Whether a report speaks of the one whom we answer or of a copy; undefined: of somebody else, to whom it may have been forwarded.
 * Servers write the address in forms of their own, so the exact one goes first.
 */
export function roleOf({ to, cc }: SentTo, forms: readonly string[]): 'to' | 'cc' | undefined {
  for (const form of [(one: string) => one.toLowerCase(), canonicalAddress]) {
    const wanted = new Set(forms.filter((one) => one !== '').map(form));
    if (wanted.has(form(to))) return 'to';
    if (cc.some((one) => wanted.has(form(one)))) return 'cc';
  }
  return undefined;
}

/**
 * What became of a mail for the one whom we answer, as its report tells; undefined: nothing that is known. Who failed under an address
 * that we did not write to may be that one.
 */
export function whatBecame(sent: SentTo, { kind, recipients }: Report): 'failed' | 'delivered' | undefined {
  const roles = recipients.map(({ action, forms }) => ({ action, role: roleOf(sent, forms) }));
  const failed = roles.filter(({ action }) => action === 'failed');
  const isFailed = failed.length === 0 ? kind === 'bounce' : failed.some(({ role }) => role !== 'cc');
  if (isFailed) return 'failed';
  return roles.some(({ action, role }) => action === 'delivered' && role === 'to') ? 'delivered' : undefined;
}
