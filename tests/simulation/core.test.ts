import { describe, expect, it } from 'vitest';
import { simulate } from './run.ts';

const SEEDS = Number(process.env['SIMULATION_SEEDS'] ?? 1000);
const FIRST = Number(process.env['SIMULATION_FIRST'] ?? 1);

describe('the core under random people, orders and crashes', () => {
  it(`keeps its promises for ${SEEDS} seeds`, { timeout: 120_000 }, async () => {
    const failures: string[] = [];
    for (let seed = FIRST; seed < FIRST + SEEDS && failures.length < 5; seed++)
      await simulate(seed, { operators: 1 + (seed % 4), crashes: true, steps: 120 }).catch((error: unknown) =>
        failures.push(String(error)),
      );
    expect(failures).toEqual([]);
  });

  it(`and over a disk that keeps the order, where a claim is two writes in one breath, for ${SEEDS} seeds`, {
    timeout: 120_000,
  }, async () => {
    const failures: string[] = [];
    for (let seed = FIRST; seed < FIRST + SEEDS && failures.length < 5; seed++)
      await simulate(seed, { operators: 1 + (seed % 4), crashes: true, steps: 120, inOrder: true }).catch(
        (error: unknown) => failures.push(String(error)),
      );
    expect(failures).toEqual([]);
  });

  // Each was a bug that a seed found; the names say what went wrong.
  it.each([
    [2, 'a claim slept past its hold, which was swept, and then took the contact without capacity'],
    [
      4,
      'two quick transitions: the second settled the outbox without the entry that the first had not carried out',
    ],
    [35, 'after a restart a new transition dropped what the old process had left in the outbox'],
    [880, 'one operator for a queue: what times out comes back and is served in the end'],
  ])('seed %i: %s', { timeout: 20_000 }, async (seed) => {
    await expect(simulate(seed, { operators: 3, crashes: true, steps: 300 })).resolves.toBeDefined();
  });
});
