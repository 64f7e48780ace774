import type { CustomerContext, SectionName } from '../../../src/contracts/context.ts';
import type { InteractionView, MessageView, TimelineEntry } from '../../../src/contracts/interaction.ts';
import type { PresenceView } from '../../../src/contracts/realtime.ts';
import { isWork, myWork, type Offer, type Unread, type Work } from './work.ts';

export type WorkEvent =
  | {
      type: 'snapshot';
      interactions: readonly InteractionView[];
      presence: PresenceView | null;
      moreWaiting?: boolean;
    }
  /** One more page of who waits. */
  | { type: 'waiting'; interactions: readonly InteractionView[]; more: boolean }
  | { type: 'offer'; interaction: InteractionView; deadline: string; context: CustomerContext; now: number }
  | { type: 'offerGone'; interactionId: string }
  /** `watched`: the contact that somebody looks at now; what comes there is read. */
  | { type: 'interaction'; interaction: InteractionView; now: number; watched?: string | null }
  | {
      type: 'message';
      interactionId: string;
      message: MessageView;
      now: number;
      watched?: string | null;
    }
  | { type: 'seen'; id: string }
  /** The own queues as they are now. */
  | { type: 'me'; queues: readonly string[] }
  | { type: 'context'; interactionId: string; context: CustomerContext }
  | { type: 'presence'; presence: PresenceView }
  | {
      type: 'detail';
      interaction: InteractionView;
      timeline: readonly TimelineEntry[];
      context: CustomerContext | null;
    }
  /** It is not ours to see any more. */
  | { type: 'gone'; id: string }
  | { type: 'select'; id: string | null };

export function reduceWork(work: Work, event: WorkEvent): Work {
  switch (event.type) {
    case 'snapshot':
      return onSnapshot(work, event);
    case 'waiting':
      return {
        ...work,
        // What is known already is newer than a list that was on its way.
        interactions: {
          ...Object.fromEntries(event.interactions.map((one) => [one.id, one])),
          ...work.interactions,
        },
        moreWaiting: event.more,
      };
    case 'offer':
      return onOffer(work, event);
    case 'offerGone':
      return { ...work, offers: withoutOffer(work.offers, event.interactionId) };
    case 'interaction':
      return onInteraction(work, event);
    case 'message':
      return onMessage(noteFailed(noteUnread(work, event), event), event.interactionId, event.message);
    case 'seen':
      return read(work, event.id);
    case 'me':
      return { ...work, me: { ...work.me, queues: event.queues } };
    case 'context':
      return { ...work, contexts: { ...work.contexts, [event.interactionId]: event.context } };
    case 'presence':
      return onPresence(work, event.presence);
    case 'detail':
      return onDetail(work, event);
    case 'gone':
      return onGone(work, event.id);
    case 'select':
      return event.id === null
        ? { ...work, selected: null }
        : read({ ...work, selected: event.id }, event.id);
  }
}

const onPresence = (work: Work, presence: PresenceView): Work =>
  presence.agentId === work.me.id ? { ...work, presence } : work;

function onSnapshot(work: Work, event: Extract<WorkEvent, { type: 'snapshot' }>): Work {
  const interactions = Object.fromEntries(event.interactions.map((one) => [one.id, one]));
  const offers = event.interactions
    .filter((one) => one.state === 'offered' && one.agent?.id === work.me.id && one.deadline !== undefined)
    .map((one): Offer => {
      const known = work.offers.find((offer) => offer.interaction.id === one.id);
      const since = known?.since ?? Date.parse(one.timestamps.offeredAt ?? one.deadline ?? '');
      return { interaction: one, deadline: one.deadline ?? '', since };
    });
  const next = {
    ...work,
    loaded: true,
    interactions,
    offers,
    presence: event.presence ?? work.presence,
    moreWaiting: event.moreWaiting === true,
  };
  // After F5 the contact that was open opens again, if there is such a contact.
  const isOpen = next.selected !== null && (work.loaded || next.selected in interactions);
  if (!isOpen) return { ...next, selected: myWork(next)[0]?.id ?? null };
  // Work that was open may have ended while we were away: the next work is shown.
  return moveOn(work, next, next.selected ?? '');
}

function onGone(work: Work, id: string): Work {
  // What rings is taken away by its own event.
  if (work.offers.some((one) => one.interaction.id === id)) return work;
  const { [id]: _gone, ...interactions } = work.interactions;
  const next = dropUnread({ ...work, interactions });
  return moveOn(work, next, id);
}

/** Closed is closed: when the open contact was ours and is not any more, the next work is shown. */
function moveOn(before: Work, now: Work, id: string): Work {
  const was = before.interactions[id];
  const is = now.interactions[id];
  if (now.selected !== id || was === undefined || !isWork(before, was)) return now;
  if (is !== undefined && isWork(now, is)) return now;
  return { ...now, selected: myWork(now)[0]?.id ?? null };
}

const read = (work: Work, id: string): Work => {
  if (work.unread[id] === undefined) return work;
  const { [id]: _read, ...unread } = work.unread;
  return { ...work, unread };
};

const WORDS = 90;

/** Only the contact's own event told of it so far. */
const isWordless = ({ count, words, failed }: Unread): boolean =>
  count > 0 && words === '' && failed !== true;

