import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import fc from 'fast-check';
import { fitting, misfit, type Schema } from './schema-arbitrary.ts';

export interface ApiDocument {
  readonly openapi: string;
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components?: { readonly schemas?: Readonly<Record<string, Schema>> };
}

interface Media {
  readonly schema: Schema;
}

export interface Operation {
  readonly operationId: string;
  readonly security?: readonly object[];
  readonly 'x-audit'?: readonly string[];
  readonly 'x-unaudited'?: string;
  readonly parameters?: readonly {
    readonly name: string;
    readonly in: 'path' | 'query';
    readonly required?: boolean;
    readonly schema: Schema;
  }[];
  readonly requestBody?: { readonly content: Readonly<Record<string, Media>> };
  readonly responses: Readonly<Record<string, { readonly content?: Readonly<Record<string, Media>> }>>;
}

/** What is sent: as the document says, or with something wrong about it. */
export interface Attempt {
  readonly path: string;
  readonly type: string | undefined;
  readonly body: string | undefined;
}

/** Every operation, with the requests that its own document leads to. */
export function operations(document: ApiDocument) {
  const resolve = (ref: string): Schema => {
    const found = document.components?.schemas?.[ref.replace('#/components/schemas/', '')];
    if (found === undefined) throw new Error(`${ref} is nowhere`);
    return found;
  };
  const all = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({
      method: method.toUpperCase(),
      path,
      operation,
      attempts: (ids: readonly string[], count: number, seed: number) =>
        fc.sample(attempt(path, operation, ids, resolve), { numRuns: count, seed }),
    })),
  );
  return all;
}

function attempt(
  path: string,
  { parameters = [], requestBody }: Operation,
  ids: readonly string[],
  resolve: (ref: string) => Schema,
): fc.Arbitrary<Attempt> {
  const params = parameters.map((one) => {
    const fits = fitting(one.schema, resolve).map(String);
    const value =
      one.in === 'path' && ids.length > 0
        ? fc.oneof({ arbitrary: fc.constantFrom(...ids), weight: 4 }, fits)
        : fits;
    return fc.tuple(
      fc.constant(one),
      fc.oneof(
        { arbitrary: value, weight: 5 },
        misfit(fits).map((wrong) => (typeof wrong === 'string' ? wrong : JSON.stringify(wrong))),
      ),
      fc.boolean(),
    );
  });
  const [type, media] = Object.entries(requestBody?.content ?? {})[0] ?? [];
  const body =
    media === undefined
      ? fc.constant(undefined)
      : type === 'application/json'
        ? jsonBody(fitting(media.schema, resolve))
        : fc.constantFrom('bytes', '');
  return fc.tuple(fc.tuple(...params), body).map(([given, sent]) => {
    let target = path;
    const query = new URLSearchParams();
    for (const [{ name, in: where, required }, value, left] of given)
      if (where === 'path') target = target.replace(`{${name}}`, encode(value));
      else if (required === true || left) query.set(name, wellFormed(value));
    const asked = query.size === 0 ? '' : `?${query.toString()}`;
    return { path: target + asked, type: sent === undefined ? undefined : type, body: sent };
  });
}

const jsonBody = (fits: fc.Arbitrary<unknown>): fc.Arbitrary<string> =>
  fc.oneof(
    { arbitrary: fits.map((value) => JSON.stringify(value)), weight: 6 },
    { arbitrary: misfit(fits).map((value) => JSON.stringify(value)), weight: 4 },
    { arbitrary: fc.constantFrom('{', '', '"', '[1,', '\u0000'), weight: 1 },
  );

const wellFormed = (text: string): string => Buffer.from(text, 'utf8').toString('utf8');
/** A path of its own: `..` and nothing would be another one. */
const encode = (text: string): string =>
  encodeURIComponent(wellFormed(text)).replace(/^\.{0,2}$/, '%2E%2E%2E');

/** Whether an answer is one of those that the document promises; undefined when it is, else what is wrong. */
export function createJudge(document: ApiDocument) {
  const ajv = new Ajv2020({ strict: false, allErrors: false });
  addFormats.default(ajv);
  ajv.addSchema({ $id: 'api', components: document.components ?? {} });
  const validators = new Map<Schema, ValidateFunction>();
  const validator = (schema: Schema): ValidateFunction => {
    const known = validators.get(schema);
    if (known !== undefined) return known;
    const rooted = JSON.parse(
      JSON.stringify(schema).replaceAll('"#/components', '"api#/components'),
    ) as Schema;
    const made = ajv.compile(rooted);
    validators.set(schema, made);
    return made;
  };
  return (
    { responses }: Operation,
    answer: { readonly status: number; readonly contentType: string; readonly text: string },
  ): string | undefined => {
    const { status } = answer;
    if (status >= 500 && responses[status] === undefined) return `answers ${status}`;
    const promised = responses[status] ?? (status >= 400 ? responses['default'] : undefined);
    if (promised === undefined) return `answers an undocumented ${status}`;
    const content = Object.entries(promised.content ?? {})[0];
    if (content === undefined) return undefined;
    const [type, { schema }] = content;
    if (!answer.contentType.startsWith(type) && schema.type !== 'string')
      return `answers ${answer.contentType}, not ${type}`;
    if (!type.endsWith('json')) return undefined;
    if (!answer.contentType.includes('json')) return undefined;
    const check = validator(schema);
    return check(JSON.parse(answer.text))
      ? undefined
      : `answers ${status} with ${ajv.errorsText(check.errors)}`;
  };
}
