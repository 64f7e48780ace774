import { stat } from 'node:fs/promises';
import { makeFolder } from '../folder.ts';
import { join } from 'node:path';
import mongoose, { type Connection } from 'mongoose';
import { AppError } from '../../shared/errors.ts';
import { type EngineClient, runCopy, startEngine } from './embedded/client.ts';
import { freeBytesOf, tellRoom } from './embedded/room.ts';
import { type HoldOptions, holdStore, type StoreHold } from './hold.ts';
import { type Migration, migrate, migrations } from './migrations/index.ts';
import { type EmbeddedConnection, embeddedDriver } from './embedded/driver.ts';

export type StoreOptions = {
  /** Tests give their own; the product's otherwise. */
  readonly migrations?: readonly Migration[];
  /** The server's: no other one may work with these documents meanwhile. The embedded store has a lock of its own for it. */
  readonly hold?: HoldOptions;
} & (
  | {
      readonly kind: 'embedded';
      /** Folder of all data; the store keeps to `store` inside it. */
      readonly dataDir: string;
      /** Upper limit of the store's file in pages of 4 KiB (none by default). */
      readonly maxPages?: number;
      /** For tests: an operation that looks at more documents in vain ends with `store.scan`. */
      readonly mostInVain?: number;
    }
  | { readonly kind: 'mongodb'; readonly url: string; readonly dbName?: string }
);

export interface StoreHealth {
  readonly ok: boolean;
  readonly engine: 'embedded' | 'mongodb';
  readonly detail?: string;
}

/** Where documents live. Modules register Mongoose models on `connection` and use nothing else of it. */
export interface Store {
  readonly kind: 'embedded' | 'mongodb';
  /** A connection of a private Mongoose instance: models of two stores never meet. */
  readonly connection: Connection;
  /** Builds the indexes that the registered schemas declare. Call it once after all models are registered. */
  ensureIndexes(): Promise<void>;
  health(): Promise<StoreHealth>;
  /**
   * Writes a consistent copy of the documents to a new file, while the store goes on. Embedded only; on MongoDB use
   * mongodump. Errors: `store.backupUnsupported`, `store.full`, `store.unwritable`.
   */
  backup(file: string): Promise<void>;
  /** Size of the documents' file and its log, bytes; absent on MongoDB. */
  readonly bytes?: () => Promise<number>;
  /** Closes after all that was asked is answered. Idempotent. */
  stop(): Promise<void>;
}

const settings = { strictQuery: true, autoIndex: false, autoCreate: false } as const;

function unwritable(dir: string, error: unknown): AppError {
  const reason = error instanceof Error ? error.message : String(error);
  return new AppError('store.unwritable', 500, `The data directory ${dir} cannot be written: ${reason}`);
}

async function openEmbedded(options: StoreOptions & { kind: 'embedded' }): Promise<Store> {
  const dir = join(options.dataDir, 'store');
  await makeFolder(dir).catch((error: unknown) => {
    throw unwritable(dir, error);
  });
  const file = join(dir, 'store.db');
  const engine = await startEngine({
    file,
    lockFile: join(dir, 'lock.db'),
    checkpointPages: 4000,
    ...(options.maxPages === undefined ? {} : { maxPages: options.maxPages }),
    ...(options.mostInVain === undefined ? {} : { mostInVain: options.mostInVain }),
  });
  const instance = new mongoose.Mongoose({ ...settings });
  instance.setDriver(embeddedDriver);
  const connection = instance.createConnection();
  (connection as unknown as EmbeddedConnection).attach(engine);
  return finish({
    kind: 'embedded',
    connection,
    health: () => embeddedHealth(engine, dir),
    backup: (to) => runCopy({ task: 'copy', file, to }),
    bytes: () => sizeOf([file, `${file}-wal`]),
    migrations: options.migrations,
    hold: options.hold,
  });
}

async function sizeOf(files: readonly string[]): Promise<number> {
  const sizes = await Promise.all(
    files.map((file) =>
      stat(file).then(
        ({ size }) => size,
        () => 0,
      ),
    ),
  );
  return sizes.reduce((sum, size) => sum + size, 0);
}

async function embeddedHealth(engine: EngineClient, dir: string): Promise<StoreHealth> {
  const [failure, free] = await Promise.all([
    engine.call('check', '', {}).then(
      () => undefined,
      (error: unknown) => error,
    ),
    freeBytesOf(dir),
  ]);
  return { engine: 'embedded', ...tellRoom(failure, free) };
}

async function openMongo(options: StoreOptions & { kind: 'mongodb' }): Promise<Store> {
  const instance = new mongoose.Mongoose({ ...settings });
  const connection = instance.createConnection(options.url, {
    ...(options.dbName === undefined ? {} : { dbName: options.dbName }),
    serverSelectionTimeoutMS: 5000,
    // An acknowledged write is on the disk of most members.
    writeConcern: { w: 'majority', journal: true },
  });
  await connection.asPromise().catch((error: unknown) => {
    const reason = error instanceof Error ? error.message : String(error);
    throw new AppError('store.unreachable', 503, `MongoDB does not answer: ${reason}`);
  });
  return finish({
    kind: 'mongodb',
    connection,
    health: () => mongoHealth(connection),
    backup: () =>
      Promise.reject(
        new AppError(
          'store.backupUnsupported',
          400,
          'The documents are in MongoDB: back them up with mongodump.',
        ),
      ),
    migrations: options.migrations,
    hold: options.hold,
  });
}

/** A ping passes on a server whose disk is full or that has no primary: only a write tells. */
async function mongoHealth(connection: Connection): Promise<StoreHealth> {
  try {
    await connection.db
      ?.collection<{ _id: string }>('probes')
      .updateOne({ _id: 'health' }, { $currentDate: { at: true } }, { upsert: true, maxTimeMS: 1_500 });
    return { ok: connection.db !== undefined, engine: 'mongodb' };
  } catch (error) {
    return { ok: false, engine: 'mongodb', detail: error instanceof Error ? error.message : String(error) };
  }
}

interface Parts {
  readonly bytes?: Store['bytes'];
  readonly kind: Store['kind'];
  readonly connection: Connection;
  readonly health: Store['health'];
  readonly backup: Store['backup'];
  readonly migrations: readonly Migration[] | undefined;
  readonly hold: HoldOptions | undefined;
}

async function finish(parts: Parts): Promise<Store> {
  const { kind, connection, health, backup, bytes, migrations: list } = parts;
  let hold: StoreHold | undefined;
  let stopped: Promise<void> | undefined;
  // Without a hold it closes in this very turn: what is asked afterwards is refused.
  const close = (): Promise<void> =>
    hold === undefined ? connection.close() : hold.release().then(() => connection.close());
  const stop = (): Promise<void> => (stopped ??= close());
  try {
    // Before anything is changed: a newer program must not migrate under a running one.
    if (parts.hold !== undefined) hold = await holdStore(connection, parts.hold);
    await migrate(connection, list ?? migrations);
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    kind,
    connection,
    async ensureIndexes() {
      for (const model of Object.values(connection.models)) await model.createIndexes();
    },
    health,
    backup,
    ...(bytes === undefined ? {} : { bytes }),
    stop,
  };
}

/** Opens the store. Errors: AppError `store.locked`, `store.unwritable`, `store.full`, `store.corrupt`,
 * `store.newer`, `store.unreachable`; with `hold` `store.held`. */
export function openStore(options: StoreOptions): Promise<Store> {
  return options.kind === 'embedded' ? openEmbedded(options) : openMongo(options);
}
