import type { Filter, Predicate } from './filter.ts';
import type { Index } from './indexes.ts';
import type { KeyEncoder } from './keys.ts';
import { compareValues, equalValues, rank, rankOf } from './values.ts';

/** Keys from `low` (inclusive) to `high` (exclusive) that share the first `prefix` bytes. */
export interface Range {
  readonly low: Buffer;
  readonly high: Buffer;
  readonly prefix: number;
}

export interface Plan {
  /** undefined: the whole table in the order of arrival. */
  readonly index: Index | undefined;
  readonly ranges: readonly Range[];
  /** How many leading fields of the sort the index serves. */
  readonly sorted: number;
  readonly reverse: boolean;
  /** The bounds say all the filter says, so documents need not be looked into. */
  readonly exact: boolean;
  readonly score: number;
  /** The conditions that the bounds stand for. */
  readonly used: ReadonlySet<Predicate>;
}

export type Sort = readonly (readonly [path: string, direction: 1 | -1])[];

const MAX_RANGES = 512;
const above = Buffer.from([0xff]);
const sortableRanks: readonly number[] = [rank.number, rank.string, rank.objectId, rank.boolean, rank.date];

const isPoint = (value: unknown): boolean => {
  const type = rankOf(value);
  return type !== rank.array && type !== rank.other;
};

interface Points {
  readonly values: readonly unknown[];
  readonly used: Predicate;
}

function pointsOn(path: string, filter: Filter): Points | undefined {
  const here = filter.predicates.filter((p) => p.path === path);
  const equal = here.find((p) => p.operator === '$eq' && isPoint(p.value));
  if (equal !== undefined) return { values: [equal.value], used: equal };
  const member = here.find((p) => p.operator === '$in' && (p.value as unknown[]).every(isPoint));
  if (member === undefined) return undefined;
  const values = [...(member.value as unknown[])].sort(compareValues);
  return { values: values.filter((v, i) => i === 0 || !equalValues(v, values[i - 1])), used: member };
}

/** Literal beginning of an anchored, case-sensitive regex, '' when there is none. */
export function regexPrefix(regex: RegExp): string {
  if (!regex.source.startsWith('^') || /[im]/.test(regex.flags) || regex.source.includes('|')) return '';
  const literal = /^\^((?:[^\\^$.*+?()[\]{}|]|\\[^a-zA-Z0-9])*)/.exec(regex.source)?.[1] ?? '';
  const next = regex.source[literal.length + 1] ?? '';
  // A quantifier that allows zero takes the last character back.
  const safe = ['*', '?', '{'].includes(next) ? literal.replace(/(\\.|.)$/s, '') : literal;
  return safe.replace(/\\(.)/gs, '$1');
}

/** A regex that is its literal beginning and nothing else. */
const WHOLE_PREFIX = /^\^(?:[^\\^$.*+?()[\]{}|]|\\[^a-zA-Z0-9])+$/;

interface Bounds {
  low: Buffer;
  high: Buffer;
  used: Predicate[];
}

/** Bounds of one component, as bytes after the prefix. */
function boundsOn(
  path: string,
  index: Index,
  at: number,
  filter: Filter,
  encode: KeyEncoder,
): Bounds | undefined {
  const descending = index.descending[at] ?? false;
  const here = filter.predicates.filter((p) => p.path === path);
  const limits = here.filter(
    (p) => ['$gt', '$gte', '$lt', '$lte'].includes(p.operator) && sortableRanks.includes(rankOf(p.value)),
  );
  const first = limits[0];
  if (first === undefined) return regexBounds(here, descending, encode);
  const type = rankOf(first.value);
  // On an array each limit may be met by another element: only one of them bounds the scan.
  const used = index.multikey.has(path) ? [first] : limits.filter((p) => rankOf(p.value) === type);
  const bracket = descending ? 0xff - type : type;
  let low: Buffer = Buffer.from([bracket]);
  let high: Buffer = Buffer.from([bracket + 1]);
  for (const { operator, value } of used) {
    const key = encode([value], [descending]);
    const isLow = operator.startsWith('$gt') !== descending;
    const inclusive = operator.endsWith('e');
    if (isLow) {
      const edge = inclusive ? key : Buffer.concat([key, above]);
      if (Buffer.compare(edge, low) > 0) low = edge;
    } else {
      const edge = inclusive ? Buffer.concat([key, above]) : key;
      if (Buffer.compare(edge, high) < 0) high = edge;
    }
  }
  return { low, high, used };
}

function regexBounds(
  here: readonly Predicate[],
  descending: boolean,
  encode: KeyEncoder,
): Bounds | undefined {
  if (descending) return undefined;
  for (const predicate of here) {
    const regex = predicate.value;
    const prefix = regex instanceof RegExp ? regexPrefix(regex) : '';
    if (prefix === '' || !['$eq', '$regex'].includes(predicate.operator)) continue;
    const low = encode([prefix]).subarray(0, -2);
    const whole = WHOLE_PREFIX.test((regex as RegExp).source);
    return { low, high: Buffer.concat([low, above]), used: whole ? [predicate] : [] };
  }
  return undefined;
}

/** Does every document that the filter accepts satisfy the partial filter? Only plain implications are seen. */
function implies(filter: Filter, partial: Filter): boolean {
  if (partial.branches.length > 0) return false;
  return partial.predicates.every((wanted) =>
    filter.predicates.some((p) => p.path === wanted.path && predicateImplies(p, wanted)),
  );
}

