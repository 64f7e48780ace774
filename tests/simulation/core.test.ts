import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openStore } from '../../src/platform/store/index.ts';
import { embeddedGround, memoryGround } from './ground.ts';
import type { ClockFault } from './manual-time.ts';
import { simulate } from './run.ts';
import { COMPANY } from './world.ts';

const STEPS = 120;
/** A long run: SIMULATION_EVENTS=1000000 npm test -- tests/simulation/core.test.ts (half an hour; not in CI). */
const EVENTS = Number(process.env['SIMULATION_EVENTS'] ?? 0);
const SEEDS = EVENTS > 0 ? Math.ceil(EVENTS / STEPS / 2) : Number(process.env['SIMULATION_SEEDS'] ?? 600);
const LIMIT_MS = EVENTS > 0 ? 3_600_000 : 120_000;
const FIRST = Number(process.env['SIMULATION_FIRST'] ?? 1);

/** Runs seeds until five have failed. */
async function failuresOf(count: number, run: (seed: number) => Promise<unknown>): Promise<string[]> {
  const failures: string[] = [];
  for (let seed = FIRST; seed < FIRST + count && failures.length < 5; seed++)
    await run(seed).catch((error: unknown) => failures.push(String(error)));
  return failures;
}

/** One life over the product's own stores on the embedded engine, in a folder of its own. */
async function onDisk(seed: number): Promise<void> {
  const dataDir = await mkdtemp(join(tmpdir(), 'ramal-simulation-'));
  const store = await openStore({ kind: 'embedded', dataDir });
  try {
    const ground = embeddedGround(store, COMPANY);
    await store.ensureIndexes();
    const world = await simulate(seed, { operators: 1 + (seed % 4), crashes: true, steps: 60, ground });
    if (world.contacts().length === 0) throw new Error(`seed ${seed}: nobody came`);
  } finally {
    await store.stop();
    await rm(dataDir, { recursive: true, force: true });
  }
}

/** Every other life has clocks that ring early and late and that somebody sets. */
const life = (seed: number) =>
  ({ operators: 1 + (seed % 4), crashes: true, steps: STEPS, badClocks: seed % 2 === 0 }) as const;

describe('the core under random people, orders, clocks and crashes', () => {
  it(`keeps its promises for seeds ${FIRST} to ${FIRST + SEEDS - 1}`, { timeout: LIMIT_MS }, async () => {
    expect(await failuresOf(SEEDS, (seed) => simulate(seed, life(seed)))).toEqual([]);
  });

  it(`and over a disk that keeps the order, where a claim is two writes in one breath`, {
    timeout: LIMIT_MS,
  }, async () => {
    const run = (seed: number) => simulate(seed, { ...life(seed), ground: memoryGround(true) });
    expect(await failuresOf(EVENTS > 0 ? SEEDS : SEEDS / 2, run)).toEqual([]);
  });

  it('and over the embedded store itself', { timeout: 120_000 }, async () => {
    expect(await failuresOf(Math.min(4, SEEDS), onDisk)).toEqual([]);
  });
});

describe('the checks of the simulation', { timeout: 120_000 }, () => {
  /** How many of 30 lives with this clock break a promise, and how they say so. */
  const found = async (clockFault: ClockFault): Promise<string[]> => {
    const failures: string[] = [];
    for (let seed = 1; seed <= 30; seed++)
      await simulate(seed, { operators: 2, crashes: false, steps: STEPS, clockFault }).catch(
        (error: unknown) => failures.push(String(error)),
      );
    return failures;
  };

  it('find timers that are lost', async () => {
    expect((await found('lost')).length).toBeGreaterThan(3);
  });

  it('find timers that ring early', async () => {
    expect((await found('early')).join()).toContain('ran out after');
  });

  it('find nothing wrong with timers that ring twice: a deadline is carried out once', async () => {
    expect(await found('doubled')).toEqual([]);
  });
});
