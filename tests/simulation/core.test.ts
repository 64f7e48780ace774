import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openStore } from '../../src/platform/store/index.ts';
import { embeddedGround, memoryGround } from './ground.ts';
import { simulate } from './run.ts';
import { COMPANY } from './world.ts';

const SEEDS = Number(process.env['SIMULATION_SEEDS'] ?? 1000);
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

describe('the core under random people, orders and crashes', () => {
  it(`keeps its promises for ${SEEDS} seeds`, { timeout: 120_000 }, async () => {
    const run = (seed: number) => simulate(seed, { operators: 1 + (seed % 4), crashes: true, steps: 120 });
    expect(await failuresOf(SEEDS, run)).toEqual([]);
  });

  it(`and over a disk that keeps the order, where a claim is two writes in one breath`, {
    timeout: 120_000,
  }, async () => {
    const run = (seed: number) =>
      simulate(seed, { operators: 1 + (seed % 4), crashes: true, steps: 120, ground: memoryGround(true) });
    expect(await failuresOf(SEEDS / 2, run)).toEqual([]);
  });

  it('and over the embedded store itself', { timeout: 120_000 }, async () => {
    expect(await failuresOf(Math.min(4, SEEDS), onDisk)).toEqual([]);
  });
});
