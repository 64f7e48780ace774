import type { Clock, Timer } from '../shared/clock.ts';
import { within } from './deadline.ts';
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
/** A phone that does not answer a question within this is not there, ms. */
const ANSWER_MS = 3_000;
/** A phone that was not there is asked again this often, ms. */
const ASK_AGAIN_MS = 5_000;
/**
 * A phone that is there and takes no calls (do not disturb) says nothing when that changes: it is called again after these times,
 * the last one for as long as it goes on refusing, ms.
 */
const REFUSED_MS: readonly number[] = [15_000, 30_000, 60_000];
const REFUSED_LONG_MS = 120_000;
/** A phone that asks to be left alone longer than a day has somebody who registers it anew, ms. */
const LONGEST_MS = 24 * 3_600_000;

/** Why a registered phone is not called. */
export type Missing = 'gone' | 'refuses';

interface Waiter {
  readonly username: string;
  readonly tell: (phone: Phone | undefined) => void;
}

const phoneOf = ({ username, peer, userAgent }: RegistrationChange): Phone => ({
  username,
  media: peer.transport === 'ws' || peer.transport === 'wss' ? 'webrtc' : 'rtp',
  isDesk: DESK.test(userAgent ?? ''),
  address: peer.address,
});

/** How often in a row a phone took no call though it was there. */
function createRefusals() {
  const counts = new Map<string, number>();
  return {
    /** After one more of them it is left alone for this long, ms. */
    pauseMs(username: string): number {
      const before = counts.get(username) ?? 0;
      counts.set(username, before + 1);
      return REFUSED_MS[before] ?? REFUSED_LONG_MS;
    },
    forget: (username: string): void => void counts.delete(username),
  };
}

/**
 * Which softphones can be called now: registered, and not known to be dead. A registration outlives its phone by minutes; whoever is
 * found not to answer counts as gone until it answers again or registers anew. Who waits for one to come back is told at once.
 */
export function createPhones(
  edge: Pick<SipEdge, 'onRegistration' | 'answers'>,
  clock: Clock,
  onChange: (username: string, phone: Phone | undefined, missing?: Missing) => void,
) {
  const phones = new Map<string, Phone>();
  /** Registered, but nobody answers there, or it takes no calls; asked again until it does. */
  const lost = new Map<string, { timer: Timer }>();
  const refusals = createRefusals();
  const waiters = new Set<Waiter>();
  let stopped = false;

  function forget(username: string): void {
    lost.get(username)?.timer.cancel();
    lost.delete(username);
  }

  function found(phone: Phone): void {
    forget(phone.username);
    onChange(phone.username, phone);
    for (const waiter of [...waiters]) if (waiter.username === phone.username) waiter.tell(phone);
  }

  edge.onRegistration((change: RegistrationChange) => {
    const { username } = change;
    refusals.forget(username);
    if (change.contacts === 0) {
      phones.delete(username);
      forget(username);
      onChange(username, undefined);
      return;
    }
    const phone = phoneOf(change);
    phones.set(username, phone);
    found(phone);
  });

  /** `aloneMs`: how long the phone itself asks to be left alone (Retry-After), which is never cut short by us. */
  function lose(username: string, missing: Missing = 'gone', aloneMs = 0): void {
    if (stopped || !phones.has(username) || lost.has(username)) return;
    const oursMs = missing === 'refuses' ? refusals.pauseMs(username) : ASK_AGAIN_MS;
    const pauseMs = Math.max(oursMs, Math.min(aloneMs, LONGEST_MS));
    const entry = { timer: clock.after(pauseMs, () => void again()) };
    const again = async (): Promise<void> => {
      const answered = await edge.answers(username);
      if (lost.get(username) !== entry) return;
      const phone = phones.get(username);
      if (answered && phone !== undefined) found(phone);
      else entry.timer = clock.after(ASK_AGAIN_MS, () => void again());
    };
    lost.set(username, entry);
    onChange(username, undefined, missing);
  }

  const get = (username: string): Phone | undefined =>
    lost.has(username) ? undefined : phones.get(username);

  /**
   * Asks the phone now: the phone when it answers; else it counts as gone from here on. `heard` is another sign of it: what it says
   * to a call.
   */
  async function check(username: string, heard?: Promise<boolean>): Promise<Phone | undefined> {
    if (get(username) === undefined) return undefined;
    const answered = edge.answers(username);
    const sign = heard === undefined ? answered : Promise.race([answered, heard]);
    if (!(await within(clock, ANSWER_MS, sign, false))) lose(username);
    return get(username);
  }

  /** The next sign of this user's phone, or undefined after `ms` or when the signal aborts. */
  function next(username: string, ms: number, signal: AbortSignal): Promise<Phone | undefined> {
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
  }

  return {
    get,
    check,
    /** It was found dead, or takes no calls: not called before it answers again or registers anew. */
    lose,
    /** It took a call: whatever it refused before is forgotten. */
    took: refusals.forget,
    /** The phone when it is there, else as soon as it comes back; undefined after `ms` or when the signal aborts. */
    async back(username: string, ms: number, signal: AbortSignal): Promise<Phone | undefined> {
      const settled = new AbortController();
      const coming = next(username, ms, AbortSignal.any([signal, settled.signal]));
      const there = (await Promise.race([check(username), coming])) ?? (await coming);
      settled.abort();
      return there;
    },
    stop(): void {
      stopped = true;
      for (const username of [...lost.keys()]) forget(username);
    },
  };
}
export type Phones = ReturnType<typeof createPhones>;
