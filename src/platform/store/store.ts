import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import mongoose, { type Connection } from 'mongoose';
import { AppError } from '../../shared/errors.ts';
import { type EngineClient, startEngine } from './embedded/client.ts';
import { type EmbeddedConnection, embeddedDriver } from './embedded/driver.ts';

export type StoreOptions =
  | {
      readonly kind: 'embedded';
      /** Folder of all data; the store keeps to `store` inside it. */
      readonly dataDir: string;
      /** Upper limit of the store's file in pages of 4 KiB (none by default). */
      readonly maxPages?: number;
    }
  | { readonly kind: 'mongodb'; readonly url: string; readonly dbName?: string };

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
  await mkdir(dir, { recursive: true, mode: 0o700 }).catch((error: unknown) => {
    throw unwritable(dir, error);
  });
  const engine = await startEngine({
    file: join(dir, 'store.db'),
    lockFile: join(dir, 'lock.db'),
    checkpointPages: 4000,
    ...(options.maxPages === undefined ? {} : { maxPages: options.maxPages }),
  });
  const instance = new mongoose.Mongoose({ ...settings });
  instance.setDriver(embeddedDriver);
  const connection = instance.createConnection();
  (connection as unknown as EmbeddedConnection).attach(engine);
  return finish('embedded', connection, () => embeddedHealth(engine));
}

async function embeddedHealth(engine: EngineClient): Promise<StoreHealth> {
  try {
    await engine.call('check', '', {});
    return { ok: true, engine: 'embedded' };
  } catch (error) {
    return { ok: false, engine: 'embedded', detail: error instanceof Error ? error.message : String(error) };
  }
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
  return finish('mongodb', connection, async () => {
    try {
      await connection.db?.admin().ping();
      return { ok: true, engine: 'mongodb' };
    } catch (error) {
      return { ok: false, engine: 'mongodb', detail: error instanceof Error ? error.message : String(error) };
    }
  });
}

function finish(kind: Store['kind'], connection: Connection, health: Store['health']): Store {
  let stopped: Promise<void> | undefined;
  return {
    kind,
    connection,
    async ensureIndexes() {
      for (const model of Object.values(connection.models)) await model.createIndexes();
    },
    health,
    stop: () => (stopped ??= connection.close()),
  };
}

/** Opens the store. Errors: AppError `store.locked`, `store.unwritable`, `store.full`, `store.corrupt`, `store.unreachable`. */
export function openStore(options: StoreOptions): Promise<Store> {
  return options.kind === 'embedded' ? openEmbedded(options) : openMongo(options);
}
