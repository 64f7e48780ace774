import { parentPort, workerData } from 'node:worker_threads';
import { AppError } from '../../../shared/errors.ts';
import { serialize } from 'bson';
import { createEngine } from './engine.ts';
import { toFailure } from './failure.ts';
import { checkFormat } from './format.ts';
import type { Copied, CopyOptions } from './protocol.ts';
import { decode } from './scan.ts';
import { openSql, type Sql } from './sql.ts';

/** As migrate() does for a store that is opened: a copy of a later program is left alone. */
function checkSchema(sql: Sql, known: number): void {
  const query = serialize({ filter: { _id: 'schema' }, limit: 1 });
  const [meta] = createEngine(sql).read('find', 'meta', query).documents ?? [];
  const stored = meta === undefined ? 0 : Number(decode(meta)['version']);
  if (stored > known)
    throw new AppError(
      'store.newer',
      500,
      `The copy was written by a newer version of this program (schema ${stored}, this one knows ${known}).`,
    );
}

/**
 * A copy through a connection of its own: it reads one snapshot of the write-ahead log while the store goes on
 * writing, from this process or another.
 */
function run(options: CopyOptions): void {
  const sql = openSql(options.file);
  try {
    if (options.task === 'copy') {
      sql.exec('PRAGMA busy_timeout = 10000');
      sql.run('VACUUM INTO ?', options.to);
      return;
    }
    const answer = sql.get('PRAGMA quick_check')?.[0];
    if (answer !== 'ok')
      throw new AppError('store.corrupt', 500, `The copy of the store is damaged: ${String(answer)}`);
    checkFormat(sql, 'leave');
    checkSchema(sql, options.knownSchema);
  } finally {
    sql.close();
  }
}

try {
  run(workerData as CopyOptions);
  parentPort?.postMessage({ ok: true } satisfies Copied);
} catch (error) {
  parentPort?.postMessage({ ok: false, failure: toFailure(error) } satisfies Copied);
}
