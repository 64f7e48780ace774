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
 */
export type ServerState = 'trying' | 'proceeding' | 'accepted' | 'completed' | 'confirmed' | 'terminated';

export interface ServerTransactionDeps {
  readonly clock: Clock;
  readonly invite: boolean;
  /** TCP and WebSocket do not retransmit; their completed states end at once. */
  readonly reliable: boolean;
  readonly send: (text: string) => void;
  readonly onTerminated: () => void;
}

export class ServerTransaction {
  state: ServerState;
  private readonly deps: ServerTransactionDeps;
  private last: string | undefined;
  private retransmitTimer: Timer | undefined;
  private endTimer: Timer | undefined;

  constructor(deps: ServerTransactionDeps) {
    this.deps = deps;
    this.state = deps.invite ? 'proceeding' : 'trying';
  }

  /** The same request again: the last response again (§17.2.1, §17.2.2). 2xx to INVITE belong to the UA core. */
  retransmission(): void {
    if (this.last !== undefined && this.state !== 'accepted' && this.state !== 'confirmed')
      this.deps.send(this.last);
  }

  /** False when a final response was sent before: the caller was late. */
  respond(status: number, text: string): boolean {
    if (this.state !== 'trying' && this.state !== 'proceeding') return false;
    this.last = text;
    this.deps.send(text);
    if (status < 200) this.state = 'proceeding';
    else if (!this.deps.invite) this.complete(this.deps.reliable ? 0 : TRANSACTION_TIMEOUT);
    else if (status < 300) this.accept();
    else this.fail();
    return true;
  }

  /** ACK of a 3xx-6xx; ACKs of 2xx are transactions of their own and do not come here. */
  ack(): void {
    if (this.state !== 'completed' || !this.deps.invite) return;
    this.state = 'confirmed';
    this.retransmitTimer?.cancel();
    this.endAfter(this.deps.reliable ? 0 : T4); // timer I
  }

  terminate(): void {
    if (this.state === 'terminated') return;
    this.state = 'terminated';
    this.retransmitTimer?.cancel();
    this.endTimer?.cancel();
    this.deps.onTerminated();
  }

  private complete(lingerMs: number): void {
    this.state = 'completed';
    this.endAfter(lingerMs); // timer J
  }

  private accept(): void {
    this.state = 'accepted';
    this.last = undefined;
    this.endAfter(TRANSACTION_TIMEOUT); // timer L
  }

  private fail(): void {
    this.state = 'completed';
    if (!this.deps.reliable) this.retransmitAfter(T1); // timer G
    this.endAfter(TRANSACTION_TIMEOUT); // timer H
  }

  private retransmitAfter(ms: number): void {
    this.retransmitTimer = this.deps.clock.after(ms, () => {
      if (this.state !== 'completed' || this.last === undefined) return;
      this.deps.send(this.last);
      this.retransmitAfter(Math.min(ms * 2, T2));
    });
  }

  private endAfter(ms: number): void {
    this.endTimer?.cancel();
    if (ms === 0) this.terminate();
    else this.endTimer = this.deps.clock.after(ms, () => this.terminate());
  }
}
