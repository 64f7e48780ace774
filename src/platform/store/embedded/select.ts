import type { Collection } from './collection.ts';
import { type Filter, matchesFilter } from './filter.ts';
import { reach } from './paths.ts';
import { choosePlan, type Plan, type Sort } from './plan.ts';
import { type Candidate, decode, type Position, scan } from './scan.ts';
import { compareValues, type Doc } from './values.ts';

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

/** Value of a sort field: the least element of an array ascending, the greatest descending. */
function sortValue(doc: Doc, path: string, direction: 1 | -1): unknown {
  const values = reach(doc, path.split('.')).flatMap((v) => (Array.isArray(v) ? (v as unknown[]) : [v]));
  return values.reduce((best, v) => (compareValues(v, best) * direction < 0 ? v : best), values[0]);
}

/** Keeps candidates in order, no more than `keep` of them beyond a slack that bounds memory. */
class Sorter {
  private items: { key: Buffer; order: number; candidate: Candidate }[] = [];
  private order = 0;
  private readonly collection: Collection;
  private readonly sort: Sort;
  private readonly keep: number;

  constructor(collection: Collection, sort: Sort, keep: number | undefined) {
    this.collection = collection;
    this.sort = sort;
    this.keep = keep ?? Number.POSITIVE_INFINITY;
  }

  add(candidate: Candidate): void {
    const doc = decode(candidate.bytes);
    const key = this.collection.encode(
      this.sort.map(([path, direction]) => sortValue(doc, path, direction)),
      this.sort.map(([, direction]) => direction < 0),
    );
    this.items.push({ key, order: this.order++, candidate });
    if (this.items.length > Math.max(1000, this.keep * 2)) this.trim();
  }

  private trim(): void {
    this.items.sort((a, b) => Buffer.compare(a.key, b.key) || a.order - b.order);
    if (this.items.length > this.keep) this.items.length = this.keep;
  }

  take(): Candidate[] {
    this.trim();
    return this.items.map((item) => item.candidate);
  }
}

function planFor(collection: Collection, filter: Filter, sort: Sort): Plan {
  return choosePlan([collection.idIndex, ...collection.indexes], filter, sort, collection.encode);
}

/** Index plans of every branch of an `$or`, when that looks at fewer documents than the plan of the whole. */
function branchPlans(collection: Collection, filter: Filter, whole: Plan): Plan[] | undefined {
  const or = filter.branches.find((branch) => branch.kind === 'or');
  if (or === undefined) return undefined;
  const plans = or.filters.map((branch) =>
    planFor(
      collection,
      { predicates: [...filter.predicates, ...branch.predicates], branches: branch.branches },
      [],
    ),
  );
  return plans.every((plan) => plan.score > whole.score) ? plans : undefined;
}

function* union(collection: Collection, plans: readonly Plan[]): Generator<Candidate> {
  const seen = new Set<number>();
  for (const plan of plans)
    for (const candidate of scan(collection.sql, collection.table, plan, 64)) {
      if (seen.has(candidate.rid)) continue;
      seen.add(candidate.rid);
      yield candidate;
    }
}

function positionOf(candidate: Candidate): Position {
  return { suffix: candidate.key.subarray(candidate.prefix), rid: candidate.rid };
}

/** Documents that match, in order, by the best plan. */
export function select(collection: Collection, filter: Filter, sort: Sort, window: Window): Selection {
  const plan = planFor(collection, filter, sort);
  const plans = branchPlans(collection, filter, plan);
  const end = window.limit === undefined ? undefined : window.skip + window.limit;
  const ordered = plan.sorted === sort.length;
  if (plans === undefined && ordered) return stream(collection, filter, plan, window, end);
  const source = plans === undefined ? undefined : union(collection, plans);
  const candidates =
    source === undefined && plan.sorted > 0
      ? sortGroups(collection, filter, plan, sort, end)
      : sortAll(collection, filter, plan, sort, end, source);
  return { candidates: window.skip > 0 ? candidates.slice(window.skip) : candidates };
}

const accepts = (filter: Filter, exact: boolean, candidate: Candidate): boolean =>
  exact || matchesFilter(filter, decode(candidate.bytes));

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
  filter: Filter,
  plan: Plan,
  sort: Sort,
  end: number | undefined,
  source: Iterable<Candidate> | undefined,
): Candidate[] {
  const sorter = new Sorter(collection, sort, end);
  const exact = source === undefined && plan.exact;
  for (const candidate of source ?? scan(collection.sql, collection.table, plan, 512))
    if (accepts(filter, exact, candidate)) sorter.add(candidate);
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
  let group = new Sorter(collection, sort, end);
  let groupKey: Buffer | undefined;
  for (const candidate of scan(collection.sql, collection.table, plan, end ?? 512)) {
    if (!accepts(filter, plan.exact, candidate)) continue;
    const doc = decode(candidate.bytes);
    const key = collection.encode(leading.map(([path, direction]) => sortValue(doc, path, direction)));
    if (groupKey !== undefined && !key.equals(groupKey)) {
      out.push(...group.take());
      if (end !== undefined && out.length >= end) return out.slice(0, end);
      group = new Sorter(collection, sort, end);
    }
    groupKey = key;
    group.add(candidate);
  }
  out.push(...group.take());
  return end === undefined ? out : out.slice(0, end);
}
