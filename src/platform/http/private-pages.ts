import { createHash, timingSafeEqual } from 'node:crypto';
import { BlockList, isIP } from 'node:net';
import { AppError } from '../../shared/errors.ts';
import type { RequestInfo } from './route.ts';

/** Who may read what tells of the server itself: its figures, its engines' addresses, its whole API. */
export interface PrivatePages {
  readonly production: boolean;
  /** METRICS_TOKEN. */
  readonly metricsToken: string | undefined;
  /** TRUST_PROXY is set: the client's address is what the proxy saw. */
  readonly behindProxy: boolean;
}

type Asker = Pick<RequestInfo, 'ip' | 'headers'>;

const loopback = new BlockList();
loopback.addSubnet('127.0.0.0', 8, 'ipv4');
loopback.addAddress('::1', 'ipv6');

/** Hops that a proxy writes. Somebody else's proxy on this machine would otherwise lend its loopback address to everybody. */
const PROXY_MARKS = ['x-forwarded-for', 'forwarded', 'via', 'x-real-ip'] as const;

const bearer = (asker: Asker): string | undefined =>
  /^Bearer (\S{1,512})$/i.exec(asker.headers['authorization'] ?? '')?.[1];

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();

export function isLocal({ behindProxy }: PrivatePages, { ip, headers }: Asker): boolean {
  if (!behindProxy && PROXY_MARKS.some((mark) => headers[mark] !== undefined)) return false;
  const family = isIP(ip);
  return family !== 0 && loopback.check(ip, family === 6 ? 'ipv6' : 'ipv4');
}

function hasToken({ metricsToken }: PrivatePages, asker: Asker): boolean {
  const given = bearer(asker);
  return (
    metricsToken !== undefined && given !== undefined && timingSafeEqual(digest(given), digest(metricsToken))
  );
}

/** `/metrics`: METRICS_TOKEN as Bearer; without one this machine only. Errors: metrics.token 401, metrics.private 403. */
export function assertMayReadMetrics(pages: PrivatePages, asker: Asker): void {
  if (pages.metricsToken === undefined) {
    if (isLocal(pages, asker)) return;
    throw new AppError(
      'metrics.private',
      403,
      'Figures are for this machine only. Set METRICS_TOKEN to read them from another.',
    );
  }
  if (!hasToken(pages, asker))
    throw new AppError('metrics.token', 401, 'Figures need METRICS_TOKEN as Bearer token.');
}

/** Details of `/healthz` and `/readyz`: in production for this machine and for whoever may read the figures. */
export const seesDetails = (pages: PrivatePages, asker: Asker): boolean =>
  !pages.production || isLocal(pages, asker) || hasToken(pages, asker);
