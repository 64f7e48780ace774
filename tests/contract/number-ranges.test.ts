import { expect, it } from 'vitest';
import { z } from 'zod';
import { emailRoutes } from '../../src/channels/email/http.ts';
import { companyFields } from '../../src/company/fields.ts';
import { trunkFields } from '../../src/company/trunk-fields.ts';
import { ranges } from '../../src/contracts/ranges.ts';
import type { Route } from '../../src/platform/http/index.ts';
import { queueRoutes } from '../../src/queue/http.ts';

interface Schema {
  readonly minimum?: number;
  readonly maximum?: number;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly [part: string]: unknown;
}

const hasRange = (name: string): name is keyof typeof ranges => name in ranges;
const isSchema = (part: unknown): part is Schema => typeof part === 'object' && part !== null;

/** The ends of what a field takes, where it is a number or holds numbers under any name. */
const endsOf = ({ minimum, maximum, additionalProperties: each }: Schema): unknown =>
  isSchema(each) ? endsOf(each) : { min: minimum, max: maximum };

/** The fields of a schema that are named like a range, at any depth. */
function namedIn(schema: Schema): [keyof typeof ranges, Schema][] {
  const here = Object.entries(schema.properties ?? {}).flatMap(([name, one]) =>
    hasRange(name) ? [[name, one] as [keyof typeof ranges, Schema]] : [],
  );
  return [...here, ...Object.values(schema).filter(isSchema).flatMap(namedIn)];
}

const bodies = (routes: readonly Route[]): z.ZodType[] =>
  routes.flatMap(({ body }) => (body === undefined ? [] : [body]));

it('the server takes of each field the range of its own name, which its form says', () => {
  const all = [
    companyFields,
    trunkFields,
    ...bodies(queueRoutes({} as never)),
    ...bodies(emailRoutes({ email: {} } as never)),
  ];
  const found = all.flatMap((body) =>
    namedIn(z.toJSONSchema(body, { io: 'input', unrepresentable: 'any' }) as unknown as Schema),
  );
  for (const [name, schema] of found) expect([name, endsOf(schema)]).toEqual([name, ranges[name]]);
  expect(new Set(found.map(([name]) => name))).toEqual(new Set(Object.keys(ranges)));
});
