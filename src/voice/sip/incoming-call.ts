import type { IncomingCall, SipDialog, SipPeer, TrunkConfig } from '../ports.ts';
import { type EdgeDialog, SipError } from './edge-dialog.ts';
import { diversionOf } from './diversion.ts';
import { parseNameAddress, splitList, parseUri, userOf } from './embedded/sip-values.ts';
import { readSession, sdpOf } from './session-body.ts';
import { answerSession, MIN_SE } from './session-offer.ts';
import type { SrfDialog, SrfLike, SrfRequest, SrfResponse } from './srf-types.ts';

export interface IncomingDeps {
  readonly srf: SrfLike;
  readonly adopt: (dialog: SrfDialog, role: 'uas') => EdgeDialog;
  /** Calls that are neither answered nor refused nor cancelled. */
  readonly waiting: Set<IncomingCall>;
}

/** RFC 3261 §8.2.3 and §20.1: a body that is no session description, or an answer that the caller could not read. */
function wrongDescription(request: SrfRequest): 415 | 406 | undefined {
  if (readSession(request).kind === 'unreadable') return 415;
  const accept = request.get('accept')?.trim() ?? '';
  return accept === '' || /application\/(?:sdp|\*)|\*\/\*/i.test(accept) ? undefined : 406;
}

interface Caller {
  readonly user: string;
  readonly name: string | undefined;
}

/** RFC 3325: an asserted identity counts only from a trunk that we trust to assert. */
export function callerOf(request: SrfRequest, trunk: TrunkConfig | undefined): Caller {
  const asserted =
    trunk?.trustsAssertedIdentity === true ? splitList(request.get('p-asserted-identity'))[0] : undefined;
  const from = parseNameAddress(asserted ?? request.get('from') ?? '');
  if (isPrivate(request, from?.uri ?? '')) return { user: '', name: undefined };
  return { user: userOf(from?.uri ?? '') ?? '', name: from?.name };
}

/** The caller asks not to be shown (RFC 3323 §4.2, RFC 3325 §9.3, RFC 5379 §4.1), or has no address at all (RFC 3323 §4.1.1.3). */
function isPrivate(request: SrfRequest, uri: string): boolean {
  // Some write the words in quotation marks, which the grammar does not have (RFC 3323 §4.2).
  const wanted = (request.get('privacy') ?? '').toLowerCase().split(/[;,\s"']+/);
  return (
    wanted.includes('id') ||
    wanted.includes('user') ||
    // What stood before RFC 3325, and is still sent: a draft's header, and its word in this one.
    wanted.includes('full') ||
    /;\s*privacy\s*=\s*"?(?:full|uri)\b/i.test(request.get('remote-party-id') ?? '') ||
    /^(?:[^.]+\.)?anonymous\.invalid\.?$/i.test(parseUri(uri)?.host ?? '')
  );
}

/** A registrar calls the user that registered; the number that was dialled stands in To then (RFC 3261 §16.5). */
function calledOf(request: SrfRequest, trunk: TrunkConfig | undefined): string {
  const user = userOf(request.uri) ?? '';
  if (trunk?.registration?.username !== user) return user;
  return userOf(parseNameAddress(request.get('to') ?? '')?.uri ?? '') ?? user;
}

/** An admitted INVITE as the port shows it; undefined when it was refused for its own faults. */
export function createIncomingCall(
  deps: IncomingDeps,
  request: SrfRequest,
  response: SrfResponse,
  source: IncomingCall['source'],
  peer: SipPeer,
  trunk: TrunkConfig | undefined,
): IncomingCall | undefined {
  const session = answerSession(request);
  if (session.kind === 'tooSmall') {
    response.send(422, 'Session Interval Too Small', { headers: { 'Min-SE': String(MIN_SE) } });
    return undefined;
  }
  const { headers: agreed } = session;
  if (!request.has('contact')) {
    response.send(400, 'Missing Contact');
    return undefined;
  }
  const wrong = wrongDescription(request);
  if (wrong !== undefined) {
    response.send(wrong, undefined, { headers: { Accept: 'application/sdp' } });
    return undefined;
  }
  let state: 'open' | 'answered' | 'rejected' | 'cancelled' = 'open';
  const settle = (to: typeof state): void => {
    state = to;
    deps.waiting.delete(call);
  };
  const onCancel: (() => void)[] = [];
  request.on('cancel', () => {
    if (state === 'rejected') return;
    settle('cancelled');
    for (const handler of onCancel) handler();
  });
  // RFC 3262 §3: who requires 100rel must get no unreliable 18x; the 200 alone is enough.
  const quiet = /\b100rel\b/i.test(request.get('require') ?? '');
  const caller = callerOf(request, trunk);
  const diversion = trunk === undefined ? undefined : diversionOf(request);
  const call: IncomingCall = {
    callId: request.get('call-id') ?? '',
    source,
    peer,
    callerUser: caller.user,
    callerName: caller.name,
    calledUser: calledOf(request, trunk),
    ...(diversion !== undefined && { diversion }),
    remoteSdp: sdpOf(request),
    onCancel(handler) {
      onCancel.push(handler);
      if (state === 'cancelled') handler();
    },
    ringing() {
      if (state === 'open' && !quiet) response.send(180);
    },
    answer(localSdp) {
      if (state !== 'open') return Promise.reject(new SipError(487, 'Request Terminated'));
      settle('answered');
      return answer(deps, request, response, localSdp, { Supported: 'timer', ...agreed }, onCancel);
    },
    reject(status, reason) {
      if (state !== 'open') return;
      settle('rejected');
      sendStatus(response, status, reason);
    },
  };
  deps.waiting.add(call);
  return call;
}

/** drachtio-srf throws on codes that it does not know. */
export function sendStatus(response: SrfResponse, status: number, reason?: string): void {
  try {
    response.send(status, reason);
  } catch {
    response.send(status >= 600 ? 603 : status >= 500 ? 500 : 480, reason);
  }
}

function answer(
  deps: IncomingDeps,
  request: SrfRequest,
  response: SrfResponse,
  localSdp: string,
  headers: Record<string, string>,
  onCancel: (() => void)[],
): Promise<SipDialog> {
  return new Promise((resolve, reject) => {
    const offered = sdpOf(request) !== '';
    const cancelled = (): void => {
      reject(new SipError(487, 'Request Terminated'));
    };
    onCancel.unshift(cancelled);
    deps.srf.createUAS(request, response, { localSdp, headers }, (error, srfDialog) => {
      if (error) {
        cancelled();
        return;
      }
      const dialog = deps.adopt(srfDialog, 'uas');
      dialog.onEnd(() => {
        reject(new SipError(408, 'No ACK'));
      });
      srfDialog.once('ack', (ack) => {
        // §13.2.1: a call without a description was answered with our offer, and its answer comes here.
        if (!offered) dialog.remoteSdp = sdpOf(ack);
        dialog.onEnd(() => undefined); // whoever gets the dialog sets its own
        resolve(dialog);
      });
    });
  });
}
