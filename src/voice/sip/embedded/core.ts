import type { Clock, Timer } from '../../../shared/clock.ts';
import type { ClientTransaction } from './client-transaction.ts';
import type { AckSent, Dialog, DialogTable } from './dialogs.ts';
import type { Flow } from './flow.ts';
import type { ServerTransaction } from './server-transaction.ts';
import type { Linger } from './linger.ts';
import { type SipMessage, writeSip } from './sip-message.ts';
import { T1, T2, TRANSACTION_TIMEOUT } from './timers.ts';
import type { Transports } from './transports.ts';
import type { RequestParts } from './validate.ts';

/** A request from the network, until its transaction ends. */
export interface Incoming {
  readonly key: string;
  /** Emptied by release(): what waits for late copies keeps no message alive. */
  message: SipMessage;
  parts: RequestParts;
  /** CANCEL, or the peer's connection is gone, before a final answer. */
  onCancel: (() => void) | undefined;
  /** The Via line of responses: all of them, the top one with received and rport (RFC 3581). */
  vias: string;
  readonly flow: Flow;
  readonly localTag: string;
  readonly transaction: ServerTransaction;
  readonly dialog: Dialog | undefined;
  trying: Timer | undefined;
}

/** A request to the network, until its transaction ends. */
export interface Outgoing {
  readonly branch: string;
  readonly method: string;
  readonly uri: string;
  headers: readonly (readonly [string, string])[];
  readonly seq: number;
  body: string;
  readonly flow: Flow;
  readonly transaction: ClientTransaction<NetResponse>;
  /** The dialog that it belongs to, or that its 2xx made. */
  dialog: Dialog | undefined;
  /** The server's own request (session refresh): it settles the dialog's timer itself. */
  readonly internal: boolean;
  onAnswer: (response: NetResponse) => void;
  /** The ACK of its 2xx, when it is an INVITE. */
  ack: AckSent | undefined;
  cancelWanted: boolean;
  proceeding: boolean;
}

/** Copies of the request get the same answer; undefined: they get none (an INVITE's 2xx is repeated by its dialog). */
export interface LateIn {
  readonly text: string | undefined;
  readonly flow: Flow;
}

/** What copies of a 2xx to our INVITE, and 2xx of other branches of a fork, are answered from (RFC 3261 §13.2.2.4). */
export interface LateInvite {
  readonly remoteTag: string;
  readonly ack: AckSent;
  readonly callId: string;
  readonly local: string;
  readonly seq: number;
  readonly uri: string;
  readonly flow: Flow;
}

/** A response with the text that it came as; `flow` is where it came from. */
export interface NetResponse {
  readonly status: number;
  readonly message: SipMessage;
  readonly flow: Flow;
}

export interface Counters {
  garbage: number;
  refused: number;
  requests: number;
  responses: number;
}

/** What the parts of the UA core share. One per server; nothing in it is global. */
export interface Core {
  readonly clock: Clock;
  readonly transports: () => Transports;
  /** A request outside of dialogs, after the transaction layer. */
  onRequest: (incoming: Incoming) => void;
  readonly dialogs: DialogTable;
  readonly incoming: Map<string, Incoming>;
  readonly outgoing: Map<string, Outgoing>;
  readonly lateIn: Linger<LateIn>;
  readonly lateOut: Linger<LateInvite | 'done'>;
  /** Transaction keys of INVITEs under way by Call-ID, From tag and CSeq, for loops (§8.2.2.2). */
  readonly merged: Linger<string>;
  readonly counters: Counters;
  /** Unguessable, 64 bits in hexadecimal: tags, branches, ids. */
  readonly token: () => string;
  /** Where answers to our requests go; set once by the part that knows dialogs. */
  answered: (outgoing: Outgoing, response: NetResponse) => void;
  /** host:port that Via and Contact tell peers. */
  readonly hostport: () => string;
}

export function contactFor(core: Core, flow: Flow): string {
  return flow.protocol === 'udp'
    ? `<sip:${core.hostport()}>`
    : `<sip:${core.hostport()};transport=${flow.protocol}>`;
}

export function writeResponse(
  incoming: Pick<Incoming, 'vias' | 'parts' | 'localTag'>,
  status: number,
  reason: string,
  extra: readonly (readonly [string, string])[],
  body: string,
): string {
  const { parts } = incoming;
  const to = parts.toTag !== undefined || status === 100 ? parts.to : `${parts.to};tag=${incoming.localTag}`;
  const headers: (readonly [string, string])[] = [
    ['via', incoming.vias],
    ['from', parts.from],
    ['to', to],
    ['call-id', parts.callId],
    ['cseq', `${parts.cseq.seq} ${parts.cseq.method}`],
    ...extra,
  ];
  return writeSip(`SIP/2.0 ${status} ${reason}`, headers, body);
}

/** Sends a 2xx again at T1, 2·T1 … T2 until `stop`; `onTimeout` after 64·T1 without an ACK (§13.3.1.4). */
export function repeat2xx(clock: Clock, send: () => void, onTimeout: () => void): () => void {
  let timer: Timer;
  let waited = 0;
  let interval = T1;
  const schedule = (ms: number): void => {
    timer = clock.after(ms, () => {
      waited += ms;
      if (waited >= TRANSACTION_TIMEOUT) {
        onTimeout();
        return;
      }
      send();
      interval = Math.min(interval * 2, T2);
      schedule(Math.min(interval, TRANSACTION_TIMEOUT - waited));
    });
  };
  schedule(T1);
  return () => {
    timer.cancel();
  };
}

/** Header names that the server writes itself; the application's are taken for what they mean, not copied. */
const OWN_HEADERS: ReadonlySet<string> = new Set([
  'via',
  'from',
  'to',
  'call-id',
  'cseq',
  'content-length',
  'content-type',
  'max-forwards',
  'route',
]);

export type Headers = Readonly<Record<string, string>>;

/** The application's own headers, plus Content-Type of a body. */
export function appHeaders(headers: Headers, body: string): [string, string][] {
  const extra: [string, string][] = [];
  let type = 'application/sdp';
  for (const [name, value] of Object.entries(headers)) {
    const lower = name.toLowerCase();
    if (lower === 'content-type') type = value;
    else if (!OWN_HEADERS.has(lower)) extra.push([name, value]);
  }
  if (body !== '') extra.push(['content-type', type]);
  return extra;
}

const NOTHING: SipMessage = {
  method: undefined,
  uri: '',
  version: '2.0',
  status: 0,
  reason: '',
  headers: {},
  body: '',
};

const NO_INVITE: SipMessage = { ...NOTHING, method: 'INVITE' };
const NO_PARTS: RequestParts = {
  vias: [],
  via: { protocol: '', host: '', port: undefined, params: {} },
  cseq: { seq: 0, method: '' },
  callId: '',
  from: '',
  to: '',
  fromTag: '',
  toTag: undefined,
};

/** A refused INVITE waits up to 32 s for its ACK, and calls hold on to their request; the message need not stay. */
export function release(incoming: Incoming): void {
  incoming.message = incoming.message.method === 'INVITE' ? NO_INVITE : NOTHING;
  incoming.parts = NO_PARTS;
  incoming.vias = '';
  incoming.onCancel = undefined;
}
