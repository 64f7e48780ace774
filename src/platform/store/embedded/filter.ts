import { badValue, unsupported } from './errors.ts';
import { reach } from './paths.ts';
import { compareValues, type Doc, equalValues, isPlainObject, rank, rankOf } from './values.ts';

/** One condition on one path. The planner looks for index bounds among them, the matcher tests them all. */
export interface Predicate {
  readonly path: string;
  readonly steps: readonly string[];
  readonly operator: string;
  readonly value: unknown;
  readonly test: (reached: readonly unknown[]) => boolean;
}

/** A filter as a conjunction of predicates and of alternatives. */
export interface Filter {
  readonly predicates: readonly Predicate[];
  /** Each must have at least one branch that matches ($or) or none ($nor). */
  readonly branches: readonly { readonly kind: 'or' | 'nor'; readonly filters: readonly Filter[] }[];
}

type Test = (reached: readonly unknown[]) => boolean;

/** A reached value and, when it is an array, its elements too: what a scalar condition may match. */
function anyOf(reached: readonly unknown[], test: (value: unknown) => boolean): boolean {
  for (const value of reached) {
    if (test(value)) return true;
    if (Array.isArray(value) && value.some(test)) return true;
  }
  return false;
}

const isOperators = (value: unknown): value is Doc => {
  if (!isPlainObject(value)) return false;
  const first = Object.keys(value)[0];
  return first?.startsWith('$') ?? false;
};

function equality(value: unknown): Test {
  if (value instanceof RegExp)
    return (reached) => anyOf(reached, (v) => typeof v === 'string' && matches(value, v));
  return (reached) => anyOf(reached, (v) => equalValues(v, value));
}

function matches(regex: RegExp, text: string): boolean {
  regex.lastIndex = 0;
  return regex.test(text);
}

function comparison(value: unknown, accept: (order: number) => boolean): Test {
  const type = rankOf(value);
  // Comparisons never cross types (type bracketing).
  return (reached) => anyOf(reached, (v) => rankOf(v) === type && accept(compareValues(v, value)));
}

function list(operator: string, value: unknown): readonly unknown[] {
  if (!Array.isArray(value)) throw badValue(`${operator} needs an array`);
  return value;
}

function memberOf(values: readonly unknown[]): Test {
  const strings = new Set(values.filter((v) => typeof v === 'string'));
  const others = values.filter((v) => typeof v !== 'string').map(equality);
  return (reached) =>
    (strings.size > 0 && anyOf(reached, (v) => typeof v === 'string' && strings.has(v))) ||
    others.some((test) => test(reached));
}

function elemMatch(value: unknown): Test {
  if (!isPlainObject(value)) throw badValue('$elemMatch needs an object');
  if (isOperators(value) && !['$and', '$or', '$nor'].includes(Object.keys(value)[0] ?? '')) {
    const tests = fieldTests('', value).map((p) => p.test);
    return (reached) =>
      reached.some((v) => Array.isArray(v) && v.some((item: unknown) => tests.every((test) => test([item]))));
  }
  const filter = parseFilter(value);
  return (reached) =>
    reached.some(
      (v) =>
        Array.isArray(v) && v.some((item: unknown) => isPlainObject(item) && matchesFilter(filter, item)),
    );
}

function all(value: unknown): Test {
  const tests = list('$all', value).map((item) =>
    isPlainObject(item) && '$elemMatch' in item ? elemMatch(item['$elemMatch']) : equality(item),
  );
  return (reached) => tests.length > 0 && tests.every((test) => test(reached));
}

function regex(value: unknown, options: unknown): Test {
  if (value instanceof RegExp && (options === undefined || options === '')) return equality(value);
  const source = value instanceof RegExp ? value.source : value;
  if (typeof source !== 'string') throw badValue('$regex needs a string');
  const flags = typeof options === 'string' ? options : '';
  if (/[^ims]/.test(flags)) throw unsupported(`the option "${flags}" of $regex`);
  return equality(new RegExp(source, flags));
}

