import Bull from 'bull';
import { Redis } from 'ioredis';
import { createMatcher, type Matcher } from '../src/queue/domain/matcher.ts';
import type { Item, Slot } from '../src/queue/domain/types.ts';
import { programs } from '../tests/support/programs.ts';
import { startRedis } from '../tests/support/redis.ts';
import type { BenchRow } from './report.ts';

const OPERATORS = 1000;
const SKILLS = ['fibra', 'ingles', 'faturas', 'retencao'] as const;
const QUEUES = ['suporte', 'financeiro', 'retencao'] as const;
const ROUNDS = 7;

/** Everybody knows one thing well and works in two queues. */
const slotOf = (n: number, turn: number): Slot => ({
  id: `op${n}`,
  queues: [QUEUES[n % 3]!, QUEUES[(n + 1) % 3]!],
  skills: { [SKILLS[n % 4]!]: 1 + (n % 2) },
  takesVoice: true,
  textFree: 100,
  textRings: false,
  idleSinceMs: turn,
  inHand: 0,
  load: 0,
  turn,
});

/** One in eight asks for a skill, one in ten is urgent. */
const itemOf = (n: number): Item => ({
  id: `i${n}`,
  queue: QUEUES[n % 3]!,
  channel: 'voice',
  weight: 0,
  priority: n % 10 === 0 ? 1 : 0,
  sinceMs: n,
  arrival: String(n).padStart(12, '0'),
  skills: n % 8 === 0 ? [SKILLS[(n >> 3) % 4]!] : [],
  reservedFor: null,
  avoid: [],
});

interface Floor {
  readonly matcher: Matcher;
  next: number;
  turn: number;
}

/** All operators are busy and `waiting` contacts stand in line. */
function floorWith(waiting: number): Floor {
  const matcher = createMatcher(() => 'longestIdle');
  for (let n = 0; n < waiting; n++) matcher.putItem(itemOf(n));
  return { matcher, next: waiting, turn: 0 };
}

/** An operator becomes free and is given the first in order; a new contact arrives, so that as many wait as before. */
function route(floor: Floor, contacts: number): number {
  const { matcher } = floor;
  let routed = 0;
  for (let i = 0; i < contacts; i++) {
    const id = floor.turn++ % OPERATORS;
    matcher.putSlot(slotOf(id, floor.turn));
    const item = matcher.itemFor(`op${id}`);
    if (item !== undefined) {
      matcher.removeItem(item.id);
      routed++;
    }
    matcher.removeSlot(`op${id}`);
    matcher.putItem(itemOf(floor.next++));
    if (item === undefined) matcher.removeItem(`i${floor.next - 1}`);
  }
  return routed;
}

const median = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[values.length >> 1] ?? NaN;

/** Routed contacts by both clocks. */
interface Rate {
  /** Per second of CPU of every process that takes part: what a shared machine changes least. */
  readonly cpu: number;
  /** Per second that passed. */
  readonly wall: number;
}

interface Stopwatch {
  readonly cpuUs: number;
  readonly wallMs: number;
}

/** CPU of this process (garbage collection included) and time passed since. */
function stopwatch(): () => Stopwatch {
  const [cpu, wall] = [process.cpuUsage(), performance.now()];
  return () => {
    const used = process.cpuUsage(cpu);
    return { cpuUs: used.user + used.system, wallMs: performance.now() - wall };
  };
}

const rateOf = (count: number, { cpuUs, wallMs }: Stopwatch): Rate => ({
  cpu: (count * 1e6) / cpuUs,
  wall: (count * 1e3) / wallMs,
});

/** Contacts routed, and what one freed operator costs in ns of CPU. */
function measure(waiting: number, contacts: number): { readonly rate: Rate; readonly costNs: number } {
  const floor = floorWith(waiting);
  route(floor, contacts);
  const read = stopwatch();
  const routed = route(floor, contacts);
  const used = read();
  return { rate: rateOf(routed, used), costNs: (used.cpuUs * 1000) / contacts };
}

