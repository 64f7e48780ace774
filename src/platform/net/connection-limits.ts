import type { Clock, Timer } from '../../shared/clock.ts';
import { networkOf } from './network.ts';

/** Why a stranger had to leave: for others, for its silence, or because its whole time was over. */
export type Leaving = 'room' | 'late' | 'old';

/** A connection that somebody opened to us. */
export interface Connection {
  /** The client's, not the proxy's. */
  readonly address: string;
  close(why: Leaving): void;
}

export interface ConnectionLimitOptions<C extends Connection> {
  readonly clock: Clock;
  /** Whether the other side has proved who it is (registered, logged in, carries a call). Asked again and again. */
  readonly isProven: (connection: C) => boolean;
  /** Strangers' connections of one address. */
  readonly perAddress?: number;
  /** Strangers' connections of all addresses together. */
  readonly total?: number;
  /** Time to prove oneself, or to say something that makes sense, ms. */
  readonly proveMs?: number;
  /** How long one that spoke may last without any proof, from its opening, ms. Default: proveMs. */
  readonly lifeMs?: number;
}

/** Counts and times the connections of strangers. Proven ones count for nothing and live as long as they like. */
export interface ConnectionLimits<C extends Connection> {
  add(connection: C): void;
  /** It said something that makes sense: when room is needed, the silent ones go first. */
  spoke(connection: C): void;
  /** What it wanted is done: it counts as silent again, and has the time to prove itself once more. */
  finished(connection: C): void;
  remove(connection: C): void;
  readonly strangers: number;
  stop(): void;
}

export const STRANGERS_PER_ADDRESS = 100;
export const STRANGERS_IN_ALL = 500;
export const PROVE_MS = 10_000;

interface Entry {
  timer: Timer;
  /** By the steady clock. */
  readonly endsMs: number;
  proven: boolean;
  spoke: boolean;
}

/**
 * A newcomer is never refused for want of room: the oldest stranger leaves instead, of its own address first. So whoever
 * opens connections in bulk drives out its own, and a telephone behind the same NAT, which proves itself within a round trip
 * or two, gets in (ADR 0016).
 */
export function createConnectionLimits<C extends Connection>(
  options: ConnectionLimitOptions<C>,
): ConnectionLimits<C> {
  const { clock, isProven } = options;
  const { perAddress = STRANGERS_PER_ADDRESS, total = STRANGERS_IN_ALL, proveMs = PROVE_MS } = options;
  const { lifeMs = proveMs } = options;
  const entries = new Map<C, Entry>();
  const strangers = createCrowd<C>();

  function drop(connection: C, why: Leaving): void {
    remove(connection);
    connection.close(why);
  }

  /** A silent one, else one that spoke. Those that have proved themselves meanwhile are no strangers any more. */
  function makeRoom(among: Iterable<C>): void {
    const silent: C[] = [];
    const spoke: C[] = [];
    for (const connection of [...among]) {
      if (isProven(connection)) settle(connection);
      else (entries.get(connection)?.spoke === true ? spoke : silent).push(connection);
    }
    const leaves = oldestOfMost(silent) ?? oldestOfMost(spoke);
    if (leaves !== undefined) drop(leaves, 'room');
  }

  function settle(connection: C): void {
    const entry = entries.get(connection);
    if (entry !== undefined) entry.proven = true;
    strangers.delete(connection);
  }

  function becomeStranger(connection: C): void {
    const neighbours = strangers.neighbours(connection);
    if (neighbours.size >= perAddress) makeRoom(neighbours);
    if (strangers.all.size >= total) makeRoom(strangers.all);
    strangers.add(connection);
  }

  function watch(connection: C, afterMs: number): Timer {
    return clock.after(afterMs, () => {
      const entry = entries.get(connection);
      if (entry === undefined) return;
      const proven = isProven(connection);
      if (!proven && !entry.proven) {
        expire(connection, entry);
        return;
      }
      // A proof that ended (a logout) gives the same time once more.
      if (proven) settle(connection);
      else becomeStranger(connection);
      entry.proven = proven;
      entry.timer = watch(connection, proveMs);
    });
  }

  function expire(connection: C, entry: Entry): void {
    const leftMs = entry.endsMs - clock.steady();
    if (leftMs <= 0) drop(connection, lifeMs > proveMs ? 'old' : 'late');
    else if (entry.spoke) entry.timer = watch(connection, leftMs);
    else drop(connection, 'late');
  }

  function remove(connection: C): void {
    entries.get(connection)?.timer.cancel();
    entries.delete(connection);
    strangers.delete(connection);
  }

  return {
    add(connection) {
      const endsMs = clock.steady() + lifeMs;
      entries.set(connection, { timer: watch(connection, proveMs), endsMs, proven: false, spoke: false });
      becomeStranger(connection);
    },
    spoke(connection) {
      const entry = entries.get(connection);
      if (entry !== undefined) entry.spoke = true;
    },
    finished(connection) {
      const entry = entries.get(connection);
      if (entry === undefined || !entry.spoke) return;
      entry.spoke = false;
      entry.timer.cancel();
      entry.timer = watch(connection, Math.min(proveMs, Math.max(0, entry.endsMs - clock.steady())));
    },
    remove,
    get strangers() {
      return strangers.all.size;
    },
    stop() {
      for (const { timer } of entries.values()) timer.cancel();
      entries.clear();
      strangers.clear();
    },
  };
}

interface Crowd<C> {
  /** Oldest first. */
  readonly all: ReadonlySet<C>;
  /** Those of the same network. */
  neighbours(connection: C): ReadonlySet<C>;
  add(connection: C): void;
  delete(connection: C): void;
  clear(): void;
}

function createCrowd<C extends Connection>(): Crowd<C> {
  const all = new Set<C>();
  const byNetwork = new Map<string, Set<C>>();
  return {
    all,
    neighbours: ({ address }) => byNetwork.get(networkOf(address)) ?? new Set(),
    add(connection) {
      const network = networkOf(connection.address);
      const there = byNetwork.get(network) ?? new Set<C>();
      byNetwork.set(network, there.add(connection));
      all.add(connection);
    },
    delete(connection) {
      if (!all.delete(connection)) return;
      const network = networkOf(connection.address);
      const there = byNetwork.get(network);
      there?.delete(connection);
      if (there?.size === 0) byNetwork.delete(network);
    },
    clear() {
      all.clear();
      byNetwork.clear();
    },
  };
}

/** Of the network that has the most of these, so that nobody drives others out; among equals the oldest. */
function oldestOfMost<C extends Connection>(oldestFirst: readonly C[]): C | undefined {
  const counts = new Map<string, { readonly oldest: C; count: number }>();
  for (const connection of oldestFirst) {
    const network = networkOf(connection.address);
    const counted = counts.get(network);
    if (counted === undefined) counts.set(network, { oldest: connection, count: 1 });
    else counted.count += 1;
  }
  let most: { readonly oldest: C; readonly count: number } | undefined;
  for (const counted of counts.values()) if (most === undefined || counted.count > most.count) most = counted;
  return most?.oldest;
}
