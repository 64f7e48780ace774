import { describe, expect, it } from 'vitest';
import { type Asked, type Explained, faultOf } from '../support/explain.ts';

const asked = (filter: Record<string, unknown>): Asked => ({
  collection: 'c',
  method: 'find',
  filter,
  options: {},
});
const explained = (winningPlan: object, nReturned: number, totalDocsExamined: number): Explained => ({
  queryPlanner: { winningPlan },
  executionStats: { nReturned, totalDocsExamined },
});
const byIndex = { stage: 'LIMIT', inputStage: { stage: 'FETCH', inputStage: { stage: 'IXSCAN' } } };

describe('the reading of plans that MongoDB tells', () => {
  it('passes what an index serves, and a list of everything', () => {
    expect(faultOf(asked({ a: 1 }), explained(byIndex, 5, 8), 1_000)).toBeUndefined();
    expect(faultOf(asked({}), explained({ stage: 'COLLSCAN' }, 1_500, 1_500), 1_000)).toBeUndefined();
  });

  it('finds a scan below an $or and in the plan of the newer engine', () => {
    const or = { stage: 'SUBPLAN', inputStages: [byIndex, { stage: 'COLLSCAN' }] };
    expect(faultOf(asked({ a: 1 }), explained(or, 1, 2), 1_000)).toMatch(/reads all/);
    expect(faultOf(asked({ a: 1 }), explained({ queryPlan: or }, 1, 2), 1_000)).toMatch(/reads all/);
  });

  it('finds an index that serves only a part', () => {
    expect(faultOf(asked({ a: 1 }), explained(byIndex, 3, 1_400), 1_000)).toMatch(/1400 looked at for 3/);
  });
});
