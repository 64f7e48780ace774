import type { Clock, Timer } from '../../../shared/clock.ts';
import { T1, T2, T4, TIMER_D, TRANSACTION_TIMEOUT } from './timers.ts';

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
 */
export type ClientState = 'calling' | 'trying' | 'proceeding' | 'accepted' | 'completed' | 'terminated';

export interface ClientTransactionDeps<Response> {
  readonly clock: Clock;
  readonly invite: boolean;
  readonly reliable: boolean;
  readonly send: (text: string) => void;
  /** ACK for a 3xx-6xx, in the same transaction (§17.1.1.3). */
  readonly ackFor: (response: Response) => string;
  readonly onResponse: (response: Response) => void;
  /** Nobody answered: treat as 408 (§8.1.3.1). */
  readonly onTimeout: () => void;
  readonly onTerminated: () => void;
}

export class ClientTransaction<Response extends { readonly status: number }> {
  state: ClientState;
  private readonly deps: ClientTransactionDeps<Response>;
  private request: string;
  private ack: string | undefined;
  private retransmitTimer: Timer | undefined;
  private endTimer: Timer | undefined;

  constructor(deps: ClientTransactionDeps<Response>, request: string) {
    this.deps = deps;
    this.request = request;
    this.state = deps.invite ? 'calling' : 'trying';
  }

  start(): void {
    this.deps.send(this.request);
    if (!this.deps.reliable) this.retransmitAfter(T1); // timers A and E
    this.endTimer = this.deps.clock.after(TRANSACTION_TIMEOUT, () => this.timeout()); // timers B and F
  }

  receive(response: Response): void {
    switch (this.state) {
      case 'calling':
      case 'trying':
      case 'proceeding':
        if (response.status < 200) this.provisional(response);
        else this.final(response);
        return;
      case 'accepted':
        // A 2xx again, or from another branch of a fork: the UA core ACKs it (RFC 6026 §7.2).
        if (response.status >= 200 && response.status < 300) this.deps.onResponse(response);
        return;
      case 'completed':
        if (response.status >= 300 && this.ack !== undefined) this.deps.send(this.ack);
        return;
      case 'terminated':
        return;
    }
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
    this.deps.onTerminated();
  }

  private provisional(response: Response): void {
    const first = this.state !== 'proceeding';
    this.state = 'proceeding';
    if (this.deps.invite && first) {
      this.retransmitTimer?.cancel();
      this.endTimer?.cancel(); // an answered INVITE may ring as long as the caller likes (§17.1.1.2)
    }
    this.deps.onResponse(response);
  }

  private final(response: Response): void {
    this.request = '';
    this.retransmitTimer?.cancel();
    if (!this.deps.invite) {
      this.state = 'completed';
      this.endAfter(this.deps.reliable ? 0 : T4); // timer K
    } else if (response.status < 300) {
      this.state = 'accepted';
      this.endAfter(TRANSACTION_TIMEOUT); // timer M
    } else {
      this.state = 'completed';
      this.ack = this.deps.ackFor(response);
      this.deps.send(this.ack);
      this.endAfter(this.deps.reliable ? 0 : TIMER_D);
    }
    this.deps.onResponse(response);
  }

  private timeout(): void {
    if (this.state === 'terminated') return;
    this.terminate();
    this.deps.onTimeout();
  }

  private retransmitAfter(ms: number): void {
    this.retransmitTimer = this.deps.clock.after(ms, () => {
      if (this.state !== 'calling' && this.state !== 'trying' && this.state !== 'proceeding') return;
      this.deps.send(this.request);
      // Timer A doubles without bound, E up to T2; a non-INVITE in proceeding goes at T2 (§17.1.2.2).
      const next = this.deps.invite ? ms * 2 : this.state === 'proceeding' ? T2 : Math.min(ms * 2, T2);
      this.retransmitAfter(next);
    });
  }

  private endAfter(ms: number): void {
    this.endTimer?.cancel();
    if (ms === 0) this.terminate();
    else this.endTimer = this.deps.clock.after(ms, () => this.terminate());
  }
}
