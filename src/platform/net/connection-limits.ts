import type { Clock, Timer } from '../../shared/clock.ts';

/** A connection that somebody opened to us. */
export interface Connection {
  /** The client's, not the proxy's. */
  readonly address: string;
  close(): void;
}

export interface ConnectionLimitOptions<C extends Connection> {
  readonly clock: Clock;
  /** Whether the other side has proved who it is (registered, logged in, carries a call). Asked again and again. */
  readonly isProven: (connection: C) => boolean;
  /** Strangers' connections of one address. */
  readonly perAddress?: number;
  /** Strangers' connections of all addresses together. */
  readonly total?: number;
  /** Time to prove oneself, ms. */
  readonly proveMs?: number;
}

/** Counts and times the connections of strangers. Proven ones count for nothing and live as long as they like. */
export interface ConnectionLimits<C extends Connection> {
  add(connection: C): void;
  /** It said something that makes sense: when room is needed, the silent ones go first. */
  spoke(connection: C): void;
  remove(connection: C): void;
  readonly strangers: number;
  stop(): void;
}

export const STRANGERS_PER_ADDRESS = 100;
export const STRANGERS_IN_ALL = 500;
export const PROVE_MS = 10_000;

interface Entry {
  timer: Timer;
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
  const entries = new Map<C, Entry>();
  /** Oldest first. */
  const strangers = new Set<C>();
  const byAddress = new Map<string, Set<C>>();

  function leaveStrangers(connection: C): void {
    if (!strangers.delete(connection)) return;
    const neighbours = byAddress.get(connection.address);
    neighbours?.delete(connection);
    if (neighbours?.size === 0) byAddress.delete(connection.address);
  }

  function drop(connection: C): void {
    remove(connection);
    connection.close();
  }

  /** The oldest silent one, else the oldest. Those that have proved themselves meanwhile are no strangers any more. */
  function makeRoom(among: ReadonlySet<C>): void {
    let oldest: C | undefined;
    for (const connection of [...among]) {
      if (isProven(connection)) {
        settle(connection);
        continue;
      }
      if (entries.get(connection)?.spoke === false) {
        drop(connection);
        return;
      }
      oldest ??= connection;
    }
    if (oldest !== undefined) drop(oldest);
  }

  function settle(connection: C): void {
    const entry = entries.get(connection);
    if (entry !== undefined) entry.proven = true;
    leaveStrangers(connection);
  }

  function becomeStranger(connection: C): void {
    const neighbours = byAddress.get(connection.address) ?? new Set<C>();
    if (neighbours.size >= perAddress) makeRoom(neighbours);
    if (strangers.size >= total) makeRoom(strangers);
    neighbours.add(connection);
    byAddress.set(connection.address, neighbours);
    strangers.add(connection);
  }

  function watch(connection: C): Timer {
    return clock.after(proveMs, () => {
      const entry = entries.get(connection);
      if (entry === undefined) return;
      const proven = isProven(connection);
      if (!proven && !entry.proven) {
        drop(connection);
        return;
      }
      // A proof that ended (a logout) gives the same time once more.
      if (proven) settle(connection);
      else becomeStranger(connection);
      entry.proven = proven;
      entry.timer = watch(connection);
    });
  }

  function remove(connection: C): void {
    entries.get(connection)?.timer.cancel();
    entries.delete(connection);
    leaveStrangers(connection);
  }

  return {
    add(connection) {
      entries.set(connection, { timer: watch(connection), proven: false, spoke: false });
      becomeStranger(connection);
    },
    spoke(connection) {
      const entry = entries.get(connection);
      if (entry !== undefined) entry.spoke = true;
    },
    remove,
    get strangers() {
      return strangers.size;
    },
    stop() {
      for (const { timer } of entries.values()) timer.cancel();
      entries.clear();
      strangers.clear();
      byAddress.clear();
    },
  };
}
