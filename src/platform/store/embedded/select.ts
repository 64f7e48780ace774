import { choosePlan, type Estimate, LARGE, plansOn } from './choose.ts';
import type { Collection } from './collection.ts';
import { type Filter, matchesFilter } from './filter.ts';
import type { Plan, Sort } from './plan.ts';
import { type Candidate, decode, fetchRows, look, type Position, scan } from './scan.ts';
import { Sorter, sortKey, sortPart } from './sorter.ts';
import type { Value } from './sql.ts';

export interface Window {
  readonly skip: number;
  readonly limit: number | undefined;
  /** Stop after about so many documents and say where to go on (streams of long results). */
  readonly batch?: number;
  readonly after?: Position;
}

export interface Selection {
  readonly candidates: Candidate[];
  /** Set when the batch ended before the result did. */
  readonly next?: Position;
}

const estimateOn =
  ({ sql, table }: Collection): Estimate =>
  (plan, most) => {
    const { index } = plan;
    if (index === undefined) return most;
    const [from, column] = index.table === '' ? [table, 'id'] : [index.table, 'k'];
    const text = `SELECT count(*) FROM (SELECT 1 FROM ${from} WHERE ${column} >= ? AND ${column} < ? LIMIT ?)`;
    let keys = 0;
    for (const { low, high } of plan.ranges) {
      keys += Number(sql.get(text, low, high, most - keys)?.[0]);
      if (keys >= most) return most;
    }
    return keys;
  };

export function planFor(collection: Collection, filter: Filter, sort: Sort): Plan {
  const indexes = [collection.idIndex, ...collection.indexes];
  return choosePlan(indexes, filter, sort, collection.encode, estimateOn(collection));
}

interface Branch {
  readonly filter: Filter;
  readonly plan: Plan;
}

/**
 * Index plans of every branch of an `$or`, when that looks at fewer documents than the plan of the whole. Of a page (`limited`) that comes
 * in order it is enough that one branch does and none is worse: by `{at, _id}` the whole begins at the first of all that have
 * one and the same `at`, and would look in vain at what the pages before had.
 */
function branchesOf(
  collection: Collection,
  filter: Filter,
  sort: Sort,
  whole: Plan,
  limited: boolean,
): Branch[] | undefined {
  const or = filter.branches.find((branch) => branch.kind === 'or');
  if (or === undefined) return undefined;
  const rest = filter.branches.filter((branch) => branch !== or);
  const branches = or.filters.map((branch): Branch => {
    const own = {
      predicates: [...filter.predicates, ...branch.predicates],
      branches: [...rest, ...branch.branches],
    };
    return { filter: own, plan: planFor(collection, own, sort) };
  });
  if (branches.every(({ plan }) => plan.score > whole.score)) return branches;
  const better = limited && inOrder(branches, sort) && branches.some(({ plan }) => plan.score > whole.score);
  return better && branches.every(({ plan }) => plan.score >= whole.score) ? branches : undefined;
}

/** Each comes in the order that is asked for, so that they are merged as they come. */
const inOrder = (branches: readonly Branch[], sort: Sort): boolean =>
  sort.length > 0 && branches.every(({ plan }) => plan.sorted === sort.length);

function* accepted(collection: Collection, { filter, plan }: Branch, expected: number): Generator<Candidate> {
  for (const candidate of scan(collection.sql, collection.table, plan, expected)) {
    look(collection.meter);
    if (accepts(filter, plan.exact, candidate)) yield candidate;
  }
}

function* union(collection: Collection, branches: readonly Branch[]): Generator<Candidate> {
  const seen = new Set<number>();
  for (const branch of branches)
    for (const candidate of accepted(collection, branch, 64)) {
      if (seen.has(candidate.rid)) continue;
      seen.add(candidate.rid);
      yield candidate;
    }
}

/** Every branch comes in order: the next one of all is the least of their next ones. */
function* mergeSorted(
  collection: Collection,
  branches: readonly Branch[],
  sort: Sort,
  expected: number,
): Generator<Candidate> {
  const seen = new Set<number>();
  const heads = branches.map((branch) => {
    const source = accepted(collection, branch, expected);
    const pull = () => {
      const { value } = source.next() as { value: Candidate | undefined };
      return value && { candidate: value, key: sortKey(collection.encode, sort, decode(value.bytes)) };
    };
    return { pull, head: pull() };
  });
  for (;;) {
    let least: (typeof heads)[number] | undefined;
    for (const each of heads)
      if (
        each.head !== undefined &&
        (least?.head === undefined || Buffer.compare(each.head.key, least.head.key) < 0)
      )
        least = each;
    if (least?.head === undefined) return;
    const { candidate } = least.head;
    least.head = least.pull();
    if (seen.has(candidate.rid)) continue;
    seen.add(candidate.rid);
    yield candidate;
  }
}

function positionOf(candidate: Candidate): Position {
  return { suffix: candidate.key.subarray(candidate.prefix), rid: candidate.rid };
}

function take(source: Iterable<Candidate>, skip: number, end: number | undefined): Candidate[] {
  const out: Candidate[] = [];
  for (const candidate of source) {
    out.push(candidate);
    if (out.length === end) break;
  }
  return out.slice(skip);
}

