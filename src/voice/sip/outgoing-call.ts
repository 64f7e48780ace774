import { writtenNumber } from '../../shared/br/written-number.ts';
import type { OutgoingCall, SipDialog, TrunkConfig } from '../ports.ts';
import type { Trunks } from './admission.ts';
import { type EdgeDialog, SipError } from './edge-dialog.ts';
import { parseUri, type SipUri, wantsTls } from './embedded/sip-values.ts';
import type { Registrar } from './registrar.ts';
import { retryAfterS } from './retry-after.ts';
import { minSeOf, offerSession } from './session-offer.ts';
import type { SrfDialog, SrfLike, SrfRequest, SrfResponse, UacOptions } from './srf-types.ts';

export interface OutgoingDeps {
  readonly srf: SrfLike;
  readonly realm: string;
  readonly trunks: Trunks;
  readonly registrar: Registrar;
  readonly adopt: (dialog: SrfDialog, role: 'uac') => EdgeDialog;
}

/** 422 with the Min-SE of the peer. */
class TooSmall extends SipError {
  readonly minSe: number;

  constructor(reason: string, minSe: number) {
    super(422, reason);
    this.minSe = minSe;
  }
}

interface Target {
  readonly uri: string;
  readonly to: string;
  /** The next hop, when it is not where the URI points: the softphone's own flow. */
  readonly proxy: string | undefined;
  readonly auth: { readonly username: string; readonly password: string } | undefined;
  /** What stands behind the @ of From; "localhost" becomes the server's own address. */
  readonly from: string;
}

const bracketed = (host: string): string => (host.includes(':') ? `[${host}]` : host);

/** Throws SipError: 480 nobody registered, 404 no such trunk or no way out, 503 a trunk that asks for TLS. */
export function targetOf(deps: OutgoingDeps, to: OutgoingCall['to']): Target {
  if (to.kind === 'trunk') return trunkTarget(deps.trunks.byId(to.trunkId), to.number);
  const [binding] = deps.registrar.of(to.username);
  if (!binding) throw new SipError(480, 'Temporarily Unavailable');
  const { transport, address, port } = binding.peer;
  return {
    uri: binding.contact,
    to: `<sip:${encodeURIComponent(to.username)}@${deps.realm}>`,
    proxy: `sip:${bracketed(address)}:${port};transport=${transport}`,
    auth: undefined,
    from: 'localhost',
  };
}

