import type { Clock } from '../../shared/clock.ts';
import type { Digit, SipDialog, SipFailure } from '../ports.ts';
import { refuseExtension } from './extensions.ts';
import { readInfo } from './info-dtmf.ts';
import { parseNameAddress } from './embedded/sip-values.ts';
import { ALLOW } from './embedded/validate.ts';
import { readSession, sdpOf } from './session-body.ts';
import { answerSession, MIN_SE, offerSession } from './session-offer.ts';
import type { SrfDialog, SrfRequest, SrfResponse } from './srf-types.ts';

/** A failed request, as the port tells it. */
export class SipError extends Error implements SipFailure {
  override readonly name = 'SipError';
  readonly status: number;
  readonly reason: string;
  readonly retryAfterS?: number;
  readonly unheard?: true;

  constructor(status: number, reason: string, retryAfter?: number, unheard = false) {
    super(`${status} ${reason}`);
    this.status = status;
    this.reason = reason;
    if (retryAfter !== undefined) this.retryAfterS = retryAfter;
    if (unheard) this.unheard = true;
  }
}

export type EndCause = 'bye' | 'sessionTimer' | 'transport';

/** A dialog of the edge with what its owner needs besides the port. */
export interface EdgeDialog extends SipDialog {
  readonly ended: boolean;
  remoteSdp: string;
  /** The BYE as `bye` sends it; resolves when it is answered, or when nobody answered within its transaction. */
  farewell(reason?: string): Promise<void>;
}

interface DialogDeps {
  readonly clock: Clock;
  /** 0 ≤ x < 1, for the glare retry. */
  readonly chance: () => number;
  readonly onGone: (dialog: EdgeDialog) => void;
}

const GLARE_TRIES = 3;
/** How long the ACK of a copy is waited for, ms. */
const COPY_ACK_MS = 2_000;

export function wrapDialog(srf: SrfDialog, role: 'uac' | 'uas', deps: DialogDeps): EdgeDialog {
  return new WrappedDialog(srf, role, deps);
}

class WrappedDialog implements EdgeDialog {
  readonly callId: string;
  localSdp: string;
  remoteSdp: string;
  ended = false;
  private readonly srf: SrfDialog;
  private readonly role: 'uac' | 'uas';
  private readonly deps: DialogDeps;
  private byeSent: Promise<void> | undefined;
  private cause: EndCause | undefined;
  private endHandler: ((cause: EndCause) => void) | undefined;
  private modifyHandler: ((remoteSdp: string) => Promise<string>) | undefined;
  private offerHandler: (() => Promise<string>) | undefined;
  private digitHandler: ((digit: Digit, durationMs: number) => void) | undefined;
  private referHandler: ((referTo: string) => void) | undefined;
  /** One offer at a time (RFC 3264 §4); ours wait for each other and for theirs. */
  private turn: Promise<unknown> = Promise.resolve();
  /** Our offer is on its way and not answered. */
  private offering = false;

  constructor(srf: SrfDialog, role: 'uac' | 'uas', deps: DialogDeps) {
    this.srf = srf;
    this.role = role;
    this.deps = deps;
    this.callId = srf.sip.callId;
    this.localSdp = srf.local.sdp;
    // Engines keep the whole body there.
    this.remoteSdp = sdpOf({ body: srf.remote.sdp, get: () => undefined });
    srf.on('destroy', (request, reason) => {
      this.finish(causeOf(request, reason));
    });
    const offered = (request: SrfRequest, response: SrfResponse): void => {
      if (refuseExtension(request, response)) return;
      // §14.2, RFC 3311 §5.2: waiting for our own answer first would be waiting for each other.
      if (this.offering && (request.method === 'INVITE' || request.body !== '')) {
        response.send(491);
        return;
      }
      this.turn = this.turn.then(() => this.answerOffer(request, response));
    };
    srf.on('modify', offered);
    srf.on('update', offered);
    srf.on('info', (request, response) => {
      const { status, headers, pressed } = readInfo(request);
      response.send(status, status === 469 ? 'Bad Info Package' : undefined, { headers });
      if (pressed) this.digitHandler?.(pressed.digit, pressed.durationMs);
    });
    srf.on('refer', (request, response) => {
      this.referred(request, response);
    });
    // RFC 3261 §8.2.1: nobody here reads these; a 200 would say that somebody did.
    for (const method of ['message', 'publish', 'subscribe', 'register'] as const)
      srf.on(method, (_request, response) => response.send(405, undefined, { headers: { Allow: ALLOW } }));
  }

  modify(sdp: string): Promise<string> {
    const result = this.turn.then(() => this.offerTo(sdp));
    this.turn = result.catch(() => undefined);
    return result;
  }

  async alive(): Promise<boolean> {
    // The simplest of callers know no OPTIONS and hang up when asked; but all of them acknowledge our 200, each copy of it.
    if (await this.srf.acknowledges?.(COPY_ACK_MS)) return true;
    return new Promise((resolve) => {
      if (this.ended || this.byeSent) resolve(false);
      else
        this.srf.request({ method: 'OPTIONS', headers: { Accept: 'application/sdp' } }, (error, response) => {
          // RFC 3261 §12.2.1.2: these two say that there is no dialog; any other answer comes from somebody who lives.
          if (error) resolve(false);
          else if (response.status >= 200) resolve(response.status !== 408 && response.status !== 481);
        });
    });
  }

