import { isWithheld } from '../../../src/shared/withheld.ts';
import type { InteractionView } from '../../../src/contracts/interaction.ts';

/** What has become of a lost call: the latest contact by voice with the same number tells it; nobody ticks a box. */
export type FollowUp =
  | { kind: 'open' }
  /** An operator is calling, talking or finishing right now. */
  | { kind: 'withNow'; who: string | null }
  /** Called, and nobody spoke: still to be called back. */
  | { kind: 'tried'; who: string | null; at: string }
  | { kind: 'calledBack'; who: string | null; at: string }
  /** The customer called again and was served. */
  | { kind: 'cameBack'; at: string };

export interface MissedCall {
  contact: InteractionView;
  followUp: FollowUp;
}

/** Older ones are history: found by the customer, no longer a task of today. */
export const MISSED_DAYS = 7;
const DAY_MS = 86_400_000;

/** Causes of calls of ours in which nobody was reached (voice room, `causeOf`). */
const NOBODY_SPOKE: ReadonlySet<string> = new Set([
  'busy',
  'notAnswered',
  'notCompleted',
  'agentCancelled',
  'softphoneUnreachable',
  'agentUnavailable',
]);

const arrived = (one: InteractionView): number => Date.parse(one.timestamps.arrivedAt);

/** What is to be called back first, the longest lost before the others; then what is done, newest first. */
export function missedCalls(contacts: readonly InteractionView[], now: number): readonly MissedCall[] {
  const calls = contacts.filter((one) => one.channel === 'voice');
  const lost = calls.filter((one) => one.state === 'missed' && arrived(one) > now - MISSED_DAYS * DAY_MS);
  const all = lost.map((contact) => ({ contact, followUp: followUpOf(contact, calls) }));
  return all.sort((a, b) => {
    const [doneA, doneB] = [isDone(a), isDone(b)];
    if (doneA !== doneB) return doneA ? 1 : -1;
    return doneA ? arrived(b.contact) - arrived(a.contact) : arrived(a.contact) - arrived(b.contact);
  });
}

export const isDone = ({ followUp }: MissedCall): boolean =>
  followUp.kind === 'calledBack' || followUp.kind === 'cameBack';

function followUpOf(missed: InteractionView, calls: readonly InteractionView[]): FollowUp {
  // All who hide their number have the same one: nobody knows whether a later call is theirs.
  if (isWithheld(missed.contact.address)) return { kind: 'open' };
  const later = calls
    .filter((one) => one.contact.address === missed.contact.address && arrived(one) > arrived(missed))
    .sort((a, b) => arrived(a) - arrived(b))
    .map(told);
  return (
    later.findLast((one) => one.kind === 'withNow') ??
    later.findLast((one) => one.kind === 'calledBack' || one.kind === 'cameBack') ??
    later.findLast((one) => one.kind === 'tried') ?? { kind: 'open' }
  );
}

function told(one: InteractionView): FollowUp {
  const who = one.agent?.name ?? null;
  const at = one.timestamps.arrivedAt;
  if (one.state === 'active' || one.state === 'wrapUp') return { kind: 'withNow', who };
  if (one.direction === 'outbound')
    return one.state === 'closed' && !NOBODY_SPOKE.has(one.endCause ?? '')
      ? { kind: 'calledBack', who, at }
      : { kind: 'tried', who, at };
  return one.state === 'closed' && one.timestamps.acceptedAt !== undefined
    ? { kind: 'cameBack', at }
    : { kind: 'open' };
}

/** A number that can be called; callers without one, or with a name of a SIP peer, cannot. */
export const isCallable = (one: InteractionView): boolean => /^\+\d{8,15}$/.test(one.contact.address);
