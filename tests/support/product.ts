import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from './ports.ts';

const root = join(import.meta.dirname, '../..');
export const PASSWORD = 'demo-password-of-tests';

/** The built product as a process of its own on free ports, as `npm start` runs it. */
export interface Product {
  readonly url: string;
  readonly sipPort: number;
  readonly smtpPort: number;
  readonly erpUrl: string;
  readonly dataDir: string;
  readonly log: () => string;
  readonly pid: () => number;
  /** JSON of a route, as this user; throws on a problem. */
  api<T = Record<string, unknown>>(user: string, method: string, path: string, body?: unknown): Promise<T>;
  token(user: string): Promise<string>;
  kill(): Promise<void>;
  start(): Promise<void>;
  stop(): Promise<number | null>;
  /** Stops and deletes its data. */
  end(): Promise<void>;
}

/** A flow for tests that are not about menus: who says and presses nothing waits 20 s for those of the real one. */
export const ONLY_QUEUE = 'flow: principal\nstart: fila\nnodes:\n  fila: { queue: suporte }\n';

async function rtpRange(): Promise<number> {
  // Spread over ranges so that suites which run at the same time rarely meet.
  return 30_000 + (((await freePort()) * 7) % 120) * 200;
}

/** `flows`: the company's own by file name, e.g. { 'principal.yaml': ONLY_QUEUE }, there from the first start on. */
export async function startProduct(
  extra: Readonly<Record<string, string>> = {},
  flows: Readonly<Record<string, string>> = {},
): Promise<Product> {
  const [http, sip, smtp, erp] = [await freePort(), await freePort(), await freePort(), await freePort()];
  const rtp = await rtpRange();
  const dataDir = mkdtempSync(join(tmpdir(), 'ramal-data-'));
  for (const [file, text] of Object.entries(flows)) {
    mkdirSync(join(dataDir, 'ivr-flows'), { recursive: true });
    writeFileSync(join(dataDir, 'ivr-flows', file), text);
  }
  const url = `http://127.0.0.1:${http}`;
  const env = {
    PATH: process.env['PATH'] ?? '',
    HOME: process.env['HOME'] ?? '/tmp',
    HTTP_PORT: String(http),
    SIP_PORT: String(sip),
    SMTP_PORT: String(smtp),
    SAMPLE_ERP_PORT: String(erp),
    RTP_PORT_MIN: String(rtp),
    RTP_PORT_MAX: String(rtp + 199),
    DATA_DIR: dataDir,
    SEED_PASSWORD: PASSWORD,
    LOG_LEVEL: 'warn',
    ...extra,
  };
  let child: ChildProcess | undefined;
  let log = '';
  let exited: Promise<number | null> = Promise.resolve(null);
  const tokens = new Map<string, string>();

  async function start(): Promise<void> {
    const started = spawn(process.execPath, [join(root, 'dist/main.js')], {
      env,
      cwd: root,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    child = started;
    started.stdout.on('data', (chunk: Buffer) => (log += chunk.toString()));
    started.stderr.on('data', (chunk: Buffer) => (log += chunk.toString()));
    const state = { over: false };
    exited = new Promise((done) =>
      started.once('exit', (code) => {
        state.over = true;
        done(code);
      }),
    );
    const deadline = Date.now() + 60_000;
    for (;;) {
      const ok = await fetch(`${url}/healthz`)
        .then((r) => r.ok)
        .catch(() => false);
      if (ok) return;
      if (state.over || Date.now() > deadline) throw new Error(`the product did not start:\n${log}`);
      await new Promise((tick) => setTimeout(tick, 50));
    }
  }

  async function token(user: string): Promise<string> {
    const known = tokens.get(user);
    if (known !== undefined) return known;
    const answer = await fetch(`${url}/api/v1/auth/login`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ username: user, password: PASSWORD }),
    });
    const body = (await answer.json()) as { token: string };
    if (!answer.ok) throw new Error(`login of ${user}: ${answer.status}`);
    tokens.set(user, body.token);
    return body.token;
  }

  const product: Product = {
    url,
    sipPort: sip,
    smtpPort: smtp,
    erpUrl: `http://127.0.0.1:${erp}`,
    dataDir,
    log: () => log,
    pid: () => child?.pid ?? 0,
    token,
    async api<T>(user: string, method: string, path: string, body?: unknown): Promise<T> {
      const answer = await fetch(url + path, {
        method,
        headers: { authorization: `Bearer ${await token(user)}`, 'content-type': 'application/json' },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      const text = await answer.text();
      if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`);
      return (text === '' ? {} : JSON.parse(text)) as T;
    },
    async kill() {
      child?.kill('SIGKILL');
      await exited;
    },
    start,
    async stop() {
      child?.kill('SIGTERM');
      return exited;
    },
    async end() {
      await product.stop();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
  await start();
  return product;
}

/** Asks again until `test` holds; a condition of another process has no event to wait for. */
export async function eventually<T>(
  what: string,
  ask: () => Promise<T>,
  test: (answer: T) => boolean,
  limitMs = 15_000,
): Promise<T> {
  const deadline = Date.now() + limitMs;
  let last: T | undefined;
  while (Date.now() < deadline) {
    last = await ask();
    if (test(last)) return last;
    await new Promise((tick) => setTimeout(tick, 100));
  }
  throw new Error(`${what} did not come about; last: ${JSON.stringify(last ?? null).slice(0, 2000)}`);
}
