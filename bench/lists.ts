import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { createTransport } from 'nodemailer';
import type { Store } from '../src/platform/store/index.ts';
import { customer, fillHouse, type HouseSize } from './lists-data.ts';
import { listProbes, type Probe, SEARCHES } from './lists-probes.ts';
import { ended, freePort, until } from './processes.ts';
import type { BenchRow } from './report.ts';
import { quantilesOf } from './quantiles.ts';

/**
 * Rows 16–19: every list of openapi.json by every filter and pair of filters, the search by every key, and what mails and
 * presence wait meanwhile, in a house of 200,000 customers and 50,000 contacts. By hand, with the whole table:
 * `node scripts/run-ts.mjs bench/lists.ts [customers] [contacts] [root of another version]`.
 */
const SIZE: HouseSize = { customers: 200_000, contacts: 50_000, waiting: 500 };
const ROUNDS = 12;
const STORM_MS = 15_000;
const PASSWORD = 'bench-password-of-lists';
const HERE = join(import.meta.dirname, '..');

interface House {
  readonly url: string;
  readonly smtpPort: number;
  readonly startMs: number;
  readonly rssMib: () => number;
  get(path: string): Promise<{ readonly items?: readonly unknown[] }>;
  put(path: string, body: unknown): Promise<void>;
  stop(): Promise<void>;
}

interface Ground {
  readonly root: string;
  readonly dataDir: string;
}

async function environment(dataDir: string): Promise<Record<string, string>> {
  const [http, sip, smtp, erp, rtp] = [
    await freePort('tcp'),
    await freePort('udp'),
    await freePort('tcp'),
    await freePort('tcp'),
    42_400,
  ];
  return {
    PATH: process.env['PATH'] ?? '',
    HTTP_PORT: String(http),
    SIP_PORT: String(sip),
    SMTP_PORT: String(smtp),
    SAMPLE_ERP_PORT: String(erp),
    RTP_PORT_MIN: String(rtp),
    RTP_PORT_MAX: String(rtp + 39),
    DATA_DIR: dataDir,
    SEED: 'demo',
    SEED_PASSWORD: PASSWORD,
    LOG_LEVEL: 'error',
  };
}

