import type { OutgoingCall, SipDialog } from '../ports.ts';
import type { Trunks } from './admission.ts';
import { type EdgeDialog, SipError } from './edge-dialog.ts';
import { parseUri } from './embedded/sip-message.ts';
import type { Registrar } from './registrar.ts';
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
}

/** Throws SipError: 480 nobody registered, 404 no such trunk or no way out. */
export function targetOf(deps: OutgoingDeps, to: OutgoingCall['to']): Target {
  if (to.kind === 'softphone') {
    const [binding] = deps.registrar.of(to.username);
    if (!binding) throw new SipError(480, 'Temporarily Unavailable');
    const { transport, address, port } = binding.peer;
    const host = address.includes(':') ? `[${address}]` : address;
    return {
      uri: binding.contact,
      to: `<sip:${encodeURIComponent(to.username)}@${deps.realm}>`,
      proxy: `sip:${host}:${port};transport=${transport}`,
      auth: undefined,
    };
  }
  const trunk = deps.trunks.byId(to.trunkId);
  const base = parseUri(trunk?.outboundUri ?? '');
  if (!trunk || !base) throw new SipError(404, 'No Route');
  if (!/^[+0-9A-Za-z*#._-]+$/.test(to.number)) throw new SipError(404, 'Bad Number');
  const host = base.host.includes(':') ? `[${base.host}]` : base.host;
  const transport = base.params['transport'];
  const port = base.port === undefined ? '' : `:${base.port}`;
  const uri = `sip:${to.number}@${host}${port}${transport === undefined ? '' : `;transport=${transport}`}`;
  return { uri, to: `<${uri}>`, proxy: undefined, auth: trunk.digest };
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
    const cancel = (): void => {
      aborted = true;
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
      headers: { ...call.headers, ...session, From: fromOf(call), To: target.to },
      ...(target.proxy !== undefined && { proxy: target.proxy }),
      ...(target.auth && { auth: target.auth }),
    };
    const progress = {
      cbRequest: (_error: unknown, request: SrfRequest | undefined) => {
        sent = request;
        if (aborted) cancel();
      },
      cbProvisional: (response: SrfResponse) => {
        if (response.status === 180 || response.status === 183) call.onRinging?.();
      },
    };
    deps.srf.createUAC(target.uri, options, progress, (error, srfDialog) => {
      finished();
      if (error) {
        reject(failureOf(error));
        return;
      }
      const dialog = deps.adopt(srfDialog, 'uac');
      if (!aborted) resolve(dialog);
      else {
        // The answer and our CANCEL crossed (RFC 3261 §9.1): hang up.
        void dialog.bye();
        reject(new SipError(487, 'Request Terminated'));
      }
    });
  });
}

/** The server puts its own address where "localhost" stands. */
function fromOf(call: OutgoingCall): string {
  const user = encodeURIComponent(call.callerUser).replace(/%2B/gi, '+').replace(/%23/g, '%23');
  const uri = user === '' ? 'sip:anonymous@localhost' : `sip:${user}@localhost`;
  return call.callerName === undefined
    ? `<${uri}>`
    : `"${call.callerName.replace(/["\\\r\n]/g, ' ')}" <${uri}>`;
}

function failureOf(error: unknown): SipError {
  const { status, reason, res } = (error ?? {}) as { status?: unknown; reason?: unknown; res?: SrfResponse };
  // Not a SIP answer: there was no way to send it (RFC 3261 §8.1.3.1 says 503).
  if (typeof status !== 'number') return new SipError(503, 'Service Unavailable');
  const text = typeof reason === 'string' ? reason : '';
  const minSe = status === 422 && res ? minSeOf(res) : undefined;
  return minSe === undefined ? new SipError(status, text) : new TooSmall(text, minSe);
}
