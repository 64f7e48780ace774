import type { IncomingMessage, Server } from 'node:http';
import { isIP } from 'node:net';
import type { Duplex } from 'node:stream';
import type { Express, Request } from 'express';
import type { Logger } from '../log/index.ts';

/** Who asks for a WebSocket. */
export interface UpgradeClient {
  /** The client's, through the proxies of TRUST_PROXY. */
  readonly address: string;
}

export type UpgradeHandler = (
  request: IncomingMessage,
  socket: Duplex,
  head: Buffer,
  client: UpgradeClient,
) => void;

export interface UpgradeOptions {
  readonly app: Express;
  readonly log: Logger;
  /** Known once the listener is up. */
  readonly publicUrl: () => string;
  /** ALLOWED_ORIGINS: other pages that may open WebSockets. */
  readonly allowedOrigins: readonly string[];
  /** HTTP_HOST is loopback: pages of this machine pass. */
  readonly loopback: boolean;
}

export interface Upgrades {
  on(path: string, handler: UpgradeHandler): void;
  /**
   * False: the request names an Origin (so it comes from a browser) that is none of ours. Browsers send WebSockets across
   * origins without asking anybody (RFC 6455 §10.2); other user agents name none and prove themselves by password.
   */
  admitsOrigin(request: IncomingMessage): boolean;
  clientAddress(request: IncomingMessage): string;
}

const LOOPBACK = /^(localhost|[\w-]+\.localhost|127(\.\d{1,3}){3}|\[::1\])$/i;

export const originOf = (text: string): string | undefined =>
  URL.canParse(text) ? new URL(text).origin : undefined;

/** Dispatches WebSocket upgrades by their path. `/socket.io` has its own listener, which asks `admitsOrigin` too. */
export function listenForUpgrades(server: Server, options: UpgradeOptions): Upgrades {
  const { app, log, allowedOrigins, loopback, publicUrl } = options;
  const handlers = new Map<string, UpgradeHandler>();
  const told = new Set<string>();
  const allowed = new Set(allowedOrigins.map((text) => originOf(text)));

  function isOurs(origin: string): boolean {
    const parsed = originOf(origin);
    // Sandboxed frames and files say `null`.
    if (parsed === undefined || parsed === 'null') return false;
    if (allowed.has(parsed) || parsed === originOf(publicUrl())) return true;
    const { protocol, hostname } = new URL(parsed);
    return loopback && /^https?:$/.test(protocol) && LOOPBACK.test(hostname);
  }

  function admitsOrigin({ headers }: IncomingMessage): boolean {
    const { origin } = headers;
    if (origin === undefined || isOurs(origin)) return true;
    // Once an origin: a strange page that asks again and again must not fill the log.
    if (!told.has(origin) && told.size < 100) {
      told.add(origin);
      log.warn(
        { origin: origin.slice(0, 200) },
        'WebSocket of a strange page refused: its origin is neither PUBLIC_URL nor in ALLOWED_ORIGINS',
      );
    }
    return false;
  }

  const clientAddress = (request: IncomingMessage): string => {
    const direct = plain(request.socket.remoteAddress ?? '');
    // What Express does with every request; upgrades do not pass through it.
    const named = (Object.setPrototypeOf(request, app.request) as Request).ip;
    const address = plain(named ?? '');
    return isIP(address) === 0 ? direct : address;
  };

  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    const path = (request.url ?? '').split('?', 1)[0]?.replace(/\/$/, '') ?? '';
    const handler = handlers.get(path);
    if (handler === undefined && path !== '/socket.io') refuse(socket, '404 Not Found');
    else if (!admitsOrigin(request)) {
      refuse(socket, '403 Forbidden');
      // Socket.IO's listener comes next and goes by the path: this one is answered.
      request.url = '';
    } else handler?.(request, socket, head, { address: clientAddress(request) });
  });
  return { on: (path, handler) => void handlers.set(path, handler), admitsOrigin, clientAddress };
}

function refuse(socket: Duplex, status: string): void {
  socket.on('error', () => socket.destroy());
  // Who never closes its side would keep it for ever.
  socket.once('finish', () => socket.destroy());
  socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
}

/** Some proxies write a port behind the address, and dual-stack sockets map IPv4. */
function plain(address: string): string {
  const bare = /^\[([^\]]+)\](:\d+)?$/.exec(address)?.[1] ?? /^([\d.]+):\d+$/.exec(address)?.[1] ?? address;
  return bare.replace(/^::ffff:(?=\d+\.)/i, '');
}
