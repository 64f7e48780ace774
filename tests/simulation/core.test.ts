import { describe, expect, it } from 'vitest';
import { simulate } from './run.ts';

const OPTIONS = { operators: 3, crashes: true, steps: 300 } as const;

describe('the core under random people, orders and crashes', () => {
  it('keeps its promises for many seeds', { timeout: 60_000 }, async () => {
    const seeds = Number(process.env['SIMULATION_SEEDS'] ?? 300);
    const first = Number(process.env['SIMULATION_FIRST'] ?? 1);
    const failures: string[] = [];
    for (let seed = first; seed < first + seeds; seed++) {
      await simulate(seed, OPTIONS).catch((error: unknown) => failures.push(String(error)));
      if (failures.length >= 5) break;
    }
    expect(failures).toEqual([]);
  });
});