const rss = (child: ChildProcess): number =>
  Number(/^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${child.pid}/status`, 'utf8'))?.[1]) / 1024;

async function openHouse({ root, dataDir }: Ground): Promise<House> {
  const env = await environment(dataDir);
  const url = `http://127.0.0.1:${env['HTTP_PORT']}`;
  const from = performance.now();
  const child = spawn(process.execPath, ['--import', 'tsx', join(root, 'src/main.ts')], {
    env,
    cwd: root,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  await until(
    async () => {
      if (!(await fetch(`${url}/healthz`)).ok) throw new Error('not ready');
    },
    300_000,
    'the product',
  );
  const startMs = performance.now() - from;
  const login = await fetch(`${url}/api/v1/auth/login`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ username: 'admin', password: PASSWORD }),
  });
  const { token } = (await login.json()) as { token: string };
  const ask = async (method: string, path: string, body?: unknown): Promise<Response> => {
    const response = await fetch(`${url}${path}`, {
      method,
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
    return response;
  };
  return {
    url,
    smtpPort: Number(env['SMTP_PORT']),
    startMs,
    rssMib: () => rss(child),
    get: async (path) => (await ask('GET', path)).json() as Promise<{ items?: unknown[] }>,
    put: async (path, body) => {
      await (await ask('PUT', path, body)).text();
    },
    async stop() {
      child.kill('SIGTERM');
      await ended(child);
    },
  };
}

/** Born as a demo, then filled by the very version that is measured, as an old house is. */
async function fillGround(ground: Ground, size: HouseSize): Promise<void> {
  await (await openHouse(ground)).stop();
  const door = pathToFileURL(join(ground.root, 'src/platform/store/index.ts')).href;
  const { openStore } = (await import(door)) as {
    openStore(options: { kind: 'embedded'; dataDir: string }): Promise<Store>;
  };
  const store = await openStore({ kind: 'embedded', dataDir: ground.dataDir });
  await fillHouse(store, size);
  await store.stop();
}

export interface Figures {
  readonly name: string;
  readonly p50: number;
  readonly p95: number;
  readonly max: number;
  readonly n: number;
}

function figures(name: string, times: number[]): Figures {
  const at = quantilesOf(times);
  return { name, p50: at(0.5), p95: at(0.95), max: at(1), n: times.length };
}

async function timed(run: () => Promise<unknown>): Promise<number> {
  const from = performance.now();
  await run();
  return performance.now() - from;
}

async function measure(house: House, probe: Probe, rounds: number): Promise<Figures> {
  const times: number[] = [];
  for (let n = 0; n < rounds; n++) times.push(await timed(() => house.get(probe.path(n))));
  return figures(probe.name, times);
}

/** Accepted mails and changes of presence, with or without a storm of searches and lists. */
async function measureWrites(house: House, probes: readonly Probe[], label: string): Promise<Figures[]> {
  const transport = createTransport({
    host: '127.0.0.1',
    port: house.smtpPort,
    secure: false,
    ignoreTLS: true,
  });
  const endAt = performance.now() + STORM_MS;
  const going = (): boolean => performance.now() < endAt;
  const storm = [0, 1, 2, 3].map(async (lane) => {
    for (let n = lane; going() && probes.length > 0; n += 4)
      await house.get((probes[n % probes.length] as Probe).path(n));
  });
  const mails: number[] = [];
  const presence: number[] = [];
  const mailing = (async () => {
    for (let n = 0; going(); n++) {
      const { email } = customer(n);
      mails.push(
        await timed(() =>
          transport.sendMail({
            from: email,
            to: 'suporte@exemplo.test',
            subject: `Sinal ${label} ${n}`,
            text: 'Sem sinal.',
          }),
        ),
      );
      await pause(100);
    }
  })();
  const changing = (async () => {
    for (let n = 0; going(); n++) {
      const state = n % 2 === 0 ? 'paused' : 'available';
      presence.push(await timed(() => house.put('/api/v1/me/presence', { state })));
      await pause(50);
    }
  })();
  await Promise.all([mailing, changing, ...storm]);
  transport.close();
  return [figures(`accepted mail, ${label}`, mails), figures(`presence, ${label}`, presence)];
}

export interface HouseFigures {
  readonly startMs: number;
  readonly rssMib: number;
  readonly lists: readonly Figures[];
  readonly searches: readonly Figures[];
  readonly writes: readonly Figures[];
}

const worst = (list: readonly Figures[]): Figures => list.reduce((a, b) => (b.p95 > a.p95 ? b : a));

async function measureHouse(ground: Ground, size: HouseSize): Promise<HouseFigures> {
  await fillGround(ground, size);
  // The first start after a change of version builds indexes; the second is what people wait for.
  const first = await openHouse(ground);
  console.error(`  first start ${first.startMs.toFixed(0)} ms`);
  await first.stop();
  const house = await openHouse(ground);
  try {
    const { startMs } = house;
    const rssMib = house.rssMib();
    const probes = await listProbes(house);
    const lists: Figures[] = [];
    for (const probe of probes) lists.push(await measure(house, probe, ROUNDS));
    const searches: Figures[] = [];
    for (const probe of SEARCHES) searches.push(await measure(house, probe, ROUNDS * 2));
    const writes = [
      ...(await measureWrites(house, [], 'quiet')),
      ...(await measureWrites(house, [...SEARCHES, ...probes], 'in a storm of searches and lists')),
    ];
    return { startMs, rssMib, lists, searches, writes };
  } finally {
    await house.stop();
  }
}

async function startOf(ground: Ground, size: HouseSize): Promise<{ startMs: number; rssMib: number }> {
  await fillGround(ground, size);
  await (await openHouse(ground)).stop();
  const house = await openHouse(ground);
  const found = { startMs: house.startMs, rssMib: house.rssMib() };
  await house.stop();
  return found;
}

/** In a folder of its own that is deleted afterwards. */
async function onGround<T>(root: string, run: (ground: Ground) => Promise<T>): Promise<T> {
  const dataDir = mkdtempSync(join(tmpdir(), 'ramal-lists-'));
  try {
    return await run({ root, dataDir });
  } finally {
    rmSync(dataDir, { recursive: true, force: true });
  }
}

const row = (row: number, name: string, ours: number, target: string, note: string): BenchRow => ({
  row,
  name,
  ours,
  theirs: 1,
  ratio: ours,
  target,
  unit: 'ms',
  note,
});

/** Rows 16 to 19. Their reference is a number of milliseconds, so "theirs" is 1. */
export async function rows16to19(): Promise<readonly BenchRow[]> {
  const found = await onGround(HERE, (ground) => measureHouse(ground, SIZE));
  const start = await onGround(HERE, (ground) => startOf(ground, { ...SIZE, waiting: 20_000 }));
  const search = worst(found.searches);
  const list = worst(found.lists);
  const [quiet, , storm] = found.writes;
  return [
    row(16, 'search by any key, worst p95', search.p95, '< 50', search.name),
    row(17, 'list by any filters, worst p95', list.p95, '< 30', list.name),
    {
      ...row(
        18,
        'accepted mail while searched ÷ quiet, p95',
        storm?.p95 ?? NaN,
        '≤ 2',
        'searches and lists without pause',
      ),
      theirs: quiet?.p95,
      ratio: (storm?.p95 ?? NaN) / (quiet?.p95 ?? NaN),
    },
    row(19, 'start with 20,000 waiting', start.startMs, '< 3000', `${start.rssMib.toFixed(0)} MiB resident`),
  ];
}

function print(title: string, list: readonly Figures[]): void {
  console.log(`\n${title}`);
  for (const { name, p50, p95, max, n } of list)
    console.log(
      `${name.padEnd(52)} p50 ${p50.toFixed(1).padStart(8)}  p95 ${p95.toFixed(1).padStart(8)}  max ${max.toFixed(1).padStart(8)}  n ${n}`,
    );
}

async function main([customers, contacts, root = HERE]: readonly string[]): Promise<void> {
  const size = {
    ...SIZE,
    customers: Number(customers ?? SIZE.customers),
    contacts: Number(contacts ?? SIZE.contacts),
  };
  const found = await onGround(root, (ground) => measureHouse(ground, size));
  console.log(`start ${found.startMs.toFixed(0)} ms, ${found.rssMib.toFixed(0)} MiB resident`);
  print('lists', found.lists);
  print('searches', found.searches);
  print('writes', found.writes);
  const waiting = await onGround(root, (ground) => startOf(ground, { ...size, waiting: 20_000 }));
  console.log(
    `\nstart with 20,000 waiting: ${waiting.startMs.toFixed(0)} ms, ${waiting.rssMib.toFixed(0)} MiB resident`,
  );
}

if (process.argv[1] === import.meta.filename) await main(process.argv.slice(2));
