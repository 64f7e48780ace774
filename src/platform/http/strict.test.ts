import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { clearable } from '../../contracts/common.ts';
import { strict } from './strict.ts';

const inner = z.object({ a: z.string().optional() });

/** Paths of what is refused as unknown. */
function unknown(schema: z.ZodType, value: unknown): string[] {
  const { error } = (strict(schema) as z.ZodType).safeParse(value);
  return (error?.issues ?? []).flatMap((issue) =>
    issue.code === 'unrecognized_keys' ? issue.keys.map((key) => [...issue.path, key].join('.')) : [],
  );
}

describe('a schema that refuses what it does not know', () => {
  it.each<[string, z.ZodType, unknown, string]>([
    ['at the top', inner, { b: 1 }, 'b'],
    ['in a field', z.object({ in: inner }), { in: { b: 1 } }, 'in.b'],
    ['in one that may be absent', z.object({ in: inner.optional() }), { in: { b: 1 } }, 'in.b'],
    ['in one that may be null', z.object({ in: inner.nullable() }), { in: { b: 1 } }, 'in.b'],
    ['in one that has a default', z.object({ in: inner.default({}) }), { in: { b: 1 } }, 'in.b'],
    [
      'in one that is filled before it is read',
      z.object({ in: inner.prefault({}) }),
      { in: { b: 1 } },
      'in.b',
    ],
    ['in one that must be there', z.object({ in: inner.optional().nonoptional() }), { in: { b: 1 } }, 'in.b'],
    ['in one that is not written to', z.object({ in: inner.readonly() }), { in: { b: 1 } }, 'in.b'],
    ['in one that may be cleared', z.object({ in: clearable(inner) }), { in: { b: 1 } }, 'in.b'],
    ['in a list', z.object({ rows: z.array(inner) }), { rows: [{}, { b: 1 }] }, 'rows.1.b'],
    ['in a table', z.object({ by: z.record(z.string(), inner) }), { by: { x: { b: 1 } } }, 'by.x.b'],
    ['before it is made into something else', inner.transform(({ a }) => a), { b: 1 }, 'b'],
    ['beside a rule of its own', inner.refine(() => true, ''), { b: 1 }, 'b'],
  ])('%s', (_, schema, value, path) => {
    expect(unknown(schema, value)).toEqual([path]);
  });

  it('keeps the rules and the forms of the other, which stays as it was', () => {
    const one = z
      .object({ n: z.coerce.number().max(5).default(3), in: inner.optional() })
      .refine(({ n }) => n !== 4, '');
    const other = strict(one) as typeof one;
    expect(other.parse({ n: '2', in: { a: 'x' } })).toEqual({ n: 2, in: { a: 'x' } });
    expect(other.parse({})).toEqual({ n: 3 });
    expect(other.safeParse({ n: 4 }).success).toBe(false);
    expect(other.safeParse({ n: 6 }).success).toBe(false);
    expect(one.parse({ b: 1 })).toEqual({ n: 3 });
  });

  it('takes one of several forms, and what says itself that it takes more', () => {
    const either = z.union([z.object({ a: z.string() }), z.object({ b: z.string() })]);
    expect((strict(either) as z.ZodType).safeParse({ b: 'x' }).success).toBe(true);
    expect((strict(either) as z.ZodType).safeParse({ b: 'x', c: 1 }).success).toBe(false);
    expect(unknown(z.looseObject({}), { more: 1 })).toEqual([]);
  });
});
