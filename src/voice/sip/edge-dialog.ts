import type { Clock } from '../../shared/clock.ts';
import type { SipDialog, SipFailure } from '../ports.ts';
import { parseInfoDigit } from './info-dtmf.ts';
import { parseNameAddress } from './embedded/sip-message.ts';
import { answerSession, MIN_SE, offerSession } from './session-offer.ts';
import type { SrfDialog, SrfRequest, SrfResponse } from './srf-types.ts';

/** A failed request, as the port tells it. */
export class SipError extends Error implements SipFailure {
  override readonly name = 'SipError';
  readonly status: number;
  readonly reason: string;

  constructor(status: number, reason: string) {
    super(`${status} ${reason}`);
    this.status = status;
    this.reason = reason;
  }
}

export type EndCause = 'bye' | 'sessionTimer' | 'transport';

/** A dialog of the edge with what its owner needs besides the port. */
export interface EdgeDialog extends SipDialog {
  readonly ended: boolean;
}

interface DialogDeps {
  readonly clock: Clock;
  /** 0 ≤ x < 1, for the glare retry. */
  readonly chance: () => number;
  readonly onGone: (dialog: EdgeDialog) => void;
}

const GLARE_TRIES = 3;

export function wrapDialog(srf: SrfDialog, role: 'uac' | 'uas', deps: DialogDeps): EdgeDialog {
  let remoteSdp = srf.remote.sdp;
  let localSdp = srf.local.sdp;
  let ended = false;
  let byeSent: Promise<void> | undefined;
  let cause: EndCause | undefined;
  let onEnd: ((cause: EndCause) => void) | undefined;
  let onModify: ((remoteSdp: string) => Promise<string>) | undefined;
  let onDigit: ((digit: string, durationMs: number) => void) | undefined;
  let onRefer: ((referTo: string) => void) | undefined;
  /** One offer at a time (RFC 3264 §4); ours wait for each other and for theirs. */
  let turn: Promise<unknown> = Promise.resolve();

  function finish(why: EndCause): void {
    if (ended) return;
    ended = true;
    cause = why;
    deps.onGone(dialog);
    if (!byeSent) onEnd?.(why);
  }

  srf.on('destroy', (request, reason) => {
    finish(causeOf(request, reason));
  });
  const offered = (request: SrfRequest, response: SrfResponse): void => {
    turn = turn.then(() => answerOffer(request, response));
  };
  srf.on('modify', offered);
  srf.on('update', offered);
  srf.on('info', (request, response) => {
    response.send(200);
    const pressed = parseInfoDigit(request.get('content-type'), request.body);
    if (pressed) onDigit?.(pressed.digit, pressed.durationMs);
  });
  srf.on('refer', (request, response) => {
    const target = parseNameAddress(request.get('refer-to') ?? '')?.uri;
    if (target === undefined) response.send(400, 'Bad Refer-To');
    else if (!onRefer) response.send(603);
    else {
      response.send(202);
      notifyRefer(srf);
      onRefer(target);
    }
  });

  async function answerOffer(request: SrfRequest, response: SrfResponse): Promise<void> {
    const session = answerSession(request);
    if (session.kind === 'tooSmall') {
      response.send(422, 'Session Interval Too Small', { headers: { 'Min-SE': String(MIN_SE) } });
      return;
    }
    const headers = session.kind === 'agreed' ? session.headers : {};
    try {
      const offer = request.body;
      // An UPDATE or re-INVITE with what we know already is a refresh (RFC 4028 §7.4): nothing to ask anybody.
      if (offer !== '' && offer !== remoteSdp && onModify) {
        localSdp = await onModify(offer);
        srf.local.sdp = localSdp;
      }
      if (offer !== '') remoteSdp = offer;
      const body = offer === '' && request.method === 'UPDATE' ? undefined : localSdp;
      if (offer === '' && request.method === 'INVITE') srf.once('ack', acceptLateAnswer);
      response.send(200, undefined, { headers: { ...headers }, ...(body !== undefined && { body }) });
    } catch {
      response.send(488); // RFC 3261 §14.2: the session stays as it was
    }
  }

  /** A re-INVITE without an offer brings its answer in the ACK (§14.1). */
  function acceptLateAnswer(ack: SrfRequest): void {
    if (ack.body === '' || ack.body === remoteSdp) return;
    remoteSdp = ack.body;
    onModify?.(remoteSdp).catch(() => undefined);
  }

  function offerOnce(sdp: string, headers: Record<string, string>): Promise<SrfResponse> {
    return new Promise((resolve, reject) => {
      if (ended || byeSent) {
        reject(new SipError(481, 'Call Does Not Exist'));
        return;
      }
      srf.request({ method: 'INVITE', body: sdp, headers }, (error, response) => {
        if (error) reject(new SipError(481, 'Call Does Not Exist'));
        else if (response.status >= 200) resolve(response);
      });
    });
  }

  async function offerTo(sdp: string): Promise<string> {
    for (let attempt = 1; ; attempt++) {
      const response = await offerOnce(sdp, offerSession());
      if (response.status < 300) {
        localSdp = sdp;
        srf.local.sdp = sdp;
        if (response.body !== '') remoteSdp = response.body;
        return remoteSdp;
      }
      if (response.status === 408 || response.status === 481) void dialog.bye();
      if (response.status !== 491 || attempt === GLARE_TRIES)
        throw new SipError(response.status, response.reason);
      // §14.1: the owner of the Call-ID waits 2.1–4 s, the other 0–2 s.
      await pause(deps.clock, role === 'uac' ? 2100 + deps.chance() * 1900 : deps.chance() * 2000);
    }
  }

  const dialog: EdgeDialog = {
    callId: srf.sip.callId,
    get localSdp() {
      return localSdp;
    },
    get remoteSdp() {
      return remoteSdp;
    },
    get ended() {
      return ended;
    },
    modify(sdp) {
      const result = turn.then(() => offerTo(sdp));
      turn = result.catch(() => undefined);
      return result;
    },
    bye(reason) {
      if (ended && !byeSent) return Promise.resolve();
      byeSent ??= new Promise((resolve) => {
        const headers = reason === undefined ? {} : { Reason: reasonHeader(reason) };
        srf.destroy({ headers }, () => {
          finish('bye');
          resolve();
        });
      });
      return byeSent;
    },
    onEnd(handler) {
      onEnd = handler;
      if (cause !== undefined && !byeSent) handler(cause);
    },
    onModify(handler) {
      onModify = handler;
    },
    onInfoDigit(handler) {
      onDigit = handler;
    },
    onRefer(handler) {
      onRefer = handler;
    },
  };
  return dialog;
}