  bye(reason?: string): Promise<void> {
    // A dead peer never answers, and whoever hangs up has other people to serve.
    void this.farewell(reason);
    return Promise.resolve();
  }

  farewell(reason?: string): Promise<void> {
    if (this.ended && !this.byeSent) return Promise.resolve();
    this.byeSent ??= new Promise((resolve) => {
      const headers = reason === undefined ? {} : { Reason: reasonHeader(reason) };
      this.srf.destroy({ headers }, () => {
        this.finish('bye');
        resolve();
      });
    });
    return this.byeSent;
  }

  onEnd(handler: (cause: EndCause) => void): void {
    this.endHandler = handler;
    if (this.cause !== undefined && !this.byeSent) handler(this.cause);
  }

  onModify(handler: (remoteSdp: string) => Promise<string>): void {
    this.modifyHandler = handler;
  }

  onOfferWanted(handler: () => Promise<string>): void {
    this.offerHandler = handler;
  }

  onInfoDigit(handler: (digit: Digit, durationMs: number) => void): void {
    this.digitHandler = handler;
  }

  onRefer(handler: (referTo: string) => void): void {
    this.referHandler = handler;
  }

  private finish(why: EndCause): void {
    if (this.ended) return;
    this.ended = true;
    this.cause = why;
    this.deps.onGone(this);
    if (!this.byeSent) this.endHandler?.(why);
  }

  private referred(request: SrfRequest, response: SrfResponse): void {
    const target = parseNameAddress(request.get('refer-to') ?? '')?.uri;
    if (target === undefined) response.send(400, 'Bad Refer-To');
    else if (!this.referHandler) response.send(603);
    else {
      response.send(202);
      notifyRefer(this.srf);
      this.referHandler(target);
    }
  }

  private async answerOffer(request: SrfRequest, response: SrfResponse): Promise<void> {
    const session = answerSession(request);
    if (session.kind === 'tooSmall') {
      response.send(422, 'Session Interval Too Small', { headers: { 'Min-SE': String(MIN_SE) } });
      return;
    }
    const read = readSession(request);
    if (read.kind === 'unreadable') {
      response.send(415, undefined, { headers: { Accept: 'application/sdp' } });
      return;
    }
    try {
      const body = read.kind === 'sdp' ? await this.accept(read.sdp) : await this.offerLate(request);
      response.send(200, undefined, { headers: { ...session.headers }, ...(body !== undefined && { body }) });
    } catch {
      response.send(488); // RFC 3261 §14.2: the session stays as it was
    }
  }

  /** Our answer to their offer. One with what we know already is a refresh (RFC 4028 §7.4): nothing to ask anybody. */
  private async accept(offer: string): Promise<string> {
    if (offer !== this.remoteSdp && this.modifyHandler) {
      this.localSdp = await this.modifyHandler(offer);
      this.srf.local.sdp = this.localSdp;
    }
    this.remoteSdp = offer;
    return this.localSdp;
  }

  /** A re-INVITE without an offer wants ours, as a new call would get it (§14.2), and brings its answer in the ACK. */
  private async offerLate(request: SrfRequest): Promise<string | undefined> {
    if (request.method !== 'INVITE') return undefined;
    if (this.offerHandler) {
      this.localSdp = await this.offerHandler();
      this.srf.local.sdp = this.localSdp;
    }
    this.srf.once('ack', (ack) => {
      this.acceptLateAnswer(sdpOf(ack));
    });
    return this.localSdp;
  }

  /** Also one that says what we knew already: it answers another offer. */
  private acceptLateAnswer(answer: string): void {
    if (answer === '') return;
    this.remoteSdp = answer;
    this.modifyHandler?.(answer).catch(() => undefined);
  }

  private offerOnce(sdp: string): Promise<SrfResponse> {
    return new Promise((resolve, reject) => {
      if (this.ended || this.byeSent) {
        reject(new SipError(481, 'Call Does Not Exist'));
        return;
      }
      this.offering = true;
      this.srf.request({ method: 'INVITE', body: sdp, headers: offerSession() }, (error, response) => {
        this.offering = false;
        if (error) reject(new SipError(481, 'Call Does Not Exist'));
        else if (response.status >= 200) resolve(response);
      });
    });
  }

  private async offerTo(sdp: string): Promise<string> {
    for (let attempt = 1; ; attempt++) {
      const response = await this.offerOnce(sdp);
      if (response.status < 300) {
        this.localSdp = sdp;
        this.srf.local.sdp = sdp;
        const answer = sdpOf(response);
        if (answer !== '') this.remoteSdp = answer;
        return this.remoteSdp;
      }
      if (response.status === 408 || response.status === 481) void this.bye();
      if (response.status !== 491 || attempt === GLARE_TRIES)
        throw new SipError(response.status, response.reason);
      // §14.1: the owner of the Call-ID waits 2.1–4 s, the other 0–2 s.
      const chance = this.deps.chance();
      await pause(this.deps.clock, this.role === 'uac' ? 2100 + chance * 1900 : chance * 2000);
    }
  }
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