/** A customer's message in a contact in hand that nobody looks at. */
function noteUnread(work: Work, event: Extract<WorkEvent, { type: 'message' }>): Work {
  const { interactionId: id, message, now, watched } = event;
  const one = work.interactions[id];
  if (message.direction !== 'inbound' || id === watched || one === undefined || !isWork(work, one))
    return work;
  if (work.timelines[id]?.some((entry) => entry.message?.id === message.id) === true) return work;
  const words = message.text.replace(/\s+/g, ' ').trim().slice(0, WORDS);
  const before: Unread = work.unread[id] ?? { count: 0, words: '', since: now };
  if (before.ids?.includes(message.id) === true) return work;
  // The contact's own event may have come first, without the words.
  const isKnown = isWordless(before);
  const next: Unread = {
    ...before,
    count: before.count + (isKnown ? 0 : 1),
    words: before.words === '' ? words : before.words,
    ids: [...(before.ids ?? []), message.id],
  };
  return { ...work, unread: { ...work.unread, [id]: next } };
}

/** A reply that was refused for good while nobody looks: it calls for somebody as a customer's word does. */
function noteFailed(work: Work, event: Extract<WorkEvent, { type: 'message' }>): Work {
  const { interactionId: id, message, now, watched } = event;
  const one = work.interactions[id];
  if (message.status !== 'failed' || message.author.kind !== 'agent') return work;
  if (id === watched || one === undefined || !isWork(work, one)) return work;
  const before: Unread = work.unread[id] ?? { count: 0, words: '', since: now };
  if (before.ids?.includes(message.id) === true) return work;
  const ids = [...(before.ids ?? []), message.id];
  return {
    ...work,
    unread: { ...work.unread, [id]: { ...before, count: before.count + 1, ids, failed: true } },
  };
}

/** The turn came back to us although no message was heard: it was written while the line was away. */
function noteTurn(
  before: InteractionView | undefined,
  work: Work,
  now: number,
  watched?: string | null,
): Work {
  const one = before === undefined ? undefined : work.interactions[before.id];
  if (before === undefined || one === undefined || one.id === watched || work.unread[one.id]) return work;
  if (!isWork(work, one) || before.waitingForCustomer !== true || one.waitingForCustomer === true)
    return work;
  return { ...work, unread: { ...work.unread, [one.id]: { count: 1, words: '', since: now } } };
}

/** Who is no longer in hand has nothing unread here. */
function dropUnread(work: Work): Work {
  const kept = Object.entries(work.unread).filter(([id]) => {
    const one = work.interactions[id];
    return one !== undefined && isWork(work, one);
  });
  return kept.length === Object.keys(work.unread).length
    ? work
    : { ...work, unread: Object.fromEntries(kept) };
}

/** Answers and events travel on different ways: what was asked before an event may arrive after it. */
export const isOlder = (work: Work, one: InteractionView): boolean =>
  (work.interactions[one.id]?.version ?? 0) > one.version;

function onOffer(work: Work, event: Extract<WorkEvent, { type: 'offer' }>): Work {
  const { interaction, deadline, context, now } = event;
  if (isOlder(work, interaction)) return work;
  const offers = [...withoutOffer(work.offers, interaction.id), { interaction, deadline, since: now }];
  return {
    ...work,
    offers,
    interactions: { ...work.interactions, [interaction.id]: interaction },
    contexts: { ...work.contexts, [interaction.id]: context },
  };
}

function onInteraction(work: Work, event: Extract<WorkEvent, { type: 'interaction' }>): Work {
  const { interaction, now, watched } = event;
  if (isOlder(work, interaction)) return work;
  const before = work.interactions[interaction.id];
  const interactions = { ...work.interactions, [interaction.id]: interaction };
  const mine = interaction.agent?.id === work.me.id;
  let offers = work.offers;
  if (interaction.state !== 'offered' || !mine) offers = withoutOffer(offers, interaction.id);
  else if (interaction.deadline !== undefined && !offers.some((one) => one.interaction.id === interaction.id))
    offers = [...offers, { interaction, deadline: interaction.deadline, since: now }];
  const next = dropUnread(noteTurn(before, { ...work, interactions, offers }, now, watched));
  // Just become ours: it is what the operator accepted a moment ago, so it opens.
  const becameOurs = isWork(next, interaction) && (before === undefined || !isWork(work, before));
  return becameOurs
    ? read({ ...next, selected: interaction.id }, interaction.id)
    : moveOn(work, next, interaction.id);
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
  const next = {
    ...work,
    interactions: isOlder(work, interaction)
      ? work.interactions
      : { ...work.interactions, [id]: interaction },
    timelines: { ...work.timelines, [id]: sortTimeline(timeline) },
    contexts: context ? { ...work.contexts, [id]: newerFile(work.contexts[id], context) } : work.contexts,
  };
  return moveOn(work, dropUnread(next), id);
}

/** A section that has been told already is not on its way again because an older answer says so. */
function newerFile(known: CustomerContext | undefined, answer: CustomerContext): CustomerContext {
  if (known === undefined || known.customerId !== answer.customerId) return answer;
  const sections = { ...answer.sections };
  for (const name of Object.keys(sections) as SectionName[])
    if (sections[name].state === 'loading') Object.assign(sections, { [name]: known.sections[name] });
  return { ...answer, sections };
}

/** Oldest first; entries of the same instant keep the order of the journal. */
export function sortTimeline(entries: readonly TimelineEntry[]): readonly TimelineEntry[] {
  return [...entries].sort((a, b) => Date.parse(a.at) - Date.parse(b.at));
}

const withoutOffer = (offers: readonly Offer[], id: string): readonly Offer[] =>
  offers.some((offer) => offer.interaction.id === id)
    ? offers.filter((offer) => offer.interaction.id !== id)
    : offers;
