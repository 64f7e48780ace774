import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { createFreeSwitch } from './callcenter-freeswitch.ts';
import { createOurs } from './callcenter-ours.ts';
import { references } from './machine.ts';
import { ended, freePort, until } from './processes.ts';
import { type BenchRow, explain, type Outcome } from './report.ts';
import { quantilesOf } from './quantiles.ts';

export interface Trial {
  /** Operator ready → INVITE read from the operator's UDP socket. */
  readonly wireMs: number;
  /** Operator ready → `offer` on the desk's socket. */
  readonly deskMs?: number;
}

/** A system with one queue, callers in it and one operator whose readiness is measured. */
export interface Contender {
  readonly name: string;
  readonly sipPort: number;
  readonly extension: string;
  readonly pid: number;
  waiting(): Promise<number>;
  /** Operator becomes ready, is offered a call, declines and goes away; undefined: no INVITE in time. */
  trial(withinMs: number): Promise<Trial | undefined>;
  stop(): Promise<void>;
}

const ROUNDS = 5;
const TRIALS = 12;
const LEVELS = [35, 400];
const CALLS_PER_SECOND = 30;
/** Other operators who are logged in and cannot take the call: a full house, as in the reference's figures. */
const COLLEAGUES = Number(process.env['BENCH_COLLEAGUES'] ?? 50);
const NO_OFFER_MS = 15_000;

interface Side {
  readonly contender: Contender;
  readonly callers: ChildProcess[];
  readonly trials: Trial[];
  missing: number;
  waiting: number;
}

/** sipp's own caller: invites, is answered, stays. Its media port is bound and never read. */
async function call(side: Side, dir: string, count: number): Promise<void> {
  const { sipPort, extension } = side.contender;
  const args = [
    ...['-sn', 'uac', `127.0.0.1:${sipPort}`, '-s', extension, '-i', '127.0.0.1'],
    ...['-p', String(await freePort('udp')), '-mp', String(await freePort('udp'))],
    ...[
      '-m',
      String(count),
      '-l',
      String(count),
      '-r',
      String(CALLS_PER_SECOND),
      '-d',
      '3600000',
      '-nostdin',
    ],
  ];
  side.callers.push(spawn('sipp', args, { cwd: dir, stdio: 'ignore' }));
}

/** A lost call in a hundred is not what is measured; how many wait in the end is told. */
async function fill(side: Side, dir: string, level: number): Promise<void> {
  const present = await side.contender.waiting();
  await call(side, dir, level - present);
  const filled = until(
    async () => {
      side.waiting = await side.contender.waiting();
      if (side.waiting !== level) throw new Error(`${side.waiting} of ${level} wait`);
    },
    20_000 + (level / CALLS_PER_SECOND) * 2_000,
    `${level} callers in the queue of ${side.contender.name}`,
  );
  await filled.catch((error: unknown) => {
    if (side.waiting < level * 0.99) throw error;
  });
}

/** Alternating rounds; the side whose turn it is not stands still, so that neither takes the other's CPU. */
async function round(side: Side): Promise<void> {
  process.kill(side.contender.pid, 'SIGCONT');
  await pause(1_500);
  for (let i = 0; i < TRIALS; i++) {
    // At any phase of a dispatcher that polls.
    await pause(300 + Math.random() * 300);
    const trial = await side.contender.trial(NO_OFFER_MS);
    if (trial === undefined) side.missing++;
    else side.trials.push(trial);
  }
  process.kill(side.contender.pid, 'SIGSTOP');
}

const rounded = (value: number): number => Math.round(value * 100) / 100;
const wires = (side: Side | undefined): number[] => side?.trials.map((trial) => trial.wireMs) ?? [];

function rowOf(level: number, ours: Side, theirs: Side | undefined): BenchRow {
  const p99 = { ours: quantilesOf(wires(ours))(0.99), theirs: quantilesOf(wires(theirs))(0.99) };
  const desk = ours.trials.map((trial) => trial.deskMs ?? Number.NaN);
  const spread = (values: readonly number[]): string => {
    const at = quantilesOf(values);
    return `p50 ${rounded(at(0.5))} p99 ${rounded(at(0.99))} ms`;
  };
  const reference =
    theirs === undefined
      ? 'FreeSWITCH is missing (FREESWITCH_BIN)'
      : `mod_callcenter (${theirs.waiting} waiting) ${spread(wires(theirs))} (${theirs.missing} of ${theirs.trials.length + theirs.missing} without INVITE)`;
  return {
    row: 6,
    name: `operator ready → offer on the wire, p99, ${level} waiting ÷ mod_callcenter`,
    ours: rounded(p99.ours),
    theirs: rounded(p99.theirs),
    ratio: Number((p99.ours / p99.theirs).toPrecision(3)),
    target: '≤ 1/30',
    unit: 'ms',
    note:
      `ours (${ours.waiting} waiting) ${spread(wires(ours))} to a SIP phone, ${spread(desk)} to the desk's socket (${ours.missing} without); ` +
      `${reference}; ${COLLEAGUES} more operators logged in, ${ROUNDS}×${TRIALS} trials interleaved, the other side stopped`,
  };
}

const newSide = (contender: Contender): Side => ({
  contender,
  callers: [],
  trials: [],
  missing: 0,
  waiting: 0,
});

async function measure(sides: readonly Side[], dir: string, level: number): Promise<void> {
  for (const side of sides) {
    side.trials.length = 0;
    side.missing = 0;
    for (const other of sides) process.kill(other.contender.pid, other === side ? 'SIGCONT' : 'SIGSTOP');
    await fill(side, dir, level);
  }
  for (const side of sides) process.kill(side.contender.pid, 'SIGSTOP');
  for (let i = 0; i < ROUNDS; i++) for (const side of sides) await round(side);
}

/** Few callers, then many; what was measured before a fault is kept. */
async function levels(sides: readonly Side[], dir: string): Promise<Outcome[]> {
  const [ours, theirs] = sides;
  const rows: Outcome[] = [];
  if (ours === undefined) return rows;
  for (const level of LEVELS) {
    try {
      await measure(sides, dir, level);
      rows.push(rowOf(level, ours, theirs));
    } catch (error) {
      rows.push({ row: 6, name: `${level} waiting`, error: explain(error) });
    }
  }
  return rows;
}

/** Performance row 6, with few and with many callers waiting. Needs sipp; FreeSWITCH where there is one. */
export async function row6(): Promise<Outcome[]> {
  const dir = mkdtempSync(join(tmpdir(), 'bench-callcenter-'));
  const place = (name: string): string => {
    mkdirSync(join(dir, name));
    return join(dir, name);
  };
  const binary = references.freeswitch();
  const sides: Side[] = [];
  // A stopped process does not hear that its parent is gone.
  const kill = (): void => {
    for (const { contender, callers } of sides) {
      process.kill(contender.pid, 'SIGKILL');
      for (const child of callers) child.kill('SIGKILL');
    }
  };
  process.once('exit', kill);
  try {
    sides.push(newSide(await createOurs(place('ours'), COLLEAGUES)));
    if (binary !== undefined)
      sides.push(newSide(await createFreeSwitch(binary, place('theirs'), COLLEAGUES)));
    return await levels(sides, dir);
  } finally {
    process.off('exit', kill);
    for (const side of sides) {
      for (const child of side.callers) child.kill('SIGKILL');
      await Promise.all(side.callers.map(ended));
      await side.contender.stop();
    }
    rmSync(dir, { recursive: true, force: true });
  }
}
