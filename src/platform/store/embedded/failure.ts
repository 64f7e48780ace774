import { AppError } from '../../../shared/errors.ts';
import { ServerFault } from './errors.ts';
import type { Failure } from './protocol.ts';
import { sqliteCode } from './sql.ts';

const FULL =
  'The disk of the data directory is full: nothing more is stored until there is room. What was acknowledged is safe.';

/** An error as it crosses to the main thread. */
export function toFailure(error: unknown): Failure {
  if (error instanceof ServerFault) {
    const { code, codeName, message, extra } = error;
    return { kind: 'server', code, codeName, message, extra };
  }
  if (error instanceof AppError)
    return {
      kind: 'app',
      code: error.code,
      status: error.status,
      message: error.message,
      extra: error.details,
    };
  const code = sqliteCode(error);
  const reason = error instanceof Error ? error.message : String(error);
  const app = (name: string, status: number, message: string): Failure => ({
    kind: 'app',
    code: name,
    status,
    message,
  });
  switch (code) {
    case 'SQLITE_FULL':
      return app('store.full', 507, FULL);
    case 'SQLITE_CANTOPEN':
    case 'SQLITE_READONLY':
    case 'SQLITE_PERM':
      return app('store.unwritable', 500, `The data directory cannot be written: ${reason}.`);
    case 'SQLITE_CORRUPT':
    case 'SQLITE_NOTADB':
      return app('store.corrupt', 500, `The store's file is damaged (${reason}). Restore a backup.`);
    default:
      return { kind: 'internal', code: code ?? 'store.internal', message: reason };
  }
}
