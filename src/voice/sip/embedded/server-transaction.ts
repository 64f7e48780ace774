import type { Clock, Timer } from '../../../shared/clock.ts';
import { T1, T2, T4, TRANSACTION_TIMEOUT } from './timers.ts';

/**
 * Server transactions of RFC 3261 §17.2 with the Accepted state of RFC 6026.
 *
 * ```
 * INVITE      proceeding ─2xx→ accepted ─L→ terminated
 *                 └─3xx-6xx→ completed ─ACK→ confirmed ─I→ terminated
 *                               └─H (no ACK)→ terminated
 * other       trying ─1xx→ proceeding ─final→ completed ─J→ terminated
 * ```
 *
 * Timers J and L are the owner's: what is to be said to late copies is told to it once (`onSettled`), and the
 * transaction can be forgotten (Linger).
 */
export type ServerState = 'trying' | 'proceeding' | 'accepted' | 'completed' | 'confirmed' | 'terminated';

/** Methods, not functions in a bag: there are thousands of owners at a time, and a closure each would be most of them. */
export interface ServerTransactionOwner {
  readonly clock: Clock;
  readonly invite: boolean;
  /** TCP and WebSocket do not retransmit; their completed states end at once. */
  readonly reliable: boolean;
  send(text: string): void;
  /** Nothing more happens here; copies of the request get `last` (an INVITE's 2xx belongs to the dialog) for 64·T1. */
  onSettled(last: string | undefined): void;
  onTerminated(): void;
}

export class ServerTransaction {
  state: ServerState;
  private readonly owner: ServerTransactionOwner;
  private last: string | undefined;
  private retransmitTimer: Timer | undefined;
  private endTimer: Timer | undefined;

  constructor(owner: ServerTransactionOwner) {
    this.owner = owner;
    this.state = owner.invite ? 'proceeding' : 'trying';
  }

  /** The same request again: the last response again (§17.2.1, §17.2.2). 2xx to INVITE belong to the UA core. */
  retransmission(): void {
    if (this.last !== undefined && this.state !== 'accepted' && this.state !== 'confirmed')
      this.owner.send(this.last);
  }

  /** False when a final response was sent before: the caller was late. */
  respond(status: number, text: string): boolean {
    if (this.state !== 'trying' && this.state !== 'proceeding') return false;
    this.last = text;
    this.owner.send(text);
    if (status < 200) this.state = 'proceeding';
    else if (!this.owner.invite) this.complete(text);
    else if (status < 300) this.accept();
    else this.fail();
    return true;
  }

  /** ACK of a 3xx-6xx; ACKs of 2xx are transactions of their own and do not come here. */
  ack(): void {
    if (this.state !== 'completed' || !this.owner.invite) return;
    this.state = 'confirmed';
    this.retransmitTimer?.cancel();
    this.endAfter(this.owner.reliable ? 0 : T4); // timer I
  }

  terminate(): void {
    if (this.state === 'terminated') return;
    this.state = 'terminated';
    this.retransmitTimer?.cancel();
    this.endTimer?.cancel();
    this.owner.onTerminated();
  }

  private complete(text: string): void {
    this.state = 'completed';
    if (this.owner.reliable) this.terminate();
    else this.owner.onSettled(text); // timer J
  }

  private accept(): void {
    this.state = 'accepted';
    this.last = undefined;
    this.owner.onSettled(undefined); // timer L
  }

  private fail(): void {
    this.state = 'completed';
    if (!this.owner.reliable) this.retransmitAfter(T1); // timer G
    this.endAfter(TRANSACTION_TIMEOUT); // timer H
  }

  private retransmitAfter(ms: number): void {
    this.retransmitTimer = this.owner.clock.after(ms, () => {
      if (this.state !== 'completed' || this.last === undefined) return;
      this.owner.send(this.last);
      this.retransmitAfter(Math.min(ms * 2, T2));
    });
  }

  private endAfter(ms: number): void {
    this.endTimer?.cancel();
    if (ms === 0) this.terminate();
    else this.endTimer = this.owner.clock.after(ms, () => this.terminate());
  }
}
