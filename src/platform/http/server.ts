import { systemClock } from '../../shared/clock.ts';
import { createServer as createHttp, type IncomingMessage, type Server } from 'node:http';
import { createServer as createHttps, Server as HttpsServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import express, { type ErrorRequestHandler, type Express } from 'express';
import { AppError } from '../../shared/errors.ts';
import { isLoopback } from '../../shared/loopback.ts';
import { withoutLastSlashes } from '../../shared/url.ts';
import type { Logger } from '../log/index.ts';
import type { Metrics } from '../metrics/index.ts';
import { deskFiles } from './desk-files.ts';
import type { Health } from './health.ts';
import type { AuditWriter } from './audit.ts';
import { mountRoutes, sendProblem, type MountDeps } from './mount.ts';
import type { Route } from './route.ts';
import type { PrivatePages } from './private-pages.ts';
import { scopesOf } from './scopes.ts';
import type { Authenticator } from './run.ts';
import { requestMarks, securityHeaders } from './security.ts';
import { docsRoutes, healthRoutes } from './system-routes.ts';
import { listenForUpgrades, type UpgradeHandler } from './upgrades.ts';

export type { UpgradeClient, UpgradeHandler } from './upgrades.ts';

export interface HttpServerOptions {
  readonly host: string;
  /** 0 takes a free one. */
  readonly port: number;
  /** PEM texts of TLS_CERT and TLS_KEY. */
  readonly tls?: { readonly cert: string | Buffer; readonly key: string | Buffer } | undefined;
  /** TRUST_PROXY as Express knows it: hops, `loopback`, or addresses. Absent: nobody's X-Forwarded-* is believed. */
  readonly trustProxy?: string | undefined;
  /** PUBLIC_URL; default: scheme, host and port of the listener. */
  readonly publicUrl?: string | undefined;
  /** ALLOWED_ORIGINS: pages beside PUBLIC_URL that may open WebSockets. */
  readonly allowedOrigins?: readonly string[] | undefined;
  /** Folder of the built desk; absent: no pages. */
  readonly deskDir?: string | undefined;
  readonly authenticator: Authenticator;
  /** Told of each call that its route declares. */
  readonly audit: AuditWriter;
  readonly health: Health;
  readonly metrics: Metrics;
  readonly log: Logger;
  readonly checkAnswers?: boolean;
  /** NODE_ENV=production: the API's document and the engines' details are not for strangers. Default false. */
  readonly production?: boolean;
  /** METRICS_TOKEN. */
  readonly metricsToken?: string | undefined;
}

export interface HttpServer {
  /** The listener itself: socket.io attaches to it. */
  readonly server: Server;
  /** Before start(). */
  addRoutes(routes: readonly Route[]): void;
  /** Doors beside the routes (sockets) that ask an API key for a scope. */
  addDoors(doors: readonly Pick<Route, 'scope'>[]): void;
  /** Every scope that a route or another door asks for, sorted. */
  scopes(): readonly string[];
  /** Takes WebSocket upgrades of exactly this path, of our own pages and of no browser. `/socket.io` is reserved for the realtime room. */
  onUpgrade(path: string, handler: UpgradeHandler): void;
  /** Whether a request that names an Origin comes from a page of ours. */
  admitsOrigin(request: IncomingMessage): boolean;
  /** The client's address, through the proxies of TRUST_PROXY. */
  clientAddress(request: IncomingMessage): string;
  /** Errors: http.portInUse, http.address; createHttpServer itself: tls.invalid. */
  start(): Promise<{ readonly port: number; readonly url: string }>;
  /** A renewed certificate: new connections get it, those that stand keep theirs. Errors: tls.invalid (the old one stays). */
  renewTls(tls: NonNullable<HttpServerOptions['tls']>): void;
  /** PUBLIC_URL, or the listener's own address; known after start(). */
  publicUrl(): string;
  /** Stops listening, lets answers under way finish for `graceMs`, then cuts. Idempotent. */
  stop(graceMs?: number): Promise<void>;
}

export function createHttpServer(options: HttpServerOptions): HttpServer {
  const routes: Route[] = [];
  const doors: Pick<Route, 'scope'>[] = [];
  const app = express();
  const server: Server = options.tls === undefined ? createHttp(app) : secureServer(options.tls, app);
  // Slow senders are cut (slowloris): headers in 10 s; bodies of imports may take minutes.
  server.headersTimeout = 10_000;
  server.requestTimeout = 300_000;
  app.set('trust proxy', trustProxy(options.trustProxy));
  const sockets = trackSockets(server);
  const publicUrl = (): string =>
    options.publicUrl === undefined ? listenerUrl(server, options) : withoutLastSlashes(options.publicUrl);
  const upgrades = listenForUpgrades(server, {
    app,
    log: options.log,
    publicUrl,
    allowedOrigins: options.allowedOrigins ?? [],
    loopback: isLoopback(options.host),
  });
  let stopping: Promise<void> | undefined;

  return {
    server,
    addRoutes: (more) => void routes.push(...more),
    addDoors: (more) => void doors.push(...more),
    scopes: () => scopesOf([...routes, ...systemRoutes(routes, options, publicUrl), ...doors]),
    onUpgrade: (path, handler) => upgrades.on(path, handler),
    admitsOrigin: (request) => upgrades.admitsOrigin(request),
    clientAddress: (request) => upgrades.clientAddress(request),
    publicUrl,
    renewTls: (tls) => {
      if (server instanceof HttpsServer) withTls(() => server.setSecureContext({ ...tls, ...TLS_FLOOR }));
    },
    start: async () => {
      configure(app, routes, options, publicUrl);
      await listen(server, options);
      return { port: portOf(server), url: publicUrl() };
    },
    stop: (graceMs = 2000) => (stopping ??= close(server, sockets, graceMs)),
  };
}

const TLS_FLOOR = { minVersion: 'TLSv1.2' } as const;

const secureServer = (tls: NonNullable<HttpServerOptions['tls']>, app: Express): Server =>
  withTls(() => createHttps({ ...tls, ...TLS_FLOOR }, app));

/** OpenSSL's reasons as one code. */
function withTls<T>(use: () => T): T {
  try {
    return use();
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new AppError(
      'tls.invalid',
      500,
      `TLS_CERT and TLS_KEY are no PEM certificate with its own key: ${reason}`,
    );
  }
}

function configure(
  app: Express,
  routes: readonly Route[],
  options: HttpServerOptions,
  publicUrl: () => string,
): void {
  const seconds = options.metrics.histogram('ramal_http_seconds', 'HTTP answers by route pattern', [
    'method',
    'route',
    'status',
  ]);
  const deps: MountDeps = {
    authenticator: options.authenticator,
    audit: options.audit,
    log: options.log,
    onAnswer: (method, route, status, took) =>
      seconds.observe({ method, route, status: String(status) }, took),
    checkAnswers: options.checkAnswers ?? false,
  };
  app.disable('x-powered-by');
  app.set('etag', false);
  app.set('query parser', 'simple');
  app.use(requestMarks());
  app.use(
    securityHeaders({ https: options.tls !== undefined || options.publicUrl?.startsWith('https:') === true }),
  );
  app.use(mountRoutes([...routes, ...systemRoutes(routes, options, publicUrl)], deps));
  if (options.deskDir !== undefined) app.use(deskFiles(options.deskDir));
  app.use(() => {
    throw new AppError('route.unknown', 404, 'There is nothing here.');
  });
  app.use(lastResort(options.log));
}

/** Health, figures and the API's own document. */
function systemRoutes(
  routes: readonly Route[],
  { health, metrics, production = false, metricsToken, trustProxy: proxies }: HttpServerOptions,
  publicUrl: () => string,
): readonly Route[] {
  const pages: PrivatePages = { production, metricsToken, behindProxy: trustProxy(proxies) !== false };
  return [...healthRoutes(health, metrics, pages), ...docsRoutes(() => routes, publicUrl, pages)];
}

/** `true`, a number of hops, or names and addresses (`loopback, 10.0.0.0/8`). */
function trustProxy(setting: string | undefined): boolean | number | string {
  if (setting === undefined || setting === 'false') return false;
  if (setting === 'true') return true;
  return /^\d+$/.test(setting) ? Number(setting) : setting;
}

function lastResort(log: Logger): ErrorRequestHandler {
  // Express tells error handlers by their four parameters.
  return (error: unknown, _request, response, _next) => sendProblem(response, error, log, '-');
}

/** Upgraded sockets are no longer known to server.closeAllConnections: remember all. */
function trackSockets(server: Server): Set<Socket> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  return sockets;
}

