import type { CustomerContext } from '../../../src/contracts/context.ts';
import type { TimelineEntry } from '../../../src/contracts/interaction.ts';

export type Warning = 'overdue' | 'outage' | 'doNotContact' | 'blocked';

/** What an operator must know before saying hello. */
export function warningsOf(context: CustomerContext, now: number): Warning[] {
  const { invoices, outage, contracts } = context.sections;
  const found: Warning[] = [];
  if ((invoices.data ?? []).some((one) => isOverdue(one, now))) found.push('overdue');
  if ((outage.data ?? []).length > 0) found.push('outage');
  if ((contracts.data ?? []).some((one) => one.status === 'blocked')) found.push('blocked');
  return found;
}

/** The ERP says so, or the day is over and nobody has paid. */
export function isOverdue(invoice: { status: string; dueOn: string }, now: number): boolean {
  if (invoice.status === 'overdue') return true;
  return invoice.status === 'open' && Date.parse(`${invoice.dueOn.slice(0, 10)}T23:59:59`) < now;
}

export function overdueCents(
  invoices: readonly { status: string; dueOn: string; amountCents: number }[],
  now: number,
): number {
  return invoices.filter((one) => isOverdue(one, now)).reduce((sum, one) => sum + one.amountCents, 0);
}

/** The last thing chosen in the flow's menu of this contact; the timeline tells the whole protocol. */
export function menuChoice(timeline: readonly TimelineEntry[], interactionId: string): string | null {
  const last = timeline.findLast(
    (entry) =>
      entry.kind === 'flow.menu' &&
      entry.data['valid'] !== false &&
      (entry.data['interactionId'] ?? interactionId) === interactionId,
  );
  if (!last) return null;
  return (
    text(last.data['queue']) ??
    text(last.data['label']) ??
    text(last.data['digit']) ??
    text(last.data['option']) ??
    text(last.data['key'])
  );
}

/** An offer that was taken back because it rang at a desk that was lost: it cost the customer its time, and nobody missed it. */
export const isUnseen = (reason: unknown): boolean => reason === 'deskLost';

export function text(value: unknown): string | null {
  if (typeof value === 'string') return value === '' ? null : value;
  return typeof value === 'number' ? String(value) : null;
}

/** The mail behind a line that no person typed (an automatic reply, a bounce); null: the line tells of what we did ourselves. */
export function originalOf({
  kind,
  data,
}: TimelineEntry): { id: string; subject: string | undefined } | null {
  const id = kind.startsWith('mail.') ? text(data['mailId']) : null;
  return id === null ? null : { id, subject: text(data['subject']) ?? undefined };
}
