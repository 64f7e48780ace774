import type { Filter, Predicate } from './filter.ts';
import type { Index } from './indexes.ts';
import type { KeyEncoder } from './keys.ts';
import { type Plan, planOn, type Sort, usable, withImplied } from './plan.ts';

/** How many keys stand in the plan's ranges; counts no further than `most`. */
export type Estimate = (plan: Plan, most: number) => number;

/** Beyond this many keys two plans count as equally large. */
export const LARGE = 1_000;

/** All documents in the order of arrival. */
const wholeTable = (filter: Filter): Plan => ({
  index: undefined,
  ranges: [],
  sorted: 0,
  reverse: false,
  exact: filter.predicates.length === 0 && filter.branches.length === 0,
  score: 0,
  used: new Set(),
});

/**
 * On an array each condition may be met by another element, so only one of several can bound a scan: one filter for each of
 * them (`{words: /^mar/}`, `{words: /^sou/}`), and the rarest wins.
 */
function variants(index: Index, filter: Filter): Filter[] {
  for (const path of index.multikey) {
    const here = filter.predicates.filter((p) => p.path === path);
    if (here.length < 2) continue;
    return here.map((one) => ({
      ...filter,
      predicates: filter.predicates.filter((p) => p === one || p.path !== path),
    }));
  }
  return [filter];
}

export function plansOn(index: Index, filter: Filter, sort: Sort, encode: KeyEncoder): Plan[] {
  const all = variants(index, filter);
  const plans = all.map((variant) => planOn(index, variant, sort, encode));
  return all.length === 1 ? plans : plans.map((plan) => ({ ...plan, exact: false }));
}

const holdsAll = (plan: Plan, others: ReadonlySet<Predicate>): boolean =>
  [...others].every((predicate) => plan.used.has(predicate));

/** `plan` says all that `other` says and orders as well. */
const covers = (plan: Plan, other: Plan): boolean =>
  plan !== other &&
  plan.sorted >= other.sorted &&
  plan.score > other.score &&
  holdsAll(plan, other.used) &&
  plan.used.size > 0;

/**
 * The cheapest way to the candidates. A plan that serves the whole filter and the whole order is taken; else the one with
 * the fewest keys in its ranges, among large ones the one that gives the order, then the one that fixes the most.
 */
export function choosePlan(
  indexes: readonly Index[],
  given: Filter,
  sort: Sort,
  encode: KeyEncoder,
  estimate?: Estimate,
): Plan {
  const filter = withImplied(given);
  const plans = indexes
    .filter((index) => usable(index, filter))
    .flatMap((index) => plansOn(index, filter, sort, encode))
    .filter((plan) => plan.score > 0)
    .sort((a, b) => b.score - a.score);
  const [first] = plans;
  if (first === undefined) return wholeTable(filter);
  if (estimate === undefined || first.score >= 1000) return first;
  const whole = plans.find((plan) => plan.exact && plan.sorted === sort.length);
  if (whole !== undefined) return whole;
  const left = plans.filter((plan) => !plans.some((other) => covers(other, plan)));
  if (left.length === 1) return left[0] ?? first;
  return left
    .map((plan) => ({ plan, keys: estimate(plan, LARGE), ordered: plan.sorted === sort.length }))
    .reduce((best, next) =>
      next.keys < best.keys || (next.keys === best.keys && next.ordered && !best.ordered) ? next : best,
    ).plan;
}
