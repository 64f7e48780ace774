import { describe, expect, it } from 'vitest';
import { AppError } from '../../../shared/errors.ts';
import { freeBytesOf, tellRoom } from './room.ts';

const MIB = 1024 * 1024;

describe('room on the disk', () => {
  it('is there: nothing to tell', () => {
    expect(tellRoom(undefined, 500 * MIB)).toEqual({ ok: true });
  });

  it('is gone: says what is refused', () => {
    const told = tellRoom(new AppError('store.full', 507, 'x'), 0);
    expect(told.ok).toBe(false);
    expect(told.detail).toMatch(/full: new contacts, mails, changes and recordings are refused/);
  });

  it('is nearly gone: small writes still pass, and it is told all the same', () => {
    const told = tellRoom(undefined, 3 * MIB);
    expect(told.ok).toBe(false);
    expect(told.detail).toMatch(/3 MiB left/);
  });

  it('another failure of a write is told in its own words', () => {
    expect(tellRoom(new AppError('store.unwritable', 500, 'read-only file system'), 500 * MIB)).toEqual({
      ok: false,
      detail: 'read-only file system',
    });
  });

  it('is asked of the file system; one that cannot tell is not a full one', async () => {
    expect(await freeBytesOf(process.cwd())).toBeGreaterThan(0);
    expect(await freeBytesOf('/nowhere/at/all')).toBe(Number.POSITIVE_INFINITY);
  });
});