function trunkTarget(trunk: TrunkConfig | undefined, number: string): Target {
  const base = parseUri(trunk?.outboundUri ?? trunk?.registration?.registrar ?? '');
  if (!trunk || !base) throw new SipError(404, 'No Route');
  refuseTls(base, parseUri(trunk.proxy ?? ''));
  if (!/^[+0-9A-Za-z*#._-]+$/.test(number)) throw new SipError(404, 'Bad Number');
  const { registration } = trunk;
  const phone = phoneMark(trunk);
  const uri = `sip:${writtenNumber(trunk.prefixes ?? [], number)}@${placeOf(base, trunk)}${phone}`;
  return {
    uri,
    to: `<${uri}>`,
    proxy: trunk.proxy === undefined ? undefined : spokenTo(trunk.proxy, trunk),
    auth: trunk.digest ?? registration,
    // Who registers calls as a user of that domain.
    from: `${registration === undefined ? 'localhost' : bracketed(base.host)}${phone}`,
  };
}

/** Never in clear what asks for encryption; the settings refuse such a trunk, one of an older version may be stored. */
function refuseTls(...ways: readonly (SipUri | undefined)[]): void {
  if (ways.some((way) => way !== undefined && wantsTls(way))) throw new SipError(503, 'No TLS');
}

const phoneMark = ({ userPhone }: TrunkConfig): string => (userPhone === true ? ';user=phone' : '');

/** An address that names no transport is spoken to by the first that was agreed; UDP needs no word (RFC 3263 §4.1). */
function transportFor({ params }: SipUri, { transports }: TrunkConfig): string | undefined {
  const [first = 'udp'] = transports ?? [];
  return params['transport'] ?? (first === 'udp' ? undefined : first);
}

function spokenTo(address: string, trunk: TrunkConfig): string {
  const uri = parseUri(address);
  const transport = uri && transportFor(uri, trunk);
  return transport === undefined || uri?.params['transport'] !== undefined
    ? address
    : `${address};transport=${transport}`;
}

function placeOf(uri: SipUri, trunk: TrunkConfig): string {
  const { host, port } = uri;
  const transport = transportFor(uri, trunk);
  const at = port === undefined ? bracketed(host) : `${bracketed(host)}:${port}`;
  return transport === undefined ? at : `${at};transport=${transport}`;
}

/** Rejects with SipError; 487 when the signal aborted it. `under` holds the cancel of each call under way. */
export async function placeCall(
  deps: OutgoingDeps,
  call: OutgoingCall,
  under: Set<() => void>,
): Promise<SipDialog> {
  const target = targetOf(deps, call.to);
  try {
    return await attempt(deps, call, target, offerSession(), under);
  } catch (error) {
    // RFC 4028 §7.3: 422 tells the smallest interval that the peer takes.
    if (!(error instanceof TooSmall)) throw error;
    return attempt(deps, call, target, offerSession(error.minSe), under);
  }
}

function attempt(
  deps: OutgoingDeps,
  call: OutgoingCall,
  target: Target,
  session: Record<string, string>,
  under: Set<() => void>,
): Promise<SipDialog> {
  const { signal } = call;
  return new Promise((resolve, reject) => {
    let aborted = signal?.aborted === true;
    if (aborted) {
      reject(new SipError(487, 'Request Terminated'));
      return;
    }
    let sent: SrfRequest | undefined;
    let heard = false;
    const cancel = (): void => {
      if (aborted) return;
      aborted = true;
      // Whoever gives up is free now. The transaction ends by itself, however long the other side takes.
      reject(new SipError(487, 'Request Terminated'));
      sent?.cancel(() => undefined);
    };
    const finished = (): void => {
      under.delete(cancel);
      signal?.removeEventListener('abort', cancel);
    };
    under.add(cancel);
    signal?.addEventListener('abort', cancel);
    const options: UacOptions = {
      localSdp: call.localSdp,
      headers: { ...call.headers, ...session, From: fromOf(call, target.from), To: target.to },
      ...(target.proxy !== undefined && { proxy: target.proxy }),
      ...(target.auth && { auth: target.auth }),
    };
    const hear = (): void => {
      heard = true;
      call.onHeard?.();
    };
    const progress = {
      cbRequest: (_error: unknown, request: SrfRequest | undefined) => {
        sent = request;
        if (aborted) request?.cancel(() => undefined);
      },
      cbChallenged: hear,
      cbProvisional: (response: SrfResponse) => {
        hear();
        if (response.status === 180 || response.status === 183) call.onRinging?.();
      },
    };
    deps.srf.createUAC(target.uri, options, progress, (error, srfDialog) => {
      finished();
      if (error) {
        reject(failureOf(error, heard));
        return;
      }
      const dialog = deps.adopt(srfDialog, 'uac');
      if (!aborted) resolve(dialog);
      // The answer and our CANCEL crossed (RFC 3261 §9.1): hang up.
      else void dialog.bye();
    });
  });
}

/** OPTIONS to the newest phone of this user: any answer is one, but for "nobody" and "no way" (RFC 3261 §11, §8.1.3.1). */
export function askPhone(deps: OutgoingDeps, username: string): Promise<boolean> {
  return new Promise((resolve) => {
    let target: Target;
    try {
      target = targetOf(deps, { kind: 'softphone', username });
    } catch {
      resolve(false);
      return;
    }
    const headers = { To: target.to, From: `<sip:ping@localhost>`, Accept: 'application/sdp' };
    const proxy = target.proxy === undefined ? {} : { proxy: target.proxy };
    deps.srf.request(target.uri, { method: 'OPTIONS', headers, ...proxy }, (error, request) => {
      if (error) resolve(false);
      else
        request.on('response', ({ status }) => resolve(status !== 408 && status !== 480 && status !== 503));
    });
  });
}

/** The server puts its own address where "localhost" stands. */
function fromOf(call: OutgoingCall, domain: string): string {
  const user = encodeURIComponent(call.callerUser).replace(/%2B/gi, '+').replace(/%23/g, '%23');
  const uri = `sip:${user === '' ? 'anonymous' : user}@${domain}`;
  return call.callerName === undefined
    ? `<${uri}>`
    : `"${call.callerName.replace(/["\\\r\n]/g, ' ')}" <${uri}>`;
}

function failureOf(error: unknown, heard: boolean): SipError {
  const { status, reason, res } = (error ?? {}) as { status?: unknown; reason?: unknown; res?: SrfResponse };
  // Not a SIP answer: there was no way to send it (RFC 3261 §8.1.3.1 says 503).
  if (typeof status !== 'number') return new SipError(503, 'Service Unavailable');
  const text = typeof reason === 'string' ? reason : '';
  const minSe = status === 422 && res ? minSeOf(res) : undefined;
  if (minSe !== undefined) return new TooSmall(text, minSe);
  return new SipError(status, text, retryAfterS(res?.get('retry-after')), status === 408 && !heard);
}
