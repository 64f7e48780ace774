import { isIPv6 } from 'node:net';
import type { Clock } from '../shared/clock.ts';
import { AppError } from '../shared/errors.ts';
import { judgeAttempt, LOCK, locksNow, type LockState, slowMs } from './domain/lockout.ts';
import type { Secrets } from './secrets.ts';
import type { AccessStore } from './store.ts';
import type { LockRecord } from './types.ts';

/** An attempt that may be checked now; say how it ended. */
export interface Attempt {
  /** True when this failure closed the name at this address. */
  failed(): Promise<boolean>;
  succeeded(): Promise<void>;
}

/**
 * Limits guessing by name and address together: whoever guesses is locked out where they are, and the owner of the name is
 * not (ADR 0008). A name that is guessed from many addresses slows down for addresses that it never came in from.
 */
export interface Guard {
  /** Counts the attempt before it is judged. Errors: auth.locked, auth.slow 429 (with retryAfterMs). */
  admit(name: string, address: string): Promise<Attempt>;
  /** Those of the names that are locked somewhere, or slowed down everywhere, now. */
  closed(names: readonly string[]): Promise<ReadonlySet<string>>;
  /** An administrator opens the name everywhere. */
  unlock(name: string): Promise<void>;
  sweep(): Promise<void>;
}

/** An address that a name came in from is known for this long after the last time. */
const KNOWN_MS = 90 * 24 * 3_600_000;
/** And written again this often. */
const KNOWN_AGAIN_MS = 24 * 3_600_000;

const LOCKED = (retryAfterMs: number): AppError =>
  new AppError('auth.locked', 429, 'Too many failures: this name is locked here for some minutes.', {
    retryAfterMs,
  });
const SLOWED = (retryAfterMs: number): AppError =>
  new AppError('auth.slow', 429, 'This name was tried very often: wait a little before the next attempt.', {
    retryAfterMs,
  });

interface Deps {
  readonly store: Pick<AccessStore, 'locks' | 'known'>;
  readonly clock: Clock;
  readonly secrets: Secrets;
}

export function createGuard(deps: Deps): Guard {
  const { store, clock, secrets } = deps;
  const nameId = (name: string): string => secrets.fingerprint(`login:${name}`);
  return {
    async admit(name, address) {
      const now = clock.now();
      const all = nameId(name);
      const here = secrets.fingerprint(`login:${name} from ${networkOf(address)}`);
      const known = await store.known.get(here);
      const mayWait = known === null || known.at.getTime() < now - KNOWN_MS;
      const attemptsInWindow = await countHere(deps, here, all, now);
      if (mayWait) await countEverywhere(deps, all, now);
      return {
        async failed() {
          const locks = locksNow(attemptsInWindow);
          if (locks) await store.locks.lock(here, new Date(now + LOCK.lockMs));
          return locks;
        },
        async succeeded() {
          await store.locks.clear(here);
          if (mayWait) await store.locks.forget(all, new Date(now));
          if (known === null || known.at.getTime() < now - KNOWN_AGAIN_MS)
            await store.known.put(here, new Date(now));
        },
      };
    },
    closed: async (names) => {
      const now = clock.now();
      const byId = new Map(names.map((name) => [nameId(name), name]));
      const closed = new Set<string>();
      for (const record of await store.locks.standing([...byId.keys()], new Date(now))) {
        const { attempts, lockedUntil } = lockState(record);
        const name = byId.get(record.name ?? record._id);
        if (name !== undefined && (lockedUntil > now || slowMs(attempts, now) > 0)) closed.add(name);
      }
      return closed;
    },
    unlock: async (name) => {
      await store.locks.clearName(nameId(name));
    },
    sweep: async () => {
      const now = clock.now();
      await store.locks.removeBefore(new Date(now - LOCK.windowMs));
      await store.known.removeBefore(new Date(now - KNOWN_MS));
    },
  };
}

/** Counts before it judges, so that parallel guesses see each other. */
async function countHere({ store }: Deps, here: string, all: string, now: number): Promise<number> {
  const before = lockState(await store.locks.get(here));
  if (before.lockedUntil > now) throw LOCKED(before.lockedUntil - now);
  const verdict = judgeAttempt(lockState(await store.locks.count(here, all, new Date(now))), now);
  if (verdict.kind === 'locked') throw LOCKED(verdict.remainingMs);
  return verdict.attemptsInWindow;
}

async function countEverywhere({ store }: Deps, all: string, now: number): Promise<void> {
  // Whoever has to wait is not counted: a guesser must not keep the owner waiting by asking on.
  const waitMs = slowMs(lockState(await store.locks.get(all)).attempts, now);
  if (waitMs > 0) throw SLOWED(waitMs);
  const counted = lockState(await store.locks.count(all, all, new Date(now)));
  const raced = slowMs(counted.attempts.slice(0, -1), now);
  if (raced > 0) throw SLOWED(raced);
}

function lockState(record: LockRecord | null): LockState {
  return {
    attempts: (record?.attempts ?? []).map((at) => at.getTime()),
    lockedUntil: record?.lockedUntil?.getTime() ?? 0,
  };
}

/** One home or office: an IPv4 address, or the /64 that one IPv6 customer has (RFC 6177). */
export function networkOf(address: string): string {
  const [zoneless = ''] = address.split('%', 1);
  const plain = zoneless.replace(/^::ffff:(?=\d+\.)/i, '');
  if (!isIPv6(plain)) return plain;
  const [head = '', tail] = plain.split('::');
  const left = head === '' ? [] : head.split(':');
  const right = tail === undefined || tail === '' ? [] : tail.split(':');
  const zeros =
    tail === undefined ? [] : Array<string>(Math.max(0, 8 - left.length - right.length)).fill('0');
  const groups = [...left, ...zeros, ...right]
    .slice(0, 4)
    .map((group) => Number.parseInt(group, 16).toString(16));
  return `${groups.join(':')}::/64`;
}
