import type { TimelineEntry } from '../../../src/contracts/interaction.ts';
import type { Dictionary } from '../i18n/index.ts';
import { text } from './reading.ts';

/** A journal line in words. A kind that this desk does not know is shown by its name: nothing is hidden. */
export function describeEntry(
  t: Dictionary,
  entry: TimelineEntry,
  nameOf: (id: string) => string | null,
): string {
  const actor = entry.actor.name ?? (entry.actor.id === undefined ? null : nameOf(entry.actor.id));
  const who = actor ?? t.timeline.actors[entry.actor.kind];
  const data = (name: string): string => text(entry.data[name]) ?? '';
  const agent = data('agentName') || (data('agentId') === '' ? '' : (nameOf(data('agentId')) ?? ''));
  const known = t.timeline.kinds;
  switch (entry.kind) {
    case 'opened':
      return known.opened(data('to') || data('did'));
    case 'flow.started':
    case 'flowStarted':
      return known.flowStarted(data('flow'));
    case 'flow.menu':
    case 'flow.choice':
      return known.menu(data('label') || data('digit') || data('option') || data('key') || data('choice'));
    case 'flow.collected':
      return known.collected(data('name') || data('kind'));
    case 'queued':
    case 'enqueued':
      return known.queued(data('queue'));
    case 'offered':
      return known.offered(agent);
    case 'offerTimedOut':
      return known.offerTimedOut(agent === '' ? who : agent);
    case 'offerRejected':
      return known.offerRejected(agent === '' ? who : agent);
    case 'accepted':
      return known.accepted(agent === '' ? who : agent);
    case 'transferred':
      return known.transferred(who, targetText(entry.data['to'], nameOf));
    case 'closed':
      return known.closed(who, data('disposition'), data('note'));
    case 'customerLeft':
      return known.customerLeft;
    case 'agentEnded':
    case 'ended':
      return known.ended(who);
    case 'missed':
      return known.missed(data('cause'));
    default:
      return t.timeline.simple[entry.kind] ?? fallback(entry, who);
  }
}

function targetText(to: unknown, nameOf: (id: string) => string | null): string {
  if (typeof to !== 'object' || to === null) return text(to) ?? '';
  const target = to as Record<string, unknown>;
  return (
    text(target['name']) ??
    nameOf(text(target['id']) ?? '') ??
    text(target['id']) ??
    text(target['queue']) ??
    ''
  );
}

function fallback(entry: TimelineEntry, who: string): string {
  const facts = Object.entries(entry.data)
    .flatMap(([name, value]) => (text(value) === null ? [] : [`${name}: ${text(value) ?? ''}`]))
    .slice(0, 4)
    .join(' · ');
  return `${entry.kind} · ${who}${facts === '' ? '' : ` · ${facts}`}`;
}