function predicateImplies(given: Predicate, wanted: Predicate): boolean {
  if (given.operator === wanted.operator && equalValues(given.value, wanted.value)) return true;
  if (given.operator === '$eq' && !Array.isArray(given.value) && !(given.value instanceof RegExp))
    return given.value !== null && wanted.test([given.value]);
  if (given.operator === '$in')
    return (given.value as unknown[]).every((v) => v !== null && !(v instanceof RegExp) && wanted.test([v]));
  return wanted.operator === '$exists' && wanted.value === true && ['$gt', '$lt'].includes(given.operator);
}

/** May the index be asked at all: a partial or sparse one leaves documents out. */
export function usable(index: Index, filter: Filter): boolean {
  if (index.partialFilter !== undefined && !implies(filter, index.partialFilter)) return false;
  if (!index.sparse) return true;
  const paths = new Set(index.fields.map(([path]) => path));
  return filter.predicates.some(
    (p) =>
      paths.has(p.path) &&
      ((p.operator === '$eq' && p.value !== null && !Array.isArray(p.value)) ||
        (p.operator === '$exists' && p.value === true) ||
        (p.operator === '$in' && !(p.value as unknown[]).includes(null)) ||
        (['$gt', '$gte', '$lt', '$lte'].includes(p.operator) && p.value !== null)),
  );
}

/** How far the index's order, after `from` fixed fields, serves the sort, and in which direction. */
function sortServed(
  index: Index,
  from: number,
  fixed: ReadonlySet<string>,
  sort: Sort,
): { count: number; reverse: boolean } {
  let at = from;
  let reverse: boolean | undefined;
  let count = 0;
  for (const [path, direction] of sort) {
    if (!fixed.has(path)) {
      const field = index.fields[at];
      if (field?.[0] !== path || index.multikey.has(path)) break;
      const turned = field[1] !== direction;
      if (reverse !== undefined && reverse !== turned) break;
      reverse = turned;
      at++;
    }
    count++;
  }
  return { count, reverse: reverse ?? false };
}

interface Prefixes {
  readonly values: readonly unknown[][];
  /** How many leading fields they fix. */
  readonly fields: number;
  /** Fields with one value: they do not disturb a sort. */
  readonly fixed: ReadonlySet<string>;
  readonly score: number;
}

function prefixesOf(index: Index, filter: Filter, used: Set<Predicate>): Prefixes {
  let values: unknown[][] = [[]];
  const fixed = new Set<string>();
  let fields = 0;
  let score = 0;
  for (const [path] of index.fields) {
    const found = pointsOn(path, filter);
    if (found === undefined || values.length * found.values.length > MAX_RANGES) break;
    values = values.flatMap((prefix) => found.values.map((value) => [...prefix, value]));
    if (found.values.length === 1 && !index.multikey.has(path)) fixed.add(path);
    if (!found.values.some((value) => rankOf(value) === rank.null)) used.add(found.used);
    score += found.values.length === 1 ? 10 : 8;
    fields++;
  }
  return { values, fields, fixed, score };
}

/** How this index would serve the filter and the order. */
export function planOn(index: Index, filter: Filter, sort: Sort, encode: KeyEncoder): Plan {
  const used = new Set<Predicate>();
  const prefixes = prefixesOf(index, filter, used);
  const next = index.fields[prefixes.fields];
  const bounds = next === undefined ? undefined : boundsOn(next[0], index, prefixes.fields, filter, encode);
  for (const predicate of bounds?.used ?? []) used.add(predicate);
  const served = sortServed(index, prefixes.fields, prefixes.fixed, sort);
  const forSort = served.count === 0 ? 0 : served.count === sort.length ? 5 : 3;
  const forUnique = index.unique && prefixes.fields === index.fields.length ? 1000 : 0;
  return {
    index,
    ranges: prefixes.values.map((values) => toRange(encode(values, index.descending), bounds)),
    sorted: served.count,
    reverse: served.reverse,
    exact: filter.branches.length === 0 && filter.predicates.every((p) => used.has(p)),
    score: prefixes.score + (bounds === undefined ? 0 : 4) + forSort + forUnique,
    used,
  };
}

function toRange(prefix: Buffer, bounds: Bounds | undefined): Range {
  return {
    low: bounds === undefined ? prefix : Buffer.concat([prefix, bounds.low]),
    high: Buffer.concat([prefix, bounds?.high ?? above]),
    prefix: prefix.length,
  };
}

const sides = {
  $lte: { operators: ['$eq', '$lt', '$lte'], sign: 1 },
  $gte: { operators: ['$eq', '$gt', '$gte'], sign: -1 },
} as const;

/**
 * What an `$or` says as a whole about one path: paging by key, `$or: [{at: {$lt: x}}, {at: x, _id: {$lt: y}}]`, never
 * goes above x, so the scan may begin there.
 */
function impliedBy(branches: readonly Filter[]): Predicate[] {
  const paths = new Set(branches[0]?.predicates.map((p) => p.path));
  const found: Predicate[] = [];
  for (const path of paths)
    for (const operator of ['$lte', '$gte'] as const) {
      const { operators, sign } = sides[operator];
      const limits = branches.map((branch) =>
        branch.predicates.find(
          (p) =>
            p.path === path &&
            (operators as readonly string[]).includes(p.operator) &&
            sortableRanks.includes(rankOf(p.value)),
        ),
      );
      const [first] = limits;
      if (first === undefined || limits.some((p) => rankOf(p?.value) !== rankOf(first.value))) continue;
      const value = limits.reduce<unknown>(
        (far, p) => (compareValues(p?.value, far) * sign > 0 ? p?.value : far),
        first.value,
      );
      found.push({ path, steps: first.steps, operator, value, test: () => true });
    }
  return found;
}

export function withImplied(filter: Filter): Filter {
  const implied = filter.branches.flatMap((b) => (b.kind === 'or' ? impliedBy(b.filters) : []));
  return implied.length === 0 ? filter : { ...filter, predicates: [...filter.predicates, ...implied] };
}