/** Documents that match, in order, by the best plan. */
export function select(collection: Collection, filter: Filter, sort: Sort, window: Window): Selection {
  const plan = planFor(collection, filter, sort);
  const { skip, limit } = window;
  const branches = branchesOf(collection, filter, sort, plan, limit !== undefined);
  const end = limit === undefined ? undefined : skip + limit;
  if (branches !== undefined) {
    if (inOrder(branches, sort))
      return { candidates: take(mergeSorted(collection, branches, sort, end ?? 64), skip, end) };
    const found = union(collection, branches);
    return {
      candidates:
        sort.length === 0 ? take(found, skip, end) : sortAll(collection, found, sort, end).slice(skip),
    };
  }
  if (plan.sorted === sort.length) {
    const rows = window.after === undefined ? intersection(collection, filter, sort, plan, end) : undefined;
    if (rows === undefined) return stream(collection, filter, plan, window, end);
    return { candidates: take(fetched(collection, filter, rows), skip, end) };
  }
  const candidates =
    plan.sorted > 0
      ? sortGroups(collection, filter, plan, sort, end)
      : sortAll(collection, accepted(collection, { filter, plan }, 512), sort, end);
  return { candidates: skip > 0 ? candidates.slice(skip) : candidates };
}

const accepts = (filter: Filter, exact: boolean, candidate: Candidate): boolean =>
  exact || matchesFilter(filter, decode(candidate.bytes));

function* fetched(collection: Collection, filter: Filter, rids: readonly number[]): Generator<Candidate> {
  for (const candidate of fetchRows(collection.sql, collection.table, rids)) {
    look(collection.meter);
    if (accepts(filter, false, candidate)) yield candidate;
  }
}

/**
 * Several conditions on one array ("words that begin with mar, and with sou"), each of them common: the rows that are in all
 * their ranges, from the index alone. undefined: no such filter, or the first documents of the plan are enough already.
 */
function intersection(
  collection: Collection,
  filter: Filter,
  sort: Sort,
  plan: Plan,
  end: number | undefined,
): number[] | undefined {
  const { index } = plan;
  if (index === undefined || plan.exact || sort.length > 0 || plan.ranges.length !== 1) return undefined;
  const plans = plansOn(index, filter, sort, collection.encode).filter(
    ({ ranges, score }) => ranges.length === 1 && score === plan.score,
  );
  if (plans.length < 2 || estimateOn(collection)(plan, LARGE) < LARGE) return undefined;
  if (end !== undefined && enough(collection, filter, plan, end)) return undefined;
  const part = `SELECT rid FROM ${index.table} WHERE k >= ? AND k < ?`;
  const values = plans.flatMap(({ ranges }): Value[] => ranges.flatMap(({ low, high }) => [low, high]));
  return collection.sql.all(plans.map(() => part).join(' INTERSECT '), ...values).map(([rid]) => Number(rid));
}

/** Are there so many matches among the first documents of the plan that reading on is the cheapest? */
const SAMPLE = 400;
function enough(collection: Collection, filter: Filter, plan: Plan, wanted: number): boolean {
  let [seen, found] = [0, 0];
  for (const candidate of scan(collection.sql, collection.table, plan, SAMPLE)) {
    if (accepts(filter, false, candidate) && ++found === wanted) return true;
    if (++seen === SAMPLE) return false;
  }
  return true;
}

/** The index gives the order: stop as soon as there are enough. */
function stream(
  collection: Collection,
  filter: Filter,
  plan: Plan,
  window: Window,
  end: number | undefined,
): Selection {
  const wanted = Math.min(end ?? Number.POSITIVE_INFINITY, window.batch ?? Number.POSITIVE_INFINITY);
  // A batch goes on by position, which cannot remember what a multikey scan has already given.
  const resumable =
    plan.index === undefined ||
    (plan.index.multikey.size === 0 && (plan.ranges.length === 1 || plan.sorted > 0));
  const candidates: Candidate[] = [];
  let skip = window.skip;
  const expected = plan.exact ? wanted : wanted * 4;
  for (const candidate of scan(collection.sql, collection.table, plan, expected, window.after)) {
    look(collection.meter);
    if (!accepts(filter, plan.exact, candidate)) continue;
    if (skip > 0) {
      skip--;
      continue;
    }
    candidates.push(candidate);
    if (candidates.length === window.limit) return { candidates };
    if (resumable && candidates.length === window.batch) return { candidates, next: positionOf(candidate) };
  }
  return { candidates };
}

function sortAll(
  collection: Collection,
  source: Iterable<Candidate>,
  sort: Sort,
  end: number | undefined,
): Candidate[] {
  const sorter = new Sorter(collection.encode, sort, end);
  for (const candidate of source) sorter.add(candidate);
  return sorter.take();
}

/** The index serves the first fields of the sort: only documents equal in those are sorted in memory. */
function sortGroups(
  collection: Collection,
  filter: Filter,
  plan: Plan,
  sort: Sort,
  end: number | undefined,
): Candidate[] {
  const out: Candidate[] = [];
  const leading = sort.slice(0, plan.sorted);
  let group = new Sorter(collection.encode, sort, end);
  let groupKey: Buffer | undefined;
  for (const candidate of accepted(collection, { filter, plan }, end ?? 512)) {
    const key = collection.encode(sortPart(leading, decode(candidate.bytes)));
    if (groupKey !== undefined && !key.equals(groupKey)) {
      out.push(...group.take());
      if (end !== undefined && out.length >= end) return out.slice(0, end);
      group = new Sorter(collection.encode, sort, end);
    }
    groupKey = key;
    group.add(candidate);
  }
  out.push(...group.take());
  return end === undefined ? out : out.slice(0, end);
}
