import { lookup } from 'node:dns/promises';
import { BlockList, isIP } from 'node:net';
import type { z } from 'zod';
import { AppError } from '../shared/errors.ts';

/** Largest answer that is read, in bytes: an ERP that streams without end must not fill the memory. */
const MAX_BYTES = 4 * 1024 * 1024;

export interface ErpHttpOptions {
  readonly baseUrl: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** The administrator allowed this connector to reach private and loopback addresses. */
  readonly allowPrivate: boolean;
  /** Milliseconds until a call is given up (erp.md: 12 s). */
  readonly timeoutMs: number;
}

export interface ErpHttp {
  get<T>(path: string, shape: z.ZodType<T>, signal: AbortSignal): Promise<T>;
}

function privateAddresses(): BlockList {
  const list = new BlockList();
  const v4 = [
    '0.0.0.0/8',
    '10.0.0.0/8',
    '100.64.0.0/10',
    '127.0.0.0/8',
    '169.254.0.0/16',
    '172.16.0.0/12',
    '192.168.0.0/16',
    '224.0.0.0/3',
  ];
  for (const net of v4) list.addSubnet(net.split('/')[0] ?? '', Number(net.split('/')[1]), 'ipv4');
  // With the ways to an IPv4 address: compatible (RFC 4291 §2.5.5.1), NAT64 (RFC 6052, 8215), 6to4 (RFC 3056), Teredo (RFC 4380).
  const v6 = [
    '::/96',
    '64:ff9b::/96',
    '64:ff9b:1::/48',
    '2001::/32',
    '2002::/16',
    'fc00::/7',
    'fe80::/9',
    'ff00::/8',
  ];
  for (const net of v6) list.addSubnet(net.split('/')[0] ?? '', Number(net.split('/')[1]), 'ipv6');
  return list;
}

/** SSRF guard (erp.md): the host must not lead into the server's own network unless the administrator said so. */
async function guard(url: URL, blocked: BlockList): Promise<void> {
  const host = url.hostname.replace(/^\[|\]$/g, '');
  const addresses =
    isIP(host) > 0 ? [{ address: host, family: isIP(host) }] : await lookup(host, { all: true });
  for (const { address, family } of addresses) {
    // An IPv4 address inside of an IPv6 one (RFC 4291 §2.5.5.2) is found by the rules for IPv4, in either writing.
    if (blocked.check(address, family === 6 ? 'ipv6' : 'ipv4'))
      throw new AppError(
        'erp.forbiddenAddress',
        502,
        'the ERP address is private and not allowed by the administrator',
      );
  }
}

async function readLimited(response: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  // The fetch body is an async iterable in Node; the DOM type does not say so.
  for await (const chunk of (response.body ?? []) as AsyncIterable<Uint8Array>) {
    size += chunk.byteLength;
    if (size > MAX_BYTES) throw new AppError('erp.badAnswer', 502, 'the ERP answer is too large');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

/** Judges the body, not the status: several ERPs answer errors as HTML with 200. */
function parseBody<T>(text: string, shape: z.ZodType<T>): T {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw new AppError('erp.badAnswer', 502, 'the ERP answered something that is not JSON');
  }
  const parsed = shape.safeParse(json);
  if (!parsed.success) throw new AppError('erp.badAnswer', 502, 'the ERP answered in an unknown shape');
  return parsed.data;
}

function toAppError(error: unknown, timedOut: boolean): AppError {
  if (error instanceof AppError) return error;
  if (timedOut) return new AppError('erp.timeout', 504, 'the ERP did not answer in time');
  return new AppError('erp.unreachable', 502, 'the ERP cannot be reached');
}

/** HTTP to an ERP by the rules of erp.md: time-out, SSRF guard, no redirects, limited answers, judged bodies. */
export function createErpHttp(options: ErpHttpOptions): ErpHttp {
  const blocked = privateAddresses();
  return {
    async get(path, shape, signal) {
      const timeout = AbortSignal.timeout(options.timeoutMs);
      try {
        const url = new URL(path, options.baseUrl);
        if (!options.allowPrivate) await guard(url, blocked);
        const response = await fetch(url, {
          headers: { accept: 'application/json', ...options.headers },
          redirect: 'manual',
          signal: AbortSignal.any([signal, timeout]),
        });
        const text = await readLimited(response);
        if (response.status >= 300)
          throw new AppError('erp.refused', 502, `the ERP answered status ${response.status}`);
        return parseBody(text, shape);
      } catch (error) {
        throw toAppError(error, timeout.aborted);
      }
    },
  };
}
