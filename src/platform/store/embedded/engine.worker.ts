import { type MessagePort, parentPort, receiveMessageOnPort, workerData } from 'node:worker_threads';
import { serialize } from 'bson';
import { AppError } from '../../../shared/errors.ts';
import { schema } from './catalog.ts';
import { createEngine, type Engine, isTooMuch, type Outcome } from './engine.ts';
import { toFailure } from './failure.ts';
import { checkFormat } from './format.ts';
import {
  HANDED_ON,
  type Opened,
  packReplies,
  type ReadOperation,
  readOperations,
  type Reply,
  type Request,
  type RequestBatch,
  unpackRequests,
  type WorkerOptions,
  type WriteOperation,
} from './protocol.ts';
import { answerShortly } from './short-reads.ts';
import { openSql, type Sql, sqliteCode } from './sql.ts';

/**
 * The store's own thread: it alone touches the disk, so a commit (an fsync) never holds up the main loop.
 * Group commit: all writes that wait are run in one transaction and answered after its commit, so that what was
 * acknowledged survives a power cut and 64 clients share one fsync. Reads that wait are answered before it begins.
 */
const MOST_AT_ONCE = 256;

function openDatabase(options: WorkerOptions): { sql: Sql; lock: Sql } {
  // A lock of the operating system: it goes with the process however that ends.
  const lock = openSql(options.lockFile);
  try {
    lock.exec('PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE');
  } catch (error) {
    lock.close();
    throw sqliteCode(error) === 'SQLITE_BUSY'
      ? new AppError(
          'store.locked',
          503,
          'Another process is using this data directory. Stop it first, or give this one another DATA_DIR.',
        )
      : error;
  }
  const sql = openSql(options.file);
  sql.all('PRAGMA journal_mode = WAL');
  sql.exec(
    'PRAGMA synchronous = FULL; PRAGMA busy_timeout = 10000; PRAGMA cache_size = -65536; PRAGMA temp_store = MEMORY',
  );
  sql.all(`PRAGMA wal_autocheckpoint = ${options.checkpointPages}`);
  if (options.maxPages !== undefined) sql.all(`PRAGMA max_page_count = ${options.maxPages}`);
  checkFormat(sql, 'mark');
  sql.exec(schema);
  return { sql, lock };
}

const nothing = new Uint8Array(0);

function toReply(id: number, { result, documents = [] }: Outcome): Reply {
  return {
    id,
    result: result === undefined ? nothing : serialize(result),
    documents: documents.length === 1 ? (documents[0] ?? nothing) : Buffer.concat(documents),
  };
}

const toFailed = (id: number, error: unknown): Reply => ({
  id,
  result: nothing,
  documents: nothing,
  failure: isTooMuch(error) ? { kind: 'internal', code: HANDED_ON, message: '' } : toFailure(error),
});

function attempt(id: number, run: () => Outcome): Reply {
  try {
    return toReply(id, run());
  } catch (error) {
    if (sqliteCode(error) !== undefined) throw error;
    return toFailed(id, error);
  }
}

const isRead = (operation: string): operation is ReadOperation =>
  (readOperations as readonly string[]).includes(operation);

function answerRead(engine: Engine, r: Request, mostExamined?: number): Reply {
  try {
    return attempt(r.id, () => engine.read(r.operation as ReadOperation, r.collection, r.body, mostExamined));
  } catch (error) {
    return toFailed(r.id, error);
  }
}

function answerReads(engine: Engine, requests: readonly Request[]): Reply[] {
  return answerShortly(
    requests,
    (r, most) => answerRead(engine, r, most),
    () => engine.examined(),
  );
}

/** One transaction for all; when the disk refuses it, each alone, so that a large write does not sink the small ones. */
function commitWrites(engine: Engine, sql: Sql, requests: readonly Request[]): Reply[] {
  try {
    sql.run('BEGIN IMMEDIATE');
    const replies = requests.map((r) =>
      attempt(r.id, () => engine.write(r.operation as WriteOperation, r.collection, r.body)),
    );
    sql.run('COMMIT');
    return replies;
  } catch (error) {
    if (sql.inTransaction) sql.exec('ROLLBACK');
    engine.reload();
    if (requests.length > 1) return requests.flatMap((request) => commitWrites(engine, sql, [request]));
    return requests.map(({ id }) => toFailed(id, error));
  }
}

function send(port: MessagePort, replies: readonly Reply[]): void {
  if (replies.length === 0) return;
  const batch = packReplies(replies);
  port.postMessage(batch, [batch.bytes.buffer]);
}

/** All that waits, and whether a stop was among it. */
function drain(port: MessagePort, first: RequestBatch): { requests: Request[]; stop: boolean } {
  const requests = unpackRequests(first);
  while (requests.length < MOST_AT_ONCE) {
    const more = receiveMessageOnPort(port) as { message: RequestBatch | 'stop' } | undefined;
    if (more === undefined) break;
    if (more.message === 'stop') return { requests, stop: true };
    requests.push(...unpackRequests(more.message));
  }
  return { requests, stop: false };
}

function serve(port: MessagePort, options: WorkerOptions): void {
  const { sql, lock } = openDatabase(options);
  const engine = createEngine(
    sql,
    options.mostInVain === undefined ? {} : { mostInVain: options.mostInVain },
  );
  const stop = (): void => {
    sql.close();
    lock.close();
    port.close();
  };
  port.on('message', (message: RequestBatch | 'stop') => {
    if (message === 'stop') {
      stop();
      return;
    }
    const { requests, stop: stopping } = drain(port, message);
    send(
      port,
      answerReads(
        engine,
        requests.filter((r) => isRead(r.operation)),
      ),
    );
    const writes = requests.filter((r) => !isRead(r.operation));
    if (writes.length > 0) send(port, commitWrites(engine, sql, writes));
    if (stopping) stop();
  });
  port.postMessage({ opened: true } satisfies Opened);
}

/** One snapshot for each read, held no longer than it takes: an older one would hold back the checkpoint. */
function serveReads(port: MessagePort, options: WorkerOptions): void {
  const sql = openSql(options.file);
  sql.exec('PRAGMA busy_timeout = 10000; PRAGMA cache_size = -32768; PRAGMA temp_store = MEMORY');
  const engine = createEngine(
    sql,
    options.mostInVain === undefined ? {} : { mostInVain: options.mostInVain },
  );
  const answer = (request: Request): Reply => {
    try {
      sql.exec('BEGIN');
      engine.follow();
      return answerRead(engine, request);
    } catch (error) {
      return toFailed(request.id, error);
    } finally {
      if (sql.inTransaction) sql.exec('COMMIT');
    }
  };
  port.on('message', (message: RequestBatch | 'stop') => {
    if (message === 'stop') {
      sql.close();
      port.close();
    } else for (const request of unpackRequests(message)) send(port, [answer(request)]);
  });
}

if (parentPort !== null) {
  const options = workerData as WorkerOptions;
  try {
    if (options.role === 'read') serveReads(parentPort, options);
    else serve(parentPort, options);
  } catch (error) {
    parentPort.postMessage({ opened: false, failure: toFailure(error) } satisfies Opened);
    parentPort.close();
  }
}
