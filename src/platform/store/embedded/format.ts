import { AppError } from '../../../shared/errors.ts';
import type { Sql } from './sql.ts';

/** The file's format: tables, key encoding. */
const FORMAT = 1;

/** A file of a later program is left alone (`store.newer`); `mark` writes our number into a new one. */
export function checkFormat(sql: Sql, when: 'mark' | 'leave'): void {
  const found = Number(sql.get('PRAGMA user_version')?.[0]);
  if (found > FORMAT)
    throw new AppError(
      'store.newer',
      500,
      `The store was written by a newer version of this program (format ${found}, this one knows ${FORMAT}). Start that version, or restore a backup of this one.`,
    );
  if (found < FORMAT && when === 'mark') sql.exec(`PRAGMA user_version = ${FORMAT}`);
}
