import { hostname } from 'node:os';
import type { Connection } from 'mongoose';
import type { Clock, Timer } from '../../shared/clock.ts';
import { AppError } from '../../shared/errors.ts';
import type { Random } from '../../shared/random.ts';

/** A holder writes so often, ms. */
const BEAT_MS = 2_000;
/** Whoever wrote nothing for so long is gone, ms: five beats, and more than a change of MongoDB's primary takes. */
export const HOLD_EXPIRES_MS = 20_000;
/** Whoever wants the store looks so often, ms. */
const LOOK_MS = 500;

interface Record_ {
  readonly _id: string;
  /** One process's own word; nobody else ever has it. */
  readonly holder: string;
  /** Of this holder's writes; that it changes is the sign of life. No clock is compared with another one. */
  readonly beat: number;
  readonly host: string;
  readonly pid: number;
  readonly since: Date;
}

export interface HoldOptions {
  readonly clock: Clock;
  readonly random: Random;
  /** Another process took the store, because this one was not heard of for too long. Told once; nothing may be written any more. */
  readonly onLost: (error: AppError) => void;
}

export interface StoreHold {
  /** The next process need not wait. Idempotent. */
  release(): Promise<void>;
}

const ID = 'server';

type Holds = ReturnType<typeof collectionOf>;
const collectionOf = (connection: Connection) => connection.collection<Record_>('holds');

const heldBy = ({ host, pid, since }: Record_): AppError =>
  new AppError(
    'store.held',
    500,
    `The process ${pid} on ${host} has worked with these documents since ${since.toISOString()}. Stop it first.`,
  );

const lost = (): AppError =>
  new AppError(
    'store.holdLost',
    500,
    'Another process took over these documents, because this one was not heard of for too long.',
  );

/**
 * One server works with a store at a time: what it knows of calls and people is in its memory (ADR 0024). Waits out a
 * holder that died. Errors: `store.held` while another one lives.
 */
export async function holdStore(connection: Connection, options: HoldOptions): Promise<StoreHold> {
  const { clock, random } = options;
  const holds = collectionOf(connection);
  const mine = {
    holder: Buffer.from(random.bytes(16)).toString('hex'),
    ...{ beat: 0, host: hostname(), pid: process.pid, since: new Date(clock.now()) },
  };

  const insert = async (): Promise<boolean> => {
    try {
      await holds.insertOne({ _id: ID, ...mine });
      return true;
    } catch (error) {
      if ((error as { code?: unknown }).code === 11_000) return false;
      throw error;
    }
  };
  /** A plain update by the record as it was seen: of several that want it one gets it, on every engine. */
  const replace = async ({ holder, beat }: Record_): Promise<boolean> => {
    const { matchedCount } = await holds.updateOne({ _id: ID, holder, beat }, { $set: mine });
    return matchedCount === 1;
  };

  let seen: { readonly record: Record_; readonly atMs: number } | undefined;
  while (!(await insert())) {
    const record = await holds.findOne({ _id: ID });
    if (record === null) continue;
    if (seen !== undefined && (record.holder !== seen.record.holder || record.beat !== seen.record.beat))
      throw heldBy(record);
    seen ??= { record, atMs: clock.steady() };
    if (clock.steady() - seen.atMs >= HOLD_EXPIRES_MS) {
      if (await replace(record)) break;
      continue;
    }
    await new Promise<void>((resolve) => void clock.after(LOOK_MS, resolve));
  }
  return keep(holds, mine.holder, options);
}

/** Writes until it is released or finds itself replaced. A store that does not answer replaces nobody: the beats go on. */
function keep(holds: Holds, holder: string, { clock, onLost }: HoldOptions): StoreHold {
  let over = false;
  let timer: Timer;
  let writing: Promise<void> = Promise.resolve();
  const beat = async (): Promise<void> => {
    const found = await holds.updateOne({ _id: ID, holder }, { $inc: { beat: 1 } }).catch(() => undefined);
    if (over) return;
    if (found?.matchedCount === 0) {
      over = true;
      onLost(lost());
      return;
    }
    plan();
  };
  const plan = (): void => {
    timer = clock.after(BEAT_MS, () => {
      writing = beat();
    });
  };
  plan();
  let released: Promise<void> | undefined;
  const release = async (): Promise<void> => {
    over = true;
    timer.cancel();
    await writing;
    // A store that is away now frees itself of us in time.
    await holds.deleteOne({ _id: ID, holder }).catch(() => undefined);
  };
  return { release: () => (released ??= release()) };
}
