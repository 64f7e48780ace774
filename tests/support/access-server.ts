import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type Access,
  accessAdminRoutes,
  authRoutes,
  createAccess,
  createPasswords,
  createSecrets,
} from '../../src/access/index.ts';
import {
  companiesRoutes,
  companyRoutes,
  type CompanyRoom,
  createCompanyRoom,
  seedDemo,
} from '../../src/company/index.ts';
import {
  createHealth,
  createHttpServer,
  type Health,
  type HttpServer,
  type Route,
} from '../../src/platform/http/index.ts';
import { silentLogger } from '../../src/platform/log/index.ts';
import { createMetrics, type Metrics } from '../../src/platform/metrics/index.ts';
import { openStore } from '../../src/platform/store/index.ts';
import type { Clock, Timer } from '../../src/shared/clock.ts';
import type { CompanyId } from '../../src/shared/ids.ts';
import { systemRandom } from '../../src/shared/random.ts';

export const SEED_PASSWORD = 'demo-password-of-tests';

/** A clock that tests turn by hand. */
export function manualClock(
  start = Date.parse('2026-11-22T12:00:00Z'),
): Clock & { advance(ms: number): void } {
  let now = start;
  const timers = new Set<{ at: number; fn: () => void }>();
  return {
    now: () => now,
    steady: () => now,
    after: (delayMs, fn): Timer => {
      const timer = { at: now + Math.max(0, delayMs), fn };
      timers.add(timer);
      return { cancel: () => void timers.delete(timer) };
    },
    advance: (ms) => {
      const end = now + ms;
      for (;;) {
        const due = [...timers].filter((t) => t.at <= end).sort((a, b) => a.at - b.at)[0];
        if (due === undefined) break;
        timers.delete(due);
        now = Math.max(now, due.at);
        due.fn();
      }
      now = end;
    },
  };
}

export interface AccessServer {
  readonly url: string;
  readonly http: HttpServer;
  readonly access: Access;
  readonly company: CompanyRoom;
  readonly companyId: CompanyId;
  readonly clock: ReturnType<typeof manualClock>;
  readonly health: Health;
  readonly metrics: Metrics;
  readonly dataDir: string;
  call(method: string, path: string, options?: CallOptions): Promise<Answer>;
  login(username: string): Promise<string>;
  stop(): Promise<void>;
}

export interface CallOptions {
  readonly token?: string;
  readonly body?: unknown;
  readonly headers?: Record<string, string>;
}

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  // Tests look into answers of many shapes.
  readonly json: Record<string, unknown>;
}

/** HTTP, access and company on an embedded store in a folder of its own, with the demo users. */
export async function startAccessServer(
  options: {
    readonly routes?: readonly Route[];
    readonly deskDir?: string;
    readonly seed?: boolean;
    readonly dataDir?: string;
    readonly fullCost?: boolean;
    readonly tls?: { readonly cert: string; readonly key: string };
    readonly trustProxy?: string | undefined;
    readonly publicUrl?: string;
    readonly allowedOrigins?: readonly string[];
    readonly production?: boolean;
    readonly metricsToken?: string;
    readonly before?: (http: HttpServer, access: Access) => Promise<void>;
  } = {},
): Promise<AccessServer> {
  const dataDir = options.dataDir ?? (await mkdtemp(join(tmpdir(), 'ramal-access-')));
  const store = await openStore({ kind: 'embedded', dataDir });
  const clock = manualClock();
  const secrets = createSecrets('a secret of tests that is long enough');
  const { connection } = store;
  const company = await createCompanyRoom({
    connection,
    clock,
    random: systemRandom,
    secrets,
    onFault: () => {},
  });
  const access = createAccess({
    connection,
    clock,
    random: systemRandom,
    secrets,
    companies: company,
    passwords: createPasswords({ cheap: options.fullCost !== true }),
    softphone: {
      realm: 'ramal',
      sipDomain: () => '127.0.0.1:5060',
      wsUrl: () => 'ws://127.0.0.1/sip',
      iceServers: [],
    },
  });
  await store.ensureIndexes();
  const companyId =
    options.seed === false ? ('' as CompanyId) : (await seed(access, company, dataDir)).companyId;
  const health = createHealth(clock);
  const metrics = createMetrics({ defaults: false });
  const http = createHttpServer({
    host: '127.0.0.1',
    port: 0,
    tls: options.tls,
    trustProxy: options.trustProxy,
    publicUrl: options.publicUrl,
    allowedOrigins: options.allowedOrigins,
    production: options.production ?? false,
    metricsToken: options.metricsToken,
    authenticator: access.authenticator,
    audit: access.audit,
    health,
    metrics,
    log: silentLogger(),
    checkAnswers: true,
    deskDir: options.deskDir,
  });
  http.addRoutes([
    ...authRoutes(access),
    ...accessAdminRoutes(access, {
      scopes: () => http.scopes(),
      queueExists: (_company, key) => !key.startsWith('sem-'),
    }),
    ...companyRoutes({ company }),
    ...companiesRoutes({ company, access }),
    ...(options.routes ?? []),
  ]);
  await options.before?.(http, access);
  const { port } = await http.start();
  const url = `${options.tls === undefined ? 'http' : 'https'}://127.0.0.1:${port}`;
  const call = caller(url);
  return {
    url,
    http,
    access,
    company,
    companyId,
    clock,
    health,
    metrics,
    dataDir,
    call,
    login: async (username) => {
      const answer = await call('POST', '/api/v1/auth/login', {
        body: { username, password: SEED_PASSWORD },
      });
      return answer.json['token'] as string;
    },
    stop: async () => {
      await http.stop(200);
      access.stop();
      company.stop();
      metrics.stop();
      await store.stop();
      if (options.dataDir === undefined) await rm(dataDir, { recursive: true, force: true });
    },
  };
}

function seed(access: Access, company: CompanyRoom, dataDir: string) {
  return seedDemo({
    access,
    company,
    dataDir,
    password: SEED_PASSWORD,
    sipHost: '127.0.0.1',
    createQueue: () => Promise.resolve(),
    createMailbox: () => Promise.resolve(),
  });
}

function caller(url: string) {
  return async (method: string, path: string, options: CallOptions = {}): Promise<Answer> => {
    const raw = typeof options.body === 'string';
    const response = await fetch(url + path, {
      method,
      headers: {
        ...(options.token === undefined ? {} : { authorization: `Bearer ${options.token}` }),
        ...(options.body === undefined ? {} : { 'content-type': 'application/json' }),
        ...options.headers,
      },
      ...(options.body === undefined ? {} : { body: raw ? options.body : JSON.stringify(options.body) }),
    });
    const text = await response.text();
    let json: Record<string, unknown> = {};
    try {
      json = JSON.parse(text) as Record<string, unknown>;
    } catch {
      // not JSON
    }
    return { status: response.status, headers: response.headers, text, json };
  };
}
