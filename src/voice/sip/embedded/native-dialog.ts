import type { SrfDialog, SrfRequest, SrfResponse, UacOptions } from '../srf-types.ts';
import { planInside, sendOn, withFlow } from './client-requests.ts';
import { appHeaders, type Core, type Headers, type Incoming, type NetResponse } from './core.ts';
import type { Dialog, DialogOwner } from './dialogs.ts';
import { credentialsFor, NativeAnswer, NativeRequest, readResponse } from './native-messages.ts';
import type { SipMessage } from './sip-message.ts';
import { acknowledge } from './uac.ts';

type Asked = (request: SrfRequest, response: SrfResponse) => void;
type Destroyed = (request: SrfRequest, reason?: string) => void;
type Acked = (request: SrfRequest) => void;

/** A dialog in drachtio-srf's shape: events for what the peer does, requests for what we do. */
export class NativeDialog implements SrfDialog, DialogOwner {
  readonly sip: SrfDialog['sip'];
  readonly local: { sdp: string };
  readonly remote: { sdp: string };
  private readonly core: Core;
  private readonly dialog: Dialog;
  private readonly auth: UacOptions['auth'];
  private readonly asked = new Map<string, Asked>();
  private destroyed: Destroyed | undefined;
  private acked: Acked | undefined;

  constructor(core: Core, dialog: Dialog, more: { remoteSdp: string; auth: UacOptions['auth'] }) {
    this.core = core;
    this.dialog = dialog;
    this.auth = more.auth;
    const { callId, localTag, remoteTag } = dialog;
    this.sip = { callId, localTag, remoteTag };
    this.local = { sdp: dialog.localSdp };
    this.remote = { sdp: more.remoteSdp };
    dialog.owner = this;
  }

  on(event: string, handler: (...args: never[]) => void): this {
    if (event === 'destroy') this.destroyed = handler as Destroyed;
    else this.asked.set(event, handler as Asked);
    return this;
  }

  once(_event: 'ack', handler: Acked): this {
    this.acked = handler;
    return this;
  }

  onRequest(incoming: Incoming): void {
    const request = new NativeRequest(incoming);
    const answer = new NativeAnswer(this.core, incoming);
    const { method } = request;
    if (method === 'BYE') {
      answer.send(200);
      this.destroyed?.(request, 'normal release');
      return;
    }
    const handler = this.asked.get(method === 'INVITE' ? 'modify' : method.toLowerCase());
    if (handler) handler(request, answer);
    else if (method === 'INVITE') answer.send(200, undefined, { body: this.local.sdp });
    else if (method === 'PRACK')
      answer.send(481); // RFC 3262 §3: there is no reliable 18x of ours to confirm
    else answer.send(200);
  }

  onAck(message: SipMessage): void {
    if (message.body !== '') this.remote.sdp = message.body;
    const handler = this.acked;
    this.acked = undefined;
    handler?.({ ...bare('', undefined), body: message.body, get: (name) => message.headers[name] });
  }

  onEnded(reason: string): void {
    this.destroyed?.(bare('', reason), reason);
  }

  acknowledges(waitMs: number): Promise<boolean> {
    const { dialog, core } = this;
    const { repeat2xx } = dialog;
    if (dialog.ended || repeat2xx === undefined) return Promise.resolve(false);
    return new Promise((resolve) => {
      const settle = (alive: boolean): void => {
        again.cancel();
        end.cancel();
        dialog.onCopyAck = undefined;
        resolve(alive);
      };
      const again = core.clock.after(waitMs / 2, repeat2xx);
      const end = core.clock.after(waitMs, () => settle(false));
      dialog.onCopyAck = () => settle(true);
      repeat2xx();
    });
  }

  destroy(options: { headers?: Headers }, callback: (error: unknown) => void): void {
    if (this.dialog.ended) {
      callback(null);
      return;
    }
    this.send('BYE', options.headers ?? {}, '', (response) => {
      this.core.dialogs.remove(this.dialog);
      callback(response ? null : new Error('no route'));
    });
  }

  request(
    options: { method: string; headers?: Headers; body?: string },
    callback: (error: unknown, response: SrfResponse) => void,
  ): void {
    const { method, headers = {}, body = '' } = options;
    if (this.dialog.ended) {
      callback(new Error('the dialog has ended'), undefined as unknown as SrfResponse);
      return;
    }
    this.send(method, headers, body, (response) => {
      if (!response) callback(new Error('no route'), undefined as unknown as SrfResponse);
      else {
        if (method === 'INVITE' && response.status < 300) acknowledge(this.core, this.dialog, '');
        callback(null, readResponse(response));
      }
    });
  }

  /** One request and, when the peer asks for a password that we have, again with it. */
  private send(
    method: string,
    headers: Headers,
    body: string,
    done: (response: NetResponse | undefined) => void,
    answered: readonly number[] = [],
  ): void {
    const { core, dialog } = this;
    const offers = method === 'INVITE' || (method === 'UPDATE' && body !== '');
    const plan = planInside(dialog, method, appHeaders(headers, body), body, (response) => {
      if (response.status < 200) return;
      const credentials = credentialsFor(core, response, this.auth, method, plan.uri, answered);
      if (credentials)
        this.send(method, { ...headers, ...credentials }, body, done, [...answered, response.status]);
      else done(response);
    });
    if (offers) dialog.clientInvite = true;
    withFlow(
      core,
      plan,
      (flow) => {
        sendOn(core, flow, plan);
      },
      () => {
        if (offers) dialog.clientInvite = false;
        done(undefined);
      },
    );
  }
}

/** What ACKs and ends without a message of their own look like. */
function bare(body: string, reason: string | undefined): SrfRequest {
  return {
    method: 'BYE',
    uri: '',
    protocol: '',
    source_address: '',
    source_port: 0,
    body,
    get: (name) => (name === 'reason' ? reason : undefined),
    has: (name) => name === 'reason' && reason !== undefined,
    on: () => undefined,
    cancel: () => undefined,
  };
}
