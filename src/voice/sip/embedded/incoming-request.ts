import type { Clock, Timer } from '../../../shared/clock.ts';
import type { Core, Incoming } from './core.ts';
import type { Dialog } from './dialogs.ts';
import type { Flow } from './flow.ts';
import { ServerTransaction, type ServerTransactionOwner } from './server-transaction.ts';
import type { SipMessage } from './sip-message.ts';
import type { RequestParts } from './validate.ts';

/** A request from the network with the transaction that answers it. */
export class IncomingRequest implements Incoming, ServerTransactionOwner {
  readonly key: string;
  readonly flow: Flow;
  readonly reliable: boolean;
  readonly invite: boolean;
  readonly dialog: Dialog | undefined;
  readonly localTag: string;
  readonly transaction: ServerTransaction;
  message: SipMessage;
  parts: RequestParts;
  vias: string;
  onCancel: (() => void) | undefined;
  trying: Timer | undefined;
  private readonly core: Core;

  constructor(
    core: Core,
    request: Pick<Incoming, 'key' | 'message' | 'parts' | 'vias' | 'flow' | 'dialog'> & {
      readonly reliable: boolean;
    },
  ) {
    this.core = core;
    this.key = request.key;
    this.flow = request.flow;
    this.reliable = request.reliable;
    this.invite = request.message.method === 'INVITE';
    this.dialog = request.dialog;
    this.message = request.message;
    this.parts = request.parts;
    this.vias = request.vias;
    this.localTag = core.token();
    this.transaction = new ServerTransaction(this);
    core.incoming.set(this.key, this);
  }

  get clock(): Clock {
    return this.core.clock;
  }

  send(text: string): void {
    this.flow.send(text);
  }

  onSettled(text: string | undefined): void {
    this.trying?.cancel();
    this.core.incoming.delete(this.key);
    this.core.lateIn.keep(this.key, { text, flow: this.flow });
  }

  onTerminated(): void {
    this.trying?.cancel();
    this.core.incoming.delete(this.key);
  }
}
