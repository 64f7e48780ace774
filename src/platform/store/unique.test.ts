import { describe, expect, it } from 'vitest';
import { changedOrMade, isDuplicate } from './unique.ts';

const taken = Object.assign(new Error('E11000 duplicate key error'), { code: 11000 });

describe('what a unique index holds already', () => {
  it.each([
    ['MongoDB', taken, true],
    [
      'FerretDB by findOneAndUpdate',
      { code: 1, message: 'conflicting key value violates exclusion constraint "documents_rum_index_283"' },
      true,
    ],
    ['another fault inside FerretDB', { code: 1, message: 'cache lookup failed' }, false],
    ['another code', { code: 85, message: taken.message }, false],
    ['no error of a store', 'E11000', false],
    ['nothing', null, false],
  ])('%s', (_, error, expected) => {
    expect(isDuplicate(error)).toBe(expected);
  });
});

describe('a record that is changed, or made first', () => {
  /** A store of one counter; `before` runs between the question and the insert. */
  function counter(before: () => void = () => undefined) {
    const kept: { used?: number } = {};
    let made = 0;
    return {
      kept,
      made: () => made,
      change: () => Promise.resolve(kept.used === undefined ? null : ++kept.used),
      make: () => {
        before();
        if (kept.used !== undefined) return Promise.reject(taken);
        made++;
        kept.used = 0;
        return Promise.resolve();
      },
    };
  }

  it('is made once, and every part counts, when two are first', async () => {
    const { change, make, made } = counter();
    const parts = await Promise.all([changedOrMade(change, make), changedOrMade(change, make)]);
    expect(parts.sort()).toEqual([1, 2]);
    expect(made()).toBe(1);
  });

  it('is not made where it stands', async () => {
    const one = counter();
    one.kept.used = 7;
    expect(await changedOrMade(one.change, one.make)).toBe(8);
    expect(one.made()).toBe(0);
  });

  it('is a fault when what is met is never found', async () => {
    const make = () => Promise.reject(taken);
    await expect(changedOrMade(() => Promise.resolve(null), make)).rejects.toBe(taken);
  });

  it('tells any other fault at once', async () => {
    let asked = 0;
    const change = () => Promise.resolve(asked++ === 0 ? null : 1);
    await expect(changedOrMade(change, () => Promise.reject(new Error('away')))).rejects.toThrow('away');
    expect(asked).toBe(1);
  });
});
