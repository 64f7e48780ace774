import type { Clock } from '../../../shared/clock.ts';
import { ClientTransaction, type ClientTransactionOwner } from './client-transaction.ts';
import type { Core, LateInvite, NetResponse, Outgoing } from './core.ts';
import type { AckSent, Dialog } from './dialogs.ts';
import type { Flow } from './flow.ts';
import { detached } from './linger.ts';
import { parseSip, writeSip } from './sip-message.ts';

type Header = readonly [string, string];

export interface OutgoingOptions {
  readonly method: string;
  readonly uri: string;
  readonly seq: number;
  readonly body: string;
  readonly dialog: Dialog | undefined;
  readonly internal: boolean;
  readonly onAnswer: (response: NetResponse) => void;
  /** A CANCEL goes with the branch of its INVITE (RFC 3261 §9.1). */
  readonly cancels?: Outgoing;
}

export const via = (core: Core, flow: Flow, branch: string): string =>
  `SIP/2.0/${flow.protocol.toUpperCase()} ${core.hostport()};branch=${branch};rport`;

/** A request to the network with the transaction that repeats it. */
export class OutgoingRequest implements Outgoing, ClientTransactionOwner<NetResponse> {
  readonly branch: string;
  readonly method: string;
  readonly uri: string;
  readonly seq: number;
  readonly flow: Flow;
  readonly internal: boolean;
  readonly transaction: ClientTransaction<NetResponse>;
  headers: readonly Header[];
  body: string;
  dialog: Dialog | undefined;
  onAnswer: (response: NetResponse) => void;
  ack: AckSent | undefined;
  cancelWanted = false;
  proceeding = false;
  private readonly core: Core;
  private readonly key: string;
  private readonly cancels: Outgoing | undefined;

  constructor(core: Core, flow: Flow, options: OutgoingOptions, headers: readonly Header[]) {
    this.core = core;
    this.flow = flow;
    this.method = options.method;
    this.uri = options.uri;
    this.seq = options.seq;
    this.body = options.body;
    this.dialog = options.dialog;
    this.internal = options.internal;
    this.onAnswer = options.onAnswer;
    this.cancels = options.cancels;
    this.headers = headers;
    this.branch = options.cancels?.branch ?? `z9hG4bK${core.token()}`;
    this.key = `${this.branch}|${this.method}`;
    const top: Header = ['via', via(core, flow, this.branch)];
    const raw = writeSip(`${this.method} ${this.uri} SIP/2.0`, [top, ...headers], this.body);
    this.transaction = new ClientTransaction(this, raw);
    core.outgoing.set(this.key, this);
  }

  get clock(): Clock {
    return this.core.clock;
  }

  get invite(): boolean {
    return this.method === 'INVITE';
  }

  get reliable(): boolean {
    return this.flow.reliable;
  }

  send(text: string): void {
    this.flow.send(text);
  }

  /** §17.1.1.3: same branch, CSeq number, Call-ID, From and Route; To of the response. */
  ackFor({ message }: NetResponse): string {
    const headers = sameRequest(this, 'ACK', message.headers['to']);
    return writeSip(`ACK ${this.uri} SIP/2.0`, [this.via(), ...headers], '');
  }

  onResponse(response: NetResponse): void {
    if (this.cancels) return;
    this.proceeding = true;
    if (this.cancelWanted && response.status < 200) sendCancel(this.core, this);
    this.core.answered(this, response);
  }

  onTimeout(): void {
    // An unanswered CANCEL changes nothing: its INVITE has a limit of its own since then.
    if (this.cancels) return;
    // Who answers after all must hear that nobody is here any more (§13.2.2.4).
    if (this.invite && this.dialog === undefined) this.core.lateOut.keep(this.key, this.unanswered());
    this.onResponse(this.ownAnswer(408, 'Request Timeout'));
  }

  onSettled(): void {
    const { core, dialog, ack } = this;
    core.outgoing.delete(this.key);
    if (!dialog || !ack) {
      core.lateOut.keep(this.key, 'done');
      return;
    }
    core.lateOut.keep(this.key, {
      remoteTag: detached(dialog.remoteTag),
      ack,
      callId: dialog.callId,
      local: detached(dialog.local),
      seq: this.seq,
      uri: detached(this.uri),
      flow: this.flow,
    });
  }

  onTerminated(): void {
    this.core.outgoing.delete(this.key);
  }

  private unanswered(): LateInvite {
    const local = this.headers.find(([name]) => name === 'from')?.[1] ?? '';
    const callId = this.headers.find(([name]) => name === 'call-id')?.[1] ?? '';
    const { seq, flow } = this;
    return {
      ...{ remoteTag: '', callId: detached(callId), local: detached(local), uri: detached(this.uri) },
      ...{ seq, flow, ack: { cseq: seq, text: undefined, flow } },
    };
  }

  private via(): Header {
    return ['via', via(this.core, this.flow, this.branch)];
  }

  /** An answer that the edge makes itself: nobody answered, or there is no way. */
  private ownAnswer(status: number, reason: string): NetResponse {
    const headers = sameRequest(this, this.method).filter(([name]) => name !== 'route');
    const message = parseSip(writeSip(`SIP/2.0 ${status} ${reason}`, [this.via(), ...headers], ''));
    if (!message) throw new Error('own answer could not be read');
    return { status, message, flow: this.flow };
  }
}

const KEPT: ReadonlySet<string> = new Set(['max-forwards', 'route', 'from', 'to', 'call-id']);

function sameRequest(outgoing: Outgoing, method: string, to?: string): Header[] {
  const headers: Header[] = [];
  for (const [name, value] of outgoing.headers) {
    if (KEPT.has(name)) headers.push([name, name === 'to' && to !== undefined ? to : value]);
  }
  headers.push(['cseq', `${outgoing.seq} ${method}`]);
  return headers;
}

/** §9.1: only after a provisional answer; before it the wish is kept. */
export function sendCancel(core: Core, outgoing: Outgoing): void {
  if (!outgoing.proceeding) {
    outgoing.cancelWanted = true;
    return;
  }
  outgoing.cancelWanted = false;
  if (core.outgoing.has(`${outgoing.branch}|CANCEL`)) return;
  const { uri, seq, flow, dialog, internal } = outgoing;
  const options: OutgoingOptions = {
    ...{ method: 'CANCEL', uri, seq, body: '', dialog, internal },
    onAnswer: () => undefined,
    cancels: outgoing,
  };
  new OutgoingRequest(core, flow, options, sameRequest(outgoing, 'CANCEL')).transaction.start();
  outgoing.transaction.cancelled();
}
