import fc from 'fast-check';

/** A JSON Schema as the document of the API writes it. */
export interface Schema {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly format?: string;
  readonly pattern?: string;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly items?: Schema;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: boolean | Schema;
  readonly required?: readonly string[];
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly allOf?: readonly Schema[];
}

const LETTERS = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-. áçõ';
const word = (min: number, max: number): fc.Arbitrary<string> =>
  fc
    .array(fc.constantFrom(...Array.from(LETTERS)), {
      minLength: min,
      maxLength: Math.max(min, Math.min(max, min + 12)),
    })
    .map((all) => all.join(''));

const formats: Readonly<Record<string, fc.Arbitrary<string>>> = {
  email: fc.nat(9999).map((n) => `pessoa${n}@exemplo.test`),
  'date-time': fc.integer({ min: 1.7e12, max: 1.9e12 }).map((ms) => new Date(Math.floor(ms)).toISOString()),
  date: fc.integer({ min: 1, max: 28 }).map((day) => `2026-11-${String(day).padStart(2, '0')}`),
  uri: fc.constant('https://exemplo.test/x'),
  binary: fc.constant('bytes'),
};

function textOf(schema: Schema): fc.Arbitrary<string> {
  const { format, pattern, minLength = 0, maxLength = 40 } = schema;
  const known = format === undefined ? undefined : formats[format];
  if (known !== undefined) return known;
  if (pattern === undefined) return word(minLength, maxLength);
  return fc
    .stringMatching(new RegExp(pattern, 'u'), { maxLength: Math.max(1, Math.min(maxLength, 60)) })
    .filter((text) => text.length >= minLength && text.length <= maxLength);
}

/** Values that fit a schema; what a schema cannot tell (a queue must exist) is for the server to refuse. */
export function fitting(schema: Schema, resolve: (ref: string) => Schema): fc.Arbitrary<unknown> {
  const of = (one: Schema): fc.Arbitrary<unknown> => fitting(one, resolve);
  if (schema.$ref !== undefined) return of(resolve(schema.$ref));
  if (schema.const !== undefined) return fc.constant(schema.const);
  if (schema.enum !== undefined) return fc.constantFrom(...schema.enum);
  const either = schema.anyOf ?? schema.oneOf;
  if (either !== undefined) return fc.oneof(...either.map(of));
  if (schema.allOf !== undefined)
    return fc
      .tuple(...schema.allOf.map(of))
      .map((parts) => Object.assign({}, ...(parts as object[])) as unknown);
  const types = typeof schema.type === 'string' ? [schema.type] : (schema.type ?? []);
  if (types.length === 0) return fc.jsonValue({ maxDepth: 1 });
  return fc.oneof(...types.map((type) => ofType(type, schema, of)));
}

function ofType(
  type: string,
  schema: Schema,
  of: (one: Schema) => fc.Arbitrary<unknown>,
): fc.Arbitrary<unknown> {
  switch (type) {
    case 'string':
      return textOf(schema);
    case 'integer':
    case 'number': {
      const min = Math.ceil(schema.minimum ?? 0);
      return fc.integer({ min, max: Math.min(schema.maximum ?? min + 1000, 2 ** 31 - 1) });
    }
    case 'boolean':
      return fc.boolean();
    case 'null':
      return fc.constant(null);
    case 'array': {
      const minLength = schema.minItems ?? 0;
      const maxLength = Math.max(minLength, Math.min(schema.maxItems ?? 3, 3));
      return fc.array(of(schema.items ?? {}), { minLength, maxLength });
    }
    default: {
      const fields = Object.fromEntries(
        Object.entries(schema.properties ?? {}).map(([name, one]) => [name, of(one)]),
      );
      return fc.record(fields, { requiredKeys: [...(schema.required ?? [])] });
    }
  }
}

const odd = fc.constantFrom<unknown>(
  null,
  '',
  ' ',
  '\u0000',
  '\ud800',
  'x'.repeat(5000),
  '../../etc/passwd',
  '${7*7}',
  "' or 1=1 --",
  -1,
  1e308,
  0.5,
  [],
  {},
  { $gt: '' },
  { $where: 'sleep(1)' },
  JSON.parse('{"__proto__":{"admin":true},"constructor":{"prototype":{}}}'),
  [[[[[[[[]]]]]]]],
  true,
);

/** A value that once fitted, with something wrong about it. */
export function misfit(valid: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> {
  return fc.oneof(
    odd,
    fc.tuple(valid, odd, fc.nat(), fc.boolean()).map(([value, wrong, at, adds]) => {
      if (typeof value !== 'object' || value === null || Array.isArray(value)) return wrong;
      const names = Object.keys(value);
      const name = names[at % Math.max(1, names.length)];
      return { ...value, [adds || name === undefined ? 'naoExiste' : name]: wrong };
    }),
  );
}