/** CPU that the Redis server itself has used, in microseconds. */
async function redisCpuUs(redis: Redis): Promise<number> {
  const info = await redis.info('cpu');
  const seconds = (name: string): number => Number(new RegExp(`^${name}:([\\d.]+)`, 'm').exec(info)?.[1]);
  return (seconds('used_cpu_user') + seconds('used_cpu_sys')) * 1e6;
}

/** The same decision (skills, longest idle first) made by Bull workers: one job a contact. CPU: Node and Redis together. */
async function bullRate(url: string, jobs: number): Promise<Rate> {
  const queue = new Bull('routing', url);
  await queue.isReady();
  const idle = Array.from({ length: OPERATORS }, (_, n) => slotOf(n, n));
  await queue.pause();
  for (let at = 0; at < jobs; at += 1000)
    await queue.addBulk(
      Array.from({ length: Math.min(1000, jobs - at) }, (_, n) => ({
        data: itemOf(at + n),
        opts: { removeOnComplete: true, priority: 0 },
      })),
    );
  let done = 0;
  const finished = new Promise<void>((resolve) => {
    void queue.process(64, async (job) => {
      const item = job.data as Item;
      const place = idle.findIndex(
        (slot) => slot.queues.includes(item.queue) && item.skills.every((skill) => skill in slot.skills),
      );
      // Taken and free again at once: only the routing is measured.
      idle.push(...idle.splice(Math.max(place, 0), 1));
      if (++done === jobs) resolve();
      return Promise.resolve();
    });
  });
  const redis = new Redis(url);
  const redisBefore = await redisCpuUs(redis);
  const read = stopwatch();
  await queue.resume();
  await finished;
  const used = read();
  const redisUs = (await redisCpuUs(redis)) - redisBefore;
  redis.disconnect();
  await queue.obliterate({ force: true }).catch(() => undefined);
  await queue.close();
  return rateOf(jobs, { ...used, cpuUs: used.cpuUs + redisUs });
}

/** Row 7: contacts routed per second in memory; and what ten times, a thousand times more in line costs. */
export async function row7(): Promise<BenchRow[]> {
  const redis = programs.redis === undefined ? undefined : await startRedis(programs.redis);
  const ours: Rate[] = [];
  const theirs: Rate[] = [];
  const costs = new Map<number, number[]>([
    [10, []],
    [1_000, []],
    [10_000, []],
    [100_000, []],
  ]);
  try {
    for (let round = 0; round < ROUNDS; round++) {
      ours.push(measure(10_000, 30_000).rate);
      if (redis !== undefined && round < 5) theirs.push(await bullRate(redis.url, 3_000));
      for (const [waiting, list] of costs) list.push(measure(waiting, 20_000).costNs);
    }
  } finally {
    await redis?.stop();
  }
  const middle = (rates: readonly Rate[], clock: keyof Rate): number =>
    median(rates.map((rate) => rate[clock]));
  const wallRatio = middle(ours, 'wall') / middle(theirs, 'wall');
  const cost = (waiting: number): number => median(costs.get(waiting) ?? []);
  const nanos = [...costs.keys()].map((n) => `${n}: ${Math.round(cost(n))} ns`).join(', ');
  return [
    {
      row: 7,
      name: 'contacts routed in memory ÷ a router on Bull workers',
      ours: middle(ours, 'cpu'),
      theirs: middle(theirs, 'cpu'),
      ratio: middle(ours, 'cpu') / middle(theirs, 'cpu'),
      target: '≥ 10',
      unit: 'contacts/s of CPU',
      note:
        '1,000 operators, 10,000 waiting, skills; both per second of CPU (Bull: Node and Redis together, jobs already in ' +
        `the queue); by the clock ${Math.round(middle(ours, 'wall'))} ÷ ${Math.round(middle(theirs, 'wall'))} = ` +
        wallRatio.toFixed(1) +
        (redis === undefined ? '; redis-server is missing here' : ''),
    },
    {
      row: '7b',
      name: 'cost of a match with 10,000 waiting ÷ with 10',
      ours: cost(10_000),
      theirs: cost(10),
      ratio: cost(10_000) / cost(10),
      target: '≤ 1.3',
      unit: 'ns CPU',
      note: nanos,
    },
  ];
}
