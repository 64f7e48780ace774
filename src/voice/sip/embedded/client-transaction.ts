import type { Clock, Timer } from '../../../shared/clock.ts';
import { T1, T2, TIMER_D, TRANSACTION_TIMEOUT } from './timers.ts';

/**
 * Client transactions of RFC 3261 §17.1 with the Accepted state of RFC 6026.
 *
 * ```
 * INVITE   calling ─1xx→ proceeding ─2xx→ accepted ─M→ terminated
 *             │              └─3xx-6xx→ completed (ACK sent) ─D→ terminated
 *             └─B→ timeout, terminated
 * other    trying ─1xx→ proceeding ─final→ completed ─K→ terminated
 *             └─F→ timeout, terminated
 * ```
 *
 * Timers K and M are the owner's (`onSettled`), as J and L of server transactions.
 */
export type ClientState = 'calling' | 'trying' | 'proceeding' | 'accepted' | 'completed' | 'terminated';

export interface ClientTransactionOwner<Response> {
  readonly clock: Clock;
  readonly invite: boolean;
  readonly reliable: boolean;
  send(text: string): void;
  /** ACK for a 3xx-6xx, in the same transaction (§17.1.1.3). */
  ackFor(response: Response): string;
  onResponse(response: Response): void;
  /** After the final answer: copies of it, and 2xx of other branches of a fork, are the UA core's (RFC 6026 §7.2). */
  onSettled(): void;
  /** Nobody answered: treat as 408 (§8.1.3.1). */
  onTimeout(): void;
  onTerminated(): void;
}

export class ClientTransaction<Response extends { readonly status: number }> {
  state: ClientState;
  private readonly owner: ClientTransactionOwner<Response>;
  private request: string;
  private ack: string | undefined;
  private retransmitTimer: Timer | undefined;
  private endTimer: Timer | undefined;

  constructor(owner: ClientTransactionOwner<Response>, request: string) {
    this.owner = owner;
    this.request = request;
    this.state = owner.invite ? 'calling' : 'trying';
  }

  start(): void {
    this.owner.send(this.request);
    if (!this.owner.reliable) this.retransmitAfter(T1); // timers A and E
    this.endTimer = this.owner.clock.after(TRANSACTION_TIMEOUT, () => this.timeout()); // timers B and F
  }

  receive(response: Response): void {
    switch (this.state) {
      case 'calling':
      case 'trying':
      case 'proceeding':
        if (response.status < 200) this.provisional(response);
        else this.final(response);
        return;
      case 'completed':
        if (response.status >= 300 && this.ack !== undefined) this.owner.send(this.ack);
        return;
      case 'accepted':
      case 'terminated':
        return;
    }
  }

  /** §9.1: cancelled. Without a final answer within 64·T1 of the CANCEL, whatever became of that, it is over. */
  cancelled(): void {
    if (this.state !== 'calling' && this.state !== 'proceeding') return;
    this.endTimer?.cancel();
    this.endTimer = this.owner.clock.after(TRANSACTION_TIMEOUT, () => this.timeout());
  }

  /** The transport says that the request cannot arrive. */
  fail(): void {
    if (this.state === 'calling' || this.state === 'trying' || this.state === 'proceeding') this.timeout();
  }

  terminate(): void {
    if (this.state === 'terminated') return;
    this.state = 'terminated';
    this.retransmitTimer?.cancel();
    this.endTimer?.cancel();
    this.owner.onTerminated();
  }

  private provisional(response: Response): void {
    const first = this.state !== 'proceeding';
    this.state = 'proceeding';
    if (this.owner.invite && first) {
      this.retransmitTimer?.cancel();
      this.endTimer?.cancel(); // an answered INVITE may ring as long as the caller likes (§17.1.1.2)
    }
    this.owner.onResponse(response);
  }

  private final(response: Response): void {
    this.request = '';
    this.retransmitTimer?.cancel();
    this.endTimer?.cancel();
    const { owner } = this;
    if (owner.invite && response.status >= 300) {
      this.state = 'completed';
      this.ack = owner.ackFor(response);
      owner.send(this.ack);
      this.endAfter(owner.reliable ? 0 : TIMER_D);
      owner.onResponse(response);
      return;
    }
    this.state = owner.invite ? 'accepted' : 'completed';
    owner.onResponse(response);
    if (owner.reliable && !owner.invite) this.terminate();
    else owner.onSettled(); // timers K and M
  }

  private timeout(): void {
    if (this.state === 'terminated') return;
    this.terminate();
    this.owner.onTimeout();
  }

  private retransmitAfter(ms: number): void {
    this.retransmitTimer = this.owner.clock.after(ms, () => {
      if (this.state !== 'calling' && this.state !== 'trying' && this.state !== 'proceeding') return;
      this.owner.send(this.request);
      // Timer A doubles without bound, E up to T2; a non-INVITE in proceeding goes at T2 (§17.1.2.2).
      const next = this.owner.invite ? ms * 2 : this.state === 'proceeding' ? T2 : Math.min(ms * 2, T2);
      this.retransmitAfter(next);
    });
  }

  private endAfter(ms: number): void {
    this.endTimer?.cancel();
    if (ms === 0) this.terminate();
    else this.endTimer = this.owner.clock.after(ms, () => this.terminate());
  }
}
