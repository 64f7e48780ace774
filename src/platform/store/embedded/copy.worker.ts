import { parentPort, workerData } from 'node:worker_threads';
import { AppError } from '../../../shared/errors.ts';
import { toFailure } from './failure.ts';
import type { Copied, CopyOptions } from './protocol.ts';
import { openSql } from './sql.ts';

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
