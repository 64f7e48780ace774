import type { CustomerContext } from '../../../src/contracts/context.ts';
import type { InteractionView, TimelineEntry } from '../../../src/contracts/interaction.ts';
import type { PresenceView } from '../../../src/contracts/realtime.ts';

export interface Offer {
  interaction: InteractionView;
  /** ISO instants; `since` is when this desk learned of it, so that the bar knows its full length. */
  deadline: string;
  since: number;
}

/** What a customer wrote in a contact in hand that nobody has looked at. */
export interface Unread {
  count: number;
  /** The first words of the first of these messages; empty while only the fact is known. */
  words: string;
  /** When it began, ms. */
  since: number;
  /** Messages that are counted: after a new list the desk is told again what came meanwhile. */
  ids?: readonly string[] | undefined;
  /** A reply of ours was refused for good. */
  failed?: boolean | undefined;
}

/** What one operator's desk knows. Everything here comes from the server; drafts and choices live elsewhere. */
export interface Work {
  me: { id: string; queues: readonly string[] };
  loaded: boolean;
  presence: PresenceView | null;
  interactions: Readonly<Record<string, InteractionView>>;
  offers: readonly Offer[];
  contexts: Readonly<Record<string, CustomerContext>>;
  timelines: Readonly<Record<string, readonly TimelineEntry[]>>;
  selected: string | null;
  unread: Readonly<Record<string, Unread>>;
  /** More wait than were fetched. */
  moreWaiting: boolean;
}

export function emptyWork(me: Work['me']): Work {
  return {
    me,
    loaded: false,
    presence: null,
    interactions: {},
    offers: [],
    contexts: {},
    timelines: {},
    selected: null,
    unread: {},
    moreWaiting: false,
  };
}

export function isWork(work: Work, interaction: InteractionView): boolean {
  return (
    interaction.agent?.id === work.me.id && (interaction.state === 'active' || interaction.state === 'wrapUp')
  );
}

/**
 * A call first, because a voice waits at the other end; then the oldest offer, which is the first to be lost. A text
 * that arrives goes to the end: what Enter would take changes under the finger for a ringing call only.
 */
export function offersInOrder(offers: readonly Offer[]): readonly Offer[] {
  const rank = ({ interaction }: Offer): number => (interaction.channel === 'voice' ? 0 : 1);
  return [...offers].sort(
    (a, b) => rank(a) - rank(b) || a.since - b.since || since(a.interaction) - since(b.interaction),
  );
}

/** A call first, then what was written and not read, then who has waited longest for us; what waits for the customer last. */
export function myWork(work: Work): InteractionView[] {
  const rank = (one: InteractionView): number => {
    if (one.channel === 'voice') return 0;
    if (work.unread[one.id]) return 1;
    return one.waitingForCustomer === true ? 3 : 2;
  };
  const from = (one: InteractionView): number => work.unread[one.id]?.since ?? since(one);
  return Object.values(work.interactions)
    .filter((one) => isWork(work, one))
    .sort((a, b) => rank(a) - rank(b) || from(a) - from(b));
}

/** Voice first, because somebody listens to music; then the order of the queue: priority, then longest waiting. */
export function waitingWork(work: Work): InteractionView[] {
  return Object.values(work.interactions)
    .filter((one) => one.state === 'queued' && one.queue !== null)
    .filter((one) => work.me.queues.length === 0 || work.me.queues.includes(one.queue ?? ''))
    .sort(
      (a, b) =>
        Number(b.channel === 'voice') - Number(a.channel === 'voice') ||
        b.priority - a.priority ||
        since(a) - since(b),
    );
}

export function currentCall(work: Work): InteractionView | null {
  return myWork(work).find((one) => one.channel === 'voice' && one.state === 'active') ?? null;
}

export function since(one: InteractionView): number {
  const { acceptedAt, queuedAt, arrivedAt } = one.timestamps;
  return Date.parse((one.state === 'queued' ? queuedAt : acceptedAt) ?? queuedAt ?? arrivedAt);
}
