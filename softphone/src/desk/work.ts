import type { CustomerContext } from '../../../src/contracts/context.ts';
import type { InteractionView, MessageView, TimelineEntry } from '../../../src/contracts/interaction.ts';
import type { PresenceView } from '../../../src/contracts/realtime.ts';

export interface Offer {
  interaction: InteractionView;
  /** ISO instants; `since` is when this desk learned of it, so that the bar knows its full length. */
  deadline: string;
  since: number;
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
}

export type WorkEvent =
  | { type: 'snapshot'; interactions: readonly InteractionView[]; presence: PresenceView | null }
  | { type: 'offer'; interaction: InteractionView; deadline: string; context: CustomerContext; now: number }
  | { type: 'offerGone'; interactionId: string }
  | { type: 'interaction'; interaction: InteractionView; now: number }
  | { type: 'message'; interactionId: string; message: MessageView }
  | { type: 'context'; interactionId: string; context: CustomerContext }
  | { type: 'presence'; presence: PresenceView }
  | {
      type: 'detail';
      interaction: InteractionView;
      timeline: readonly TimelineEntry[];
      context: CustomerContext | null;
    }
  | { type: 'select'; id: string | null };

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
  };
}

export function reduceWork(work: Work, event: WorkEvent): Work {
  switch (event.type) {
    case 'snapshot':
      return onSnapshot(work, event);
    case 'offer':
      return onOffer(work, event);
    case 'offerGone':
      return { ...work, offers: withoutOffer(work.offers, event.interactionId) };
    case 'interaction':
      return onInteraction(work, event.interaction, event.now);
    case 'message':
      return onMessage(work, event.interactionId, event.message);
    case 'context':
      return { ...work, contexts: { ...work.contexts, [event.interactionId]: event.context } };
    case 'presence':
      return event.presence.agentId === work.me.id ? { ...work, presence: event.presence } : work;
    case 'detail':
      return onDetail(work, event);
    case 'select':
      return { ...work, selected: event.id };
  }
}

function onSnapshot(work: Work, event: Extract<WorkEvent, { type: 'snapshot' }>): Work {
  const interactions = Object.fromEntries(event.interactions.map((one) => [one.id, one]));
  const offers = event.interactions
    .filter((one) => one.state === 'offered' && one.agent?.id === work.me.id && one.deadline !== undefined)
    .map((one): Offer => {
      const known = work.offers.find((offer) => offer.interaction.id === one.id);
      const since = known?.since ?? Date.parse(one.timestamps.offeredAt ?? one.deadline ?? '');
      return { interaction: one, deadline: one.deadline ?? '', since };
    });
  const next = { ...work, loaded: true, interactions, offers, presence: event.presence ?? work.presence };
  // Work that we are looking at may have ended while we were away: its card goes, what is read stays.
  return next.selected === null ? { ...next, selected: myWork(next)[0]?.id ?? null } : next;
}

function onOffer(work: Work, event: Extract<WorkEvent, { type: 'offer' }>): Work {
  const { interaction, deadline, context, now } = event;
  const offers = [...withoutOffer(work.offers, interaction.id), { interaction, deadline, since: now }];
  return {
    ...work,
    offers,
    interactions: { ...work.interactions, [interaction.id]: interaction },
    contexts: { ...work.contexts, [interaction.id]: context },
  };
}

function onInteraction(work: Work, interaction: InteractionView, now: number): Work {
  const before = work.interactions[interaction.id];
  const interactions = { ...work.interactions, [interaction.id]: interaction };
  const mine = interaction.agent?.id === work.me.id;
  let offers = work.offers;
  if (interaction.state !== 'offered' || !mine) offers = withoutOffer(offers, interaction.id);
  else if (interaction.deadline !== undefined && !offers.some((one) => one.interaction.id === interaction.id))
    offers = [...offers, { interaction, deadline: interaction.deadline, since: now }];
  const next = { ...work, interactions, offers };
  // Just become ours: it is what the operator accepted a moment ago, so it opens.
  const becameOurs = isWork(next, interaction) && (before === undefined || !isWork(work, before));
  return becameOurs ? { ...next, selected: interaction.id } : next;
}

function onMessage(work: Work, id: string, message: MessageView): Work {
  const timeline = work.timelines[id];
  if (!timeline) return work;
  const known = timeline.findIndex((entry) => entry.message?.id === message.id);
  if (known >= 0) {
    const entries = timeline.map((entry, index) => (index === known ? { ...entry, message } : entry));
    return { ...work, timelines: { ...work.timelines, [id]: entries } };
  }
  const kind = message.author.kind === 'customer' ? ('customer' as const) : ('agent' as const);
  const entry: TimelineEntry = {
    id: `message:${message.id}`,
    at: message.at,
    kind: 'message',
    actor: { kind: message.author.kind === 'automatic' ? 'system' : kind, name: message.author.name },
    data: {},
    message,
  };
  return { ...work, timelines: { ...work.timelines, [id]: sortTimeline([...timeline, entry]) } };
}

function onDetail(work: Work, event: Extract<WorkEvent, { type: 'detail' }>): Work {
  const { interaction, timeline, context } = event;
  const { id } = interaction;
  return {
    ...work,
    interactions: { ...work.interactions, [id]: interaction },
    timelines: { ...work.timelines, [id]: sortTimeline(timeline) },
    contexts: context ? { ...work.contexts, [id]: context } : work.contexts,
  };
}

/** Oldest first; entries of the same instant keep the order of the journal. */
export function sortTimeline(entries: readonly TimelineEntry[]): readonly TimelineEntry[] {
  return [...entries].sort((a, b) => Date.parse(a.at) - Date.parse(b.at));
}

const withoutOffer = (offers: readonly Offer[], id: string): readonly Offer[] =>
  offers.some((offer) => offer.interaction.id === id)
    ? offers.filter((offer) => offer.interaction.id !== id)
    : offers;

function isWork(work: Work, interaction: InteractionView): boolean {
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

/** A call first, then who has waited longest for us; what waits for the customer last. */
export function myWork(work: Work): InteractionView[] {
  const rank = (one: InteractionView): number =>
    one.channel === 'voice' ? 0 : one.waitingForCustomer === true ? 2 : 1;
  return Object.values(work.interactions)
    .filter((one) => isWork(work, one))
    .sort((a, b) => rank(a) - rank(b) || since(a) - since(b));
}

/** Highest priority first, then longest waiting: the order of the queue itself. */
export function waitingWork(work: Work): InteractionView[] {
  return Object.values(work.interactions)
    .filter((one) => one.state === 'queued' && one.queue !== null)
    .filter((one) => work.me.queues.length === 0 || work.me.queues.includes(one.queue ?? ''))
    .sort((a, b) => b.priority - a.priority || since(a) - since(b));
}

export function currentCall(work: Work): InteractionView | null {
  return myWork(work).find((one) => one.channel === 'voice' && one.state === 'active') ?? null;
}

export function since(one: InteractionView): number {
  const { acceptedAt, queuedAt, arrivedAt } = one.timestamps;
  return Date.parse((one.state === 'queued' ? queuedAt : acceptedAt) ?? queuedAt ?? arrivedAt);
}
