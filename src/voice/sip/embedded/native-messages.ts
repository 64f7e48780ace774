import { answerChallenge, isStale } from '../digest.ts';
import type { SendOptions, SrfRequest, SrfResponse, UacOptions } from '../srf-types.ts';
import type { Core, Headers, Incoming, NetResponse } from './core.ts';
import { respond } from './respond.ts';
import type { SipMessage } from './sip-message.ts';
import { STATUS_TEXT } from './status-text.ts';

/** A request from the network, in drachtio-srf's shape. */
export class NativeRequest implements SrfRequest {
  readonly incoming: Incoming;
  private readonly message: SipMessage;

  constructor(incoming: Incoming) {
    this.incoming = incoming;
    this.message = incoming.message;
  }

  get method(): string {
    return this.message.method ?? '';
  }
  get uri(): string {
    return this.message.uri;
  }
  get protocol(): string {
    return this.incoming.flow.protocol;
  }
  get source_address(): string {
    return this.incoming.flow.address;
  }
  get source_port(): number {
    return this.incoming.flow.port;
  }
  get body(): string {
    return this.message.body;
  }
  get(name: string): string | undefined {
    return this.message.headers[name];
  }
  has(name: string): boolean {
    return this.message.headers[name] !== undefined;
  }
  on(event: 'cancel' | 'response', handler: (...args: never[]) => void): this {
    if (event !== 'cancel') return this;
    const before = this.incoming.onCancel;
    this.incoming.onCancel = () => {
      before?.();
      handler();
    };
    return this;
  }
  cancel(): void {
    // only for requests of ours
  }
}

/** Our answer to it. */
export class NativeAnswer implements SrfResponse {
  status = 0;
  reason = '';
  readonly body = '';
  private readonly core: Core;
  private readonly incoming: Incoming;

  constructor(core: Core, incoming: Incoming) {
    this.core = core;
    this.incoming = incoming;
  }

  get finalResponseSent(): boolean {
    return this.status >= 200;
  }
  get(): undefined {
    return undefined;
  }
  has(): boolean {
    return false;
  }
  send(
    status: number,
    reason?: string,
    options: SendOptions = {},
    callback?: (error: unknown) => void,
  ): void {
    if (this.finalResponseSent) return;
    this.status = status;
    const text = reason ?? STATUS_TEXT[status] ?? 'Answer';
    const { headers = {}, body = '' } = options;
    const { sent } = respond(this.core, this.incoming, { status, reason: text, headers, body });
    callback?.(sent ? null : new Error('a final response was sent before'));
  }
}

/** A response of the peer. */
export function readResponse({ status, message }: NetResponse): SrfResponse {
  return {
    status,
    reason: message.reason,
    body: message.body,
    finalResponseSent: true,
    get: (name) => message.headers[name],
    has: (name) => message.headers[name] !== undefined,
    send: () => undefined,
  };
}

/** How often one request is answered for: the first challenge, and one of an old nonce, with a spare for a second proxy. */
const MAX_ANSWERS = 3;

/**
 * RFC 3261 §22.2: the header that answers a 401 or 407, or undefined. `answered`: how many challenges this request has
 * answered; a further one is answered only when it says that the nonce was old, not the password wrong, or when it comes
 * from another one (§22.3: a proxy's after the server's).
 */
export function credentialsFor(
  core: Core,
  { status, message }: NetResponse,
  auth: UacOptions['auth'],
  method: string,
  uri: string,
  answered: readonly number[],
): Headers | undefined {
  if (!auth || (status !== 401 && status !== 407) || answered.length >= MAX_ANSWERS) return undefined;
  const asked = message.headers[status === 401 ? 'www-authenticate' : 'proxy-authenticate'];
  if (answered.includes(status) && (!isStale(asked ?? '') || repeats(answered, status))) return undefined;
  const value = answerChallenge(asked ?? '', auth, method, uri, core.token());
  if (value === undefined) return undefined;
  return { [status === 401 ? 'Authorization' : 'Proxy-Authorization']: value };
}

/** Old twice in a row: this peer would go on for ever. */
const repeats = (answered: readonly number[], status: number): boolean =>
  answered.filter((one) => one === status).length > 1;
