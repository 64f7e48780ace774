import type { TimelineEntry } from '../../../src/contracts/interaction.ts';
import type { Dictionary } from '../i18n/index.ts';
import { text } from './reading.ts';

type NameOf = (id: string) => string | null;

/** What a sentence may need of its entry. */
interface Facts {
  who: string;
  /** The operator that the entry is about, or an empty text. */
  agent: string;
  /** The first of these members that is told, or an empty text. */
  data: (...names: string[]) => string;
  to: string;
}
type Sentences = Dictionary['timeline']['kinds'];

const sentences: Readonly<Record<string, (say: Sentences, facts: Facts) => string>> = {
  opened: (say, { data }) => say.opened(data('to', 'did')),
  flowStarted: (say, { data }) => say.flowStarted(data('flow')),
  'flow.started': (say, { data }) => say.flowStarted(data('flow')),
  'flow.say': (say, { data }) => say.flowSay(data('node')),
  'flow.queue': (say, { data }) => say.flowQueue(data('queue')),
  'flow.lookup': (say, { data }) => say.flowLookup(data('node')),
  'flow.menu': (say, { data }) => say.menu(data('label', 'digit', 'option', 'key', 'choice')),
  'flow.choice': (say, { data }) => say.menu(data('label', 'digit', 'option', 'key', 'choice')),
  'flow.collected': (say, { data }) => say.collected(data('name', 'kind')),
  queued: (say, { data }) => say.queued(data('queue')),
  enqueued: (say, { data }) => say.queued(data('queue')),
  offered: (say, { agent }) => say.offered(agent),
  offerTimedOut: (say, { agent, who }) => say.offerTimedOut(agent === '' ? who : agent),
  offerRejected: (say, { agent, who }) => say.offerRejected(agent === '' ? who : agent),
  accepted: (say, { agent, who }) => say.accepted(agent === '' ? who : agent),
  transferred: (say, { who, to }) => say.transferred(who, to),
  'customer.chosen': (say, { who, data }) => say.customerChosen(who, data('name')),
  'customer.confirmed': (say, { who, data }) => say.customerConfirmed(who, data('name')),
  'customer.cleared': (say, { who }) => say.customerCleared(who),
  closed: (say, { who, data }) => say.closed(who, data('disposition'), data('note')),
  customerLeft: (say) => say.customerLeft,
  agentEnded: (say, { who }) => say.ended(who),
  ended: (say, { who }) => say.ended(who),
  missed: (say, { data }) => say.missed(data('cause')),
};

/** A journal line in words. A kind that this desk does not know is shown by its name: nothing is hidden. */
export function describeEntry(t: Dictionary, entry: TimelineEntry, nameOf: NameOf): string {
  const facts = factsOf(t, entry, nameOf);
  const sentence = sentences[entry.kind];
  if (sentence) return sentence(t.timeline.kinds, facts);
  return t.timeline.simple[entry.kind] ?? fallback(entry, facts.who);
}

function factsOf(t: Dictionary, entry: TimelineEntry, nameOf: NameOf): Facts {
  const data = (...names: string[]): string =>
    names.map((name) => text(entry.data[name])).find((value) => value !== null) ?? '';
  const actor = entry.actor.name ?? nameOf(entry.actor.id ?? '');
  return {
    who: actor ?? t.timeline.actors[entry.actor.kind],
    agent: data('agentName') === '' ? (nameOf(data('agentId')) ?? '') : data('agentName'),
    data,
    to: targetText(entry.data['to'], nameOf),
  };
}

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
