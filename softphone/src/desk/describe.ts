import type { TimelineEntry } from '../../../src/contracts/interaction.ts';
import type { Dictionary } from '../i18n/index.ts';
import { flowSentences, type Facts, type Sentence } from './describe-flow.ts';
import { isUnseen, text } from './reading.ts';

type NameOf = (id: string) => string | null;

const sentences: Readonly<Record<string, Sentence>> = {
  ...flowSentences,
  opened: ({ timeline: { kinds } }, { data, byCustomer }) =>
    byCustomer ? kinds.opened(data('to', 'did')) : kinds.openedByUs,
  queued: ({ timeline: { kinds } }, { data }) => kinds.queued(data('queue')),
  enqueued: ({ timeline: { kinds } }, { data }) => kinds.queued(data('queue')),
  offered: ({ timeline: { kinds } }, { agent }) => kinds.offered(agent),
  offerTimedOut: ({ timeline: { kinds } }, { agent, who }) => kinds.offerTimedOut(agent === '' ? who : agent),
  offerRevoked: ({ timeline: { kinds, simple } }, { agent, data }) =>
    (isUnseen(data('reason')) ? kinds.offerUnseen(agent) : simple['offerRevoked']) ?? '',
  offerRejected: ({ timeline: { kinds } }, { agent, who }) => kinds.offerRejected(agent === '' ? who : agent),
  accepted: ({ timeline: { kinds } }, { agent, who, isTrue }) =>
    (isTrue('own') ? kinds.called : kinds.accepted)(agent === '' ? who : agent),
  transferred: ({ timeline: { kinds } }, { who, to }) => kinds.transferred(who, to),
  'customer.chosen': ({ timeline: { kinds } }, { who, data }) => kinds.customerChosen(who, data('name')),
  'customer.confirmed': ({ timeline: { kinds } }, { who, data }) =>
    kinds.customerConfirmed(who, data('name')),
  'customer.cleared': ({ timeline: { kinds } }, { who }) => kinds.customerCleared(who),
  closed: ({ timeline: { kinds }, flow }, { who, data }) =>
    data('cause') === 'hungUpInFlow'
      ? flow.hungUp
      : data('cause') === 'endedByOrder' && data('reason') !== ''
        ? kinds.endedByOrder(who, data('reason'))
        : kinds.closed(who, data('disposition'), data('note')),
  agentLost: ({ timeline: { kinds, simple } }, { data }) =>
    (data('reason') === 'offline' ? kinds.agentWentOffline : simple['agentLost']) ?? '',
  assigned: ({ timeline: { kinds } }, { who, agent }) => kinds.assigned(who, agent),
  customerLeft: ({ timeline: { kinds } }) => kinds.customerLeft,
  agentEnded: ({ timeline: { kinds } }, { who }) => kinds.ended(who),
  ended: ({ timeline: { kinds } }, { who, data }) =>
    data('by') === 'line'
      ? kinds.lineDropped
      : data('cause') === 'endedByOrder'
        ? kinds.endedByOrder(who, data('reason'))
        : kinds.ended(who),
  customerSilent: ({ timeline: { kinds, simple } }, { isTrue }) =>
    (isTrue('oneWay') ? kinds.oneWayCustomer : simple['customerSilent']) ?? '',
  agentSilent: ({ timeline: { kinds, simple } }, { isTrue }) =>
    (isTrue('oneWay') ? kinds.oneWayAgent : simple['agentSilent']) ?? '',
  missed: ({ lost }, { data }) => lost.line(lost.causes[data('cause')] ?? ''),
  'callback.task': ({ lost }) => lost.taskLine,
  'acknowledgement.withheld': ({ timeline: { withheld } }, { data }) =>
    withheld[data('reason')] ?? withheld['rate'] ?? '',
  'mail.bounced': ({ mail }, { data }) => mail.bounced(data('recipient'), data('diagnostic', 'status')),
  'mail.delayed': ({ mail }, { data }) => mail.delayed(data('recipient')),
  'mail.delivered': ({ mail }, { data }) => mail.delivered(data('recipient')),
  'mail.relayed': ({ mail }, { data }) => mail.relayed(data('recipient')),
  'mail.receipt': ({ mail }, { data }) => mail.receipts[data('disposition')] ?? mail.receipts['other'] ?? '',
  'mail.automatic': ({ mail }, { data }) => mail.automatic(data('text')),
  'mail.copyRefused': ({ mail }, { data }) => mail.copyRefused(data('recipient')),
  diverted: ({ lost }, { data }) => lost.diverted(data('by'), lost.diversions[data('reason')] ?? ''),
  dialFailed: ({ lost }, { data }) => lost.dial[data('cause')] ?? lost.dial['other'] ?? '',
};

/** A journal line in words. A kind that this desk does not know is shown by its name: nothing is hidden. */
export function describeEntry(t: Dictionary, entry: TimelineEntry, nameOf: NameOf): string {
  const facts = factsOf(t, entry, nameOf);
  const sentence = sentences[entry.kind];
  if (sentence) return sentence(t, facts);
  if (entry.kind.startsWith('flow.')) return t.flow.other;
  return t.timeline.simple[entry.kind] ?? fallback(entry, facts.who);
}

function factsOf(t: Dictionary, entry: TimelineEntry, nameOf: NameOf): Facts {
  const data = (...names: string[]): string =>
    names.map((name) => named(name, text(entry.data[name]), nameOf)).find((value) => value !== null) ?? '';
  const actor = entry.actor.name ?? nameOf(entry.actor.id ?? '');
  return {
    who: actor ?? t.timeline.actors[entry.actor.kind],
    agent: data('agentName') === '' ? (nameOf(data('agentId')) ?? '') : data('agentName'),
    data,
    isFalse: (name) => entry.data[name] === false,
    isTrue: (name) => entry.data[name] === true,
    byCustomer: entry.actor.kind === 'customer',
    to: targetText(entry.data['to'], nameOf),
  };
}

/** A queue stands in the journal by its key. */
const named = (name: string, value: string | null, nameOf: NameOf): string | null =>
  name === 'queue' && value !== null ? (nameOf(value) ?? value) : value;

function targetText(to: unknown, nameOf: NameOf): string {
  if (typeof to !== 'object' || to === null) return text(to) ?? '';
  const target = to as Record<string, unknown>;
  const id = text(target['id']) ?? text(target['queue']) ?? '';
  return text(target['name']) ?? nameOf(id) ?? id;
}

function fallback(entry: TimelineEntry, who: string): string {
  const facts = Object.entries(entry.data)
    .filter(([name]) => name !== 'interactionId' && name !== 'channel')
    .flatMap(([name, value]) => (text(value) === null ? [] : [`${name}: ${text(value) ?? ''}`]))
    .slice(0, 4)
    .join(' · ');
  return `${entry.kind} · ${who}${facts === '' ? '' : ` · ${facts}`}`;
}