const negate =
  (test: Test): Test =>
  (reached) =>
    !test(reached);

function not(path: string, value: unknown): Test {
  if (value instanceof RegExp) return negate(equality(value));
  if (!isOperators(value)) throw badValue('$not needs a regex or operators');
  const tests = fieldTests(path, value).map((p) => p.test);
  return (reached) => !tests.every((test) => test(reached));
}

type Operator = (value: unknown, path: string, siblings: Doc) => Test;

/** The written list of filter operators (docs/adr/0001). */
const operators: Readonly<Record<string, Operator>> = {
  $eq: equality,
  $ne: (value) => negate(equality(value)),
  $gt: (value) => comparison(value, (order) => order > 0),
  $gte: (value) => (rankOf(value) === rank.null ? equality(null) : comparison(value, (order) => order >= 0)),
  $lt: (value) => comparison(value, (order) => order < 0),
  $lte: (value) => (rankOf(value) === rank.null ? equality(null) : comparison(value, (order) => order <= 0)),
  $in: (value) => memberOf(list('$in', value)),
  $nin: (value) => negate(memberOf(list('$nin', value))),
  $exists: (value) => (reached) => reached.some((v) => v !== undefined) === Boolean(value),
  $not: (value, path) => not(path, value),
  $regex: (value, _path, siblings) => regex(value, siblings['$options']),
  $options: () => () => true,
  $elemMatch: elemMatch,
  $size: (value) => (reached) => reached.some((v) => Array.isArray(v) && v.length === value),
  $all: all,
};

function operatorTest(path: string, operator: string, value: unknown, siblings: Doc): Test {
  const make = Object.hasOwn(operators, operator) ? operators[operator] : undefined;
  if (make === undefined) throw unsupported(`the filter operator ${operator}`);
  return make(value, path, siblings);
}

function fieldTests(path: string, value: unknown): Predicate[] {
  const steps = path.split('.');
  if (!isOperators(value)) return [{ path, steps, operator: '$eq', value, test: equality(value) }];
  return Object.entries(value).map(([operator, operand]) => ({
    path,
    steps,
    operator,
    value: operator === '$regex' ? regexOperand(operand, value['$options']) : operand,
    test: operatorTest(path, operator, operand, value),
  }));
}

/** The planner needs the flags, too: a case-insensitive regex has no prefix. */
function regexOperand(value: unknown, options: unknown): unknown {
  if (typeof value !== 'string') return value;
  return new RegExp(value, typeof options === 'string' ? options : '');
}

/** Parses a MongoDB filter. Errors: `store.unsupportedOperator`, BadValue (2). */
export function parseFilter(source: unknown): Filter {
  const predicates: Predicate[] = [];
  const branches: { kind: 'or' | 'nor'; filters: Filter[] }[] = [];
  for (const [key, value] of Object.entries((source ?? {}) as Doc)) {
    if (key === '$and') {
      for (const part of list('$and', value)) {
        const parsed = parseFilter(part);
        predicates.push(...parsed.predicates);
        for (const branch of parsed.branches)
          branches.push({ kind: branch.kind, filters: [...branch.filters] });
      }
    } else if (key === '$or' || key === '$nor') {
      const filters = list(key, value).map(parseFilter);
      if (filters.length === 0) throw badValue(`${key} needs a nonempty array`);
      branches.push({ kind: key === '$or' ? 'or' : 'nor', filters });
    } else if (key.startsWith('$')) throw unsupported(`the filter operator ${key}`);
    else predicates.push(...fieldTests(key, value));
  }
  return { predicates, branches };
}

/** Does the document satisfy the whole filter? */
export function matchesFilter(filter: Filter, doc: Doc): boolean {
  for (const predicate of filter.predicates) {
    const value = predicate.steps.length === 1 ? [doc[predicate.path]] : reach(doc, predicate.steps);
    if (!predicate.test(value)) return false;
  }
  return filter.branches.every(
    ({ kind, filters }) => filters.some((f) => matchesFilter(f, doc)) === (kind === 'or'),
  );
}
