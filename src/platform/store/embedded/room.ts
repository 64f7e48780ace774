import { statfs } from 'node:fs/promises';
import { AppError } from '../../../shared/errors.ts';

const MIB = 1024 * 1024;
/** The log of the store grows to about half of this before it is copied and used again. */
const RESERVE = 32 * MIB;

export interface Room {
  readonly ok: boolean;
  readonly detail?: string;
}

/** What a person must know: whether the store takes writes, and what is refused when it does not. */
export function tellRoom(failure: unknown, freeBytes: number): Room {
  if (failure instanceof AppError && failure.code === 'store.full')
    return {
      ok: false,
      detail:
        'The disk is full: new contacts, mails, changes and recordings are refused until there is room.',
    };
  if (failure !== undefined)
    return { ok: false, detail: failure instanceof Error ? failure.message : 'The store cannot be written.' };
  if (freeBytes >= RESERVE) return { ok: true };
  return {
    ok: false,
    detail: `The disk is nearly full (${Math.floor(freeBytes / MIB)} MiB left): recordings, mails with files and soon every change are refused.`,
  };
}

/** Room for the program's user; a file system that cannot tell is not taken for a full one. */
export async function freeBytesOf(dir: string): Promise<number> {
  const space = await statfs(dir).catch(() => undefined);
  return space === undefined || space.blocks === 0 ? Number.POSITIVE_INFINITY : space.bavail * space.bsize;
}
