/** One place of a request that takes a text. */
export interface Field {
  readonly where: 'path' | 'query' | 'body';
  /** Names down to it; `[]` enters an array. */
  readonly path: readonly string[];
}

export interface Operation {
  readonly method: string;
  readonly path: string;
  readonly fields: readonly Field[];
  readonly schema: Schema | undefined;
}

interface Schema {
  readonly type?: string | readonly string[];
  readonly enum?: readonly unknown[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly items?: Schema;
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly allOf?: readonly Schema[];
  readonly minimum?: number;
  readonly minLength?: number;
}

interface Documented {
  readonly parameters?: readonly { in: 'path' | 'query'; name: string; schema: Schema }[];
  readonly requestBody?: { readonly content: Readonly<Record<string, { schema: Schema }>> };
}

const has = (schema: Schema, type: string): boolean => [schema.type].flat().includes(type);
const branches = (schema: Schema): readonly Schema[] => schema.anyOf ?? schema.oneOf ?? schema.allOf ?? [];

function leaves(schema: Schema, path: readonly string[] = []): string[][] {
  const found = branches(schema).flatMap((branch) => leaves(branch, path));
  if (has(schema, 'string')) found.push([...path]);
  for (const [name, property] of Object.entries(schema.properties ?? {}))
    found.push(...leaves(property, [...path, name]));
  if (schema.items !== undefined) found.push(...leaves(schema.items, [...path, '[]']));
  return [...new Map(found.map((leaf) => [leaf.join('\n'), leaf])).values()];
}

/** Every route of an OpenAPI document, with the places that take a text. */
export function operationsOf(document: Readonly<Record<string, unknown>>): Operation[] {
  const paths = document['paths'] as Record<string, Record<string, Documented>>;
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, { parameters = [], requestBody }]) => {
      const schema = requestBody?.content['application/json']?.schema;
      const fields: Field[] = [
        ...parameters.map(({ in: where, name }) => ({ where, path: [name] })),
        ...(schema === undefined
          ? []
          : leaves(schema).map((leaf) => ({ where: 'body' as const, path: leaf }))),
      ];
      return { method, path, schema, fields };
    }),
  );
}

/** Values that pass where a schema alone does not tell what is wanted. */
const USUAL: Readonly<Record<string, unknown>> = {
  username: 'ninguem.ainda',
  password: 'quatro cavalos verdes',
  current: 'not my password',
  next: 'quatro cavalos verdes',
  number: '+551140004777',
  to: '17:00',
  from: '08:00',
  date: '2026-12-25',
  flow: 'principal.yaml',
  queue: 'suporte',
  key: 'outra',
  address: 'outra@exemplo.test',
  channels: 1,
};

function sample(schema: Schema, name = ''): unknown {
  if (schema.enum !== undefined) return schema.enum[0];
  if (name in USUAL && !has(schema, 'object')) return USUAL[name];
  const [first] = branches(schema);
  if (first !== undefined) return sample(first, name);
  if (schema.properties !== undefined || has(schema, 'object'))
    return Object.fromEntries(
      (schema.required ?? []).map((key) => [key, sample(schema.properties?.[key] ?? {}, key)]),
    );
  if (has(schema, 'array')) return [];
  if (has(schema, 'boolean')) return true;
  if (has(schema, 'integer') || has(schema, 'number')) return Math.max(1, schema.minimum ?? 1);
  return 'texto'.padEnd(schema.minLength ?? 0, 'o');
}

function property(schema: Schema, name: string): Schema {
  const own = name === '[]' ? schema.items : schema.properties?.[name];
  if (own !== undefined) return own;
  const inside = branches(schema).map((branch) => property(branch, name));
  return inside.find((candidate) => Object.keys(candidate).length > 0) ?? {};
}

/** A body that is otherwise well formed, with `text` at this place. */
function placed(schema: Schema, path: readonly string[], text: string, name = ''): unknown {
  const [step, ...rest] = path;
  if (step === undefined) return text;
  const inner = placed(property(schema, step), rest, text, step);
  if (step === '[]') return [inner];
  const around = sample(schema, name);
  return { ...(typeof around === 'object' ? around : {}), [step]: inner };
}

const encoded = (text: string): string => encodeURIComponent(Buffer.from(text, 'utf8').toString('utf8'));

/** The request of an operation with `text` in one field; `id` fills the path's parameter otherwise. */
export function requestFor(
  { path, schema }: Operation,
  field: Field,
  text: string,
  id: string,
): { path: string; body: unknown } {
  const [name = ''] = field.path;
  const filled = path.replace(/\{(\w+)\}/g, (_, parameter: string) =>
    encoded(field.where === 'path' && parameter === name ? text : id),
  );
  const query = field.where === 'query' ? `?${name}=${encoded(text)}` : '';
  const body =
    schema === undefined
      ? undefined
      : field.where === 'body'
        ? placed(schema, field.path, text)
        : sample(schema);
  return { path: filled + query, body };
}