function causeOf(request: SrfRequest, reason: string | undefined): EndCause {
  const text = reason ?? request.get('reason') ?? '';
  if (text.includes('Session timer')) return 'sessionTimer';
  return text.includes('ACK timeout') || text.includes('Connection lost') ? 'transport' : 'bye';
}

/** RFC 3326; a bare sentence becomes the text of a Q.850 normal clearing. */
function reasonHeader(reason: string): string {
  if (/^(SIP|Q\.850)\s*;/i.test(reason)) return reason;
  return `Q.850;cause=16;text="${reason.replace(/["\\\r\n]/g, ' ')}"`;
}

/** RFC 3515 §2.4.4: the REFER makes a subscription, which ends at once: the transfer is ours now. */
function notifyRefer(srf: SrfDialog): void {
  const notify = (state: string, body: string): void => {
    srf.request(
      {
        method: 'NOTIFY',
        headers: {
          Event: 'refer',
          'Subscription-State': state,
          'Content-Type': 'message/sipfrag;version=2.0',
        },
        body,
      },
      () => undefined,
    );
  };
  notify('active;expires=60', 'SIP/2.0 100 Trying\r\n');
  notify('terminated;reason=noresource', 'SIP/2.0 200 OK\r\n');
}

const pause = (clock: Clock, ms: number): Promise<void> =>
  new Promise((resolve) => {
    clock.after(ms, resolve);
  });
