import type { Clock } from '../shared/clock.ts';
import type { RegistrationChange, SipEdge } from './ports.ts';

/** A registered softphone as call control needs it. */
export interface Phone {
  readonly username: string;
  /** WebRTC for browsers, RTP for everything else. */
  readonly media: 'webrtc' | 'rtp';
  /** Our desk answers by itself after the click; another SIP phone rings with the offer and answering is accepting. */
  readonly isDesk: boolean;
  /** Where its registration came from. */
  readonly address: string;
}

const DESK = /^Ramal-Desk\//;

/** Which softphones are registered now; who waits for one to come back is told at once. */
export function createPhones(
  edge: SipEdge,
  clock: Clock,
  onChange: (username: string, phone: Phone | undefined) => void,
) {
  const phones = new Map<string, Phone>();
  const waiters = new Set<{ username: string; tell: (phone: Phone | undefined) => void }>();

  edge.onRegistration((change: RegistrationChange) => {
    const { username } = change;
    if (change.contacts === 0) {
      phones.delete(username);
      onChange(username, undefined);
      return;
    }
    const phone: Phone = {
      username,
      media: change.peer.transport === 'ws' || change.peer.transport === 'wss' ? 'webrtc' : 'rtp',
      isDesk: DESK.test(change.userAgent ?? ''),
      address: change.peer.address,
    };
    phones.set(username, phone);
    onChange(username, phone);
    for (const waiter of [...waiters]) if (waiter.username === username) waiter.tell(phone);
  });

  return {
    get: (username: string) => phones.get(username),
    /** The next registration of this user, or undefined after `ms` or when the signal aborts. */
    next(username: string, ms: number, signal: AbortSignal): Promise<Phone | undefined> {
      return new Promise((resolve) => {
        const finish = (phone: Phone | undefined) => {
          waiters.delete(waiter);
          timer.cancel();
          signal.removeEventListener('abort', giveUp);
          resolve(phone);
        };
        const waiter = { username, tell: finish };
        const giveUp = () => finish(undefined);
        const timer = clock.after(ms, giveUp);
        waiters.add(waiter);
        signal.addEventListener('abort', giveUp, { once: true });
        if (signal.aborted) giveUp();
      });
    },
  };
}
export type Phones = ReturnType<typeof createPhones>;