function listen(server: Server, options: HttpServerOptions): Promise<void> {
  return new Promise((resolve, reject) => {
    const onError = (error: NodeJS.ErrnoException): void => reject(listenError(error, options));
    server.once('error', onError);
    server.listen(options.port, options.host, () => {
      server.off('error', onError);
      resolve();
    });
  });
}

function listenError(error: NodeJS.ErrnoException, options: HttpServerOptions): Error {
  const where = `${options.host}:${options.port}`;
  if (error.code === 'EADDRINUSE')
    return new AppError(
      'http.portInUse',
      500,
      `Something else already listens on ${where}. Stop it, or choose another port with HTTP_PORT.`,
    );
  if (['EACCES', 'EADDRNOTAVAIL', 'ENOTFOUND', 'EAI_AGAIN', 'EINVAL'].includes(error.code ?? ''))
    return new AppError('http.address', 500, `Cannot listen on ${where}: check HTTP_HOST and HTTP_PORT.`);
  return error;
}

function portOf(server: Server): number {
  const address = server.address() as AddressInfo | null;
  return address?.port ?? 0;
}

function listenerUrl(server: Server, options: HttpServerOptions): string {
  const scheme = options.tls === undefined ? 'http' : 'https';
  const any = options.host === '0.0.0.0' || options.host === '::';
  const host = any ? 'localhost' : options.host.includes(':') ? `[${options.host}]` : options.host;
  return `${scheme}://${host}:${portOf(server) || options.port}`;
}

async function close(server: Server, sockets: ReadonlySet<Socket>, graceMs: number): Promise<void> {
  if (!server.listening) return;
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  server.closeIdleConnections();
  const timer = systemClock.after(graceMs, () => {
    for (const socket of sockets) socket.destroy();
  });
  await closed;
  timer.cancel();
}
