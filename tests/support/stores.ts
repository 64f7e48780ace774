import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import mongoose from 'mongoose';
import { openStore, type Store } from '../../src/platform/store/index.ts';
import { freePort } from './ports.ts';
import { programs } from './programs.ts';

/** A store engine under test. */
export interface StoreEngine {
  readonly name: string;
  readonly embedded: boolean;
  /** False: the tests of this engine are skipped by name. */
  readonly present: boolean;
  setUp(): Promise<void>;
  /** A store on the same data each time. */
  open(): Promise<Store>;
  tearDown(): Promise<void>;
}

export function embeddedEngine(): StoreEngine {
  let dir = '';
  return {
    name: 'embedded',
    embedded: true,
    present: true,
    async setUp() {
      dir = await mkdtemp(join(tmpdir(), 'ramal-store-'));
    },
    open: () => openStore({ kind: 'embedded', dataDir: dir }),
    tearDown: () => rm(dir, { recursive: true, force: true }),
  };
}

async function startMongod(program: string): Promise<{ url: string; stop: () => Promise<void> }> {
  const dir = await mkdtemp(join(tmpdir(), 'ramal-mongod-'));
  const port = await freePort();
  const child = spawn(program, ['--port', String(port), '--bind_ip', '127.0.0.1', '--dbpath', dir], {
    stdio: 'ignore',
  });
  return {
    url: `mongodb://127.0.0.1:${port}`,
    async stop() {
      child.kill('SIGTERM');
      await once(child, 'exit');
      await rm(dir, { recursive: true, force: true });
    },
  };
}

/** MongoDB, or what speaks its protocol: TEST_MONGODB_URL, or a `mongod` of our own. */
export function mongoEngine(): StoreEngine {
  const given = process.env['TEST_MONGODB_URL'];
  const dbName = `ramal_test_${process.pid}_${Date.now()}`;
  let url = given ?? '';
  let stop = (): Promise<void> => Promise.resolve();
  return {
    name: 'MongoDB',
    embedded: false,
    present: given !== undefined || programs.mongod !== undefined,
    async setUp() {
      if (given === undefined) ({ url, stop } = await startMongod(programs.mongod!));
    },
    open: () => openStore({ kind: 'mongodb', url, dbName }),
    async tearDown() {
      const connection = await new mongoose.Mongoose().createConnection(url, { dbName }).asPromise();
      await connection.dropDatabase();
      await connection.close();
      await stop();
    },
  };
}

export const storeEngines = (): StoreEngine[] => [embeddedEngine(), mongoEngine()];

/** Title of an engine's block: says what is missing when it is skipped. */
export const titleOf = (what: string, engine: StoreEngine): string =>
  `${what} on ${engine.name}${engine.present ? '' : ' (needs TEST_MONGODB_URL or mongod)'}`;

/** FerretDB speaks MongoDB's protocol on PostgreSQL and names itself in buildInfo. */
export async function isFerret({ kind, connection }: Store): Promise<boolean> {
  if (kind === 'embedded') return false;
  const info = await connection.db?.admin().command({ buildInfo: 1 });
  return info !== undefined && 'ferretdb' in info;
}
