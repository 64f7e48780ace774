import type { Clock } from '../../shared/clock.ts';
import type { Principal } from '../http/index.ts';
import type { Audience } from './publisher.ts';

/** What of a connection the hub needs: text frames of one client, in order; lost ones are replayed. */
export interface Wire {
  send(text: string): void;
}

interface Kept {
  readonly seq: number;
  readonly event: string;
  /** The payload as JSON without its closing brace; shared by all recipients of one publication. */
  readonly head: string;
}

interface Person {
  principal: Principal;
  readonly wires: Set<Wire>;
  seq: number;
  readonly history: Kept[];
  historyChars: number;
  /** When the last connection went; undefined while one lives. */
  goneAt: number | undefined;
}

export interface HubLimits {
  /** Events kept for a reconnect, per user. */
  readonly events: number;
  /** And their size in UTF-16 units. */
  readonly chars: number;
  /** How long the history of an absent user is kept. */
  readonly absentMs: number;
}

export const HUB_LIMITS: HubLimits = { events: 500, chars: 2_000_000, absentMs: 10 * 60_000 };

/**
 * Numbers what each user is told and keeps the tail of it. A payload is serialised once however many read it; the
 * number is spliced in per recipient, so that 500 boards cost 500 short string joins (ADR 0008).
 *
 * A user's first number comes from the clock (ms × 1024): a `lastSeq` of an earlier run or of another copy of
 * the server can never be taken for one of ours, it leads to `resync`.
 */
export interface Hub {
  /** Adds a connection; with `lastSeq` sends what was missed, or `resync`. True when it is the user's first. */
  join(principal: Principal, wire: Wire, lastSeq: number | undefined): boolean;
  /** True when it was the user's last. */
  leave(principal: Principal, wire: Wire): boolean;
  /** New role or queues of a user who is here; their screens are told to load anew. */
  refresh(principal: Principal): void;
  /** `json` is an object, serialised once by whoever publishes (perhaps another copy of the server). */
  deliverText(audience: Audience, event: string, json: string): void;
  connected(): number;
  /** Forgets users who have been away too long. */
  sweep(): void;
}

export function createHub(clock: Clock, limits: HubLimits = HUB_LIMITS): Hub {
  const people = new Map<string, Person>();
  const keyOf = (companyId: string, userId: string): string => `${companyId} ${userId}`;

  const recipients = (audience: Audience): Iterable<Person> => {
    if (audience.kind === 'user') {
      const one = people.get(keyOf(audience.companyId, audience.userId));
      return one === undefined ? [] : [one];
    }
    return filtered(people.values(), audience);
  };

  const deliverText = (audience: Audience, event: string, json: string): void => {
    const head = json.slice(0, -1);
    for (const person of recipients(audience)) tell(person, event, head, limits);
  };

  return {
    join: (principal, wire, lastSeq) => {
      const key = keyOf(principal.companyId, principal.userId);
      const person = people.get(key) ?? newcomer(principal, clock.now());
      people.set(key, person);
      follow(person, principal, limits);
      person.goneAt = undefined;
      const first = person.wires.size === 0;
      if (lastSeq !== undefined) catchUp(person, wire, lastSeq);
      person.wires.add(wire);
      return first;
    },
    leave: (principal, wire) => {
      const person = people.get(keyOf(principal.companyId, principal.userId));
      if (person?.wires.delete(wire) !== true || person.wires.size > 0) return false;
      person.goneAt = clock.steady();
      return true;
    },
    refresh: (principal) => {
      const person = people.get(keyOf(principal.companyId, principal.userId));
      if (person !== undefined) follow(person, principal, limits);
    },
    deliverText,
    connected: () => [...people.values()].reduce((sum, person) => sum + person.wires.size, 0),
    sweep: () => {
      const limit = clock.steady() - limits.absentMs;
      for (const [key, person] of people)
        if (person.goneAt !== undefined && person.goneAt < limit) people.delete(key);
    },
  };
}

/**
 * Another role or other queues let the person hear other things from now on. What they hold was read by the old ones,
 * and so was the tail that is kept: screens that are here load anew, whoever comes back does too.
 */
function follow(person: Person, principal: Principal, limits: HubLimits): void {
  const alike = reachesAlike(person.principal, principal);
  person.principal = principal;
  if (alike) return;
  person.history.length = 0;
  person.historyChars = 0;
  tell(person, 'resync', '{"reason":"reach"', limits);
}

function reachesAlike(before: Principal, now: Principal): boolean {
  const keys = ({ queues }: Principal): string => [...queues].sort().join(' ');
  return before.role === now.role && keys(before) === keys(now);
}

function newcomer(principal: Principal, now: number): Person {
  return { principal, wires: new Set(), seq: now * 1024, history: [], historyChars: 0, goneAt: undefined };
}

function* filtered(all: Iterable<Person>, audience: Exclude<Audience, { kind: 'user' }>): Iterable<Person> {
  for (const person of all) if (hears(person.principal, audience)) yield person;
}

function hears(principal: Principal, audience: Exclude<Audience, { kind: 'user' }>): boolean {
  if (principal.companyId !== audience.companyId) return false;
  if (audience.kind === 'company' || principal.role !== 'operator') return true;
  return audience.kind === 'queue' && principal.queues.includes(audience.queueKey);
}

function tell(person: Person, event: string, head: string, limits: HubLimits): void {
  person.seq += 1;
  const kept = { seq: person.seq, event, head };
  person.history.push(kept);
  person.historyChars += head.length;
  while (person.history.length > limits.events || person.historyChars > limits.chars) {
    const dropped = person.history.shift();
    if (dropped === undefined) break;
    person.historyChars -= dropped.head.length;
  }
  if (person.wires.size === 0) return;
  const text = frame(kept);
  for (const wire of person.wires) wire.send(text);
}

/** A Socket.IO EVENT packet of the root namespace (protocol 5): type 2 and a JSON array. */
function frame(kept: Kept): string {
  const comma = kept.head.length > 1 ? ',' : '';
  return `2["${kept.event}",${kept.head}${comma}"seq":${kept.seq}}]`;
}

function catchUp(person: Person, wire: Wire, lastSeq: number): void {
  const oldest = person.history[0]?.seq ?? person.seq + 1;
  if (lastSeq > person.seq || lastSeq < oldest - 1) {
    wire.send(frame({ seq: person.seq, event: 'resync', head: '{"reason":"history"' }));
    return;
  }
  for (const kept of person.history) if (kept.seq > lastSeq) wire.send(frame(kept));
}
