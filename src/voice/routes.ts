import { AppError } from '../shared/errors.ts';
import type { CompanyId } from '../shared/ids.ts';
import type { Phones } from './phones.ts';
import type { OutgoingCall, SipFailure } from './ports.ts';
import { simulatorUsername } from './simulator.ts';
import type { TrunkChannels, TrunkLine } from './trunks.ts';

/** One way to a number. */
export interface Route {
  readonly to: OutgoingCall['to'];
  readonly media: 'rtp' | 'webrtc';
  readonly callerId: string;
  readonly trunk: TrunkLine | null;
}

const DEFAULT_ORDER = 100;

const longestPrefix = ({ prefixes = [] }: TrunkLine, number: string): number =>
  Math.max(
    -1,
    ...prefixes.filter(({ prefix }) => number.startsWith(prefix)).map(({ prefix }) => prefix.length),
  );

/** Numbers that this trunk may show; undefined: any. */
export const shown = ({ callerId, callerIds }: TrunkLine): readonly string[] | undefined =>
  callerIds === undefined || callerIds.length === 0
    ? undefined
    : [...(callerId === undefined ? [] : [callerId]), ...callerIds];

/**
 * Trunks that take this call, the first choice first: by their order, and of equal ones the one that names the longest beginning of the
 * number. Errors: trunk.noOutbound 409, call.fromNotOwned 422 when none may show the wanted number.
 */
export function trunksFor(
  lines: readonly TrunkLine[],
  number: string,
  from: string | undefined,
): TrunkLine[] {
  const outbound = lines.filter((line) => line.direction !== 'inbound');
  if (outbound.length === 0)
    throw new AppError('trunk.noOutbound', 409, 'no trunk of this company takes outbound calls');
  const able = outbound.filter((line) => from === undefined || (shown(line)?.includes(from) ?? true));
  if (able.length === 0)
    throw new AppError('call.fromNotOwned', 422, 'No trunk shows this number.', {
      numbers: [...new Set(outbound.flatMap((line) => shown(line) ?? []))],
    });
  return able.sort(
    (a, b) =>
      (a.order ?? DEFAULT_ORDER) - (b.order ?? DEFAULT_ORDER) ||
      longestPrefix(b, number) - longestPrefix(a, number),
  );
}

const overTrunk = (trunk: TrunkLine, number: string, from: string | undefined): Route => ({
  to: { kind: 'trunk', trunkId: trunk.id, number },
  media: 'rtp',
  callerId: from ?? trunk.callerId ?? shown(trunk)?.[0] ?? 'anonymous',
  trunk,
});

/** Where a number is called: the demo's simulated phone when there is one, else the trunks that take outbound calls, in their order. */
export function routesTo(
  trunks: readonly TrunkLine[],
  phones: Phones,
  companyId: CompanyId,
  number: string,
  from: string | undefined,
): readonly [Route, ...Route[]] {
  const simulated = phones.get(simulatorUsername(number));
  if (simulated !== undefined) {
    const to = { kind: 'softphone', username: simulated.username } as const;
    return [{ to, media: simulated.media, callerId: from ?? 'ramal', trunk: null }];
  }
  const own = trunks.filter((line) => line.companyId === companyId);
  return trunksFor(own, number, from).map((trunk) => overTrunk(trunk, number, from)) as [Route, ...Route[]];
}

/** A way with its line taken. */
export interface Taken {
  readonly route: Route;
  readonly release: () => void;
  /** What is left to try when this way fails. */
  readonly others: readonly Route[];
}

/** The first way with a free line. Errors: trunk.full 503 when none has. */
export function takeLine(routes: readonly Route[], channels: TrunkChannels): Taken {
  let full: unknown = new AppError('trunk.full', 503, 'no free channel on the trunk');
  for (const [index, route] of routes.entries()) {
    try {
      const release = route.trunk === null ? () => undefined : channels.take(route.trunk.id, 'outbound');
      return { route, release, others: routes.slice(index + 1) };
    } catch (error) {
      full = error;
    }
  }
  throw full;
}

/** The trunk failed, or was silent, and not the called one: worth another trunk (RFC 3261 §21.5). */
export const isTrunkFault = ({ status, unheard }: Pick<SipFailure, 'status' | 'unheard'>): boolean =>
  unheard === true || (status >= 500 && status < 600);
