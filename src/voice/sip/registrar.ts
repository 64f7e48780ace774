import type { Clock, Timer } from '../../shared/clock.ts';
import { createRecent } from '../../shared/recent.ts';
import type { RegistrationChange, SipPeer } from '../ports.ts';

/** One address where a softphone can be called (RFC 3261 §10), tied to the flow that it registered on (RFC 5626). */
export interface Binding {
  readonly username: string;
  readonly contact: string;
  /** `+sip.instance` when the phone has one: the same phone after a restart. */
  readonly instance: string | undefined;
  readonly peer: SipPeer;
  readonly callId: string;
  readonly cseq: number;
  readonly userAgent: string | undefined;
  /** What it authenticated with: good for refreshes while its connection lives. */
  readonly ha1: string;
  /** By the steady clock, ms. */
  readonly expiresAt: number;
}

export const MIN_EXPIRES = 60;
export const MAX_EXPIRES = 3600;
export const DEFAULT_EXPIRES = 600;
const MAX_BINDINGS = 10;
/** An address is remembered for this long after a telephone registered from there: people come back in the morning. */
const ADDRESS_MS = 24 * 3_600_000;
const MAX_ADDRESSES = 10_000;

export type RegisterResult = 'ok' | 'outOfOrder' | 'tooMany';

export interface Registrar {
  /** Adds or refreshes. `outOfOrder`: an older CSeq of the same Call-ID (§10.3 step 7). */
  put(binding: Binding): RegisterResult;
  remove(username: string, contact?: string): void;
  /** All, or those that one of these passwords (HA1) opened. */
  readonly end: (username: string, openedWith?: readonly string[]) => void;
  removeFlow(peer: SipPeer): void;
  /** Newest first. */
  of(username: string): readonly Binding[];
  /** Whose flow this is: a message from here comes from that softphone. */
  byFlow(peer: SipPeer): Binding | undefined;
  /** Telephones of ours are behind this address, or were within a day. */
  knowsAddress(address: string): boolean;
  onChange(handler: (change: RegistrationChange) => void): void;
  stop(): void;
}

interface Entry {
  readonly binding: Binding;
  readonly timer: Timer;
}

const flowOf = (peer: SipPeer): string => `${peer.transport}/${peer.address}:${peer.port}`;

export function createRegistrar(clock: Clock): Registrar {
  const users = new Map<string, Entry[]>();
  const flows = new Map<string, Binding>();
  const addresses = createRecent<number>(MAX_ADDRESSES);
  const handlers: ((change: RegistrationChange) => void)[] = [];

  function announce(username: string, last: Binding): void {
    const entries = users.get(username) ?? [];
    const newest = entries[0]?.binding ?? last;
    const { userAgent, peer } = newest;
    const change = { username, contacts: entries.length, userAgent, peer };
    // After the 200 to the REGISTER is on its way: who hears of it may call the phone at once.
    queueMicrotask(() => {
      for (const handler of handlers) handler(change);
    });
  }

  function drop(username: string, gone: (binding: Binding) => boolean): void {
    const entries = users.get(username) ?? [];
    const out = entries.filter((entry) => gone(entry.binding));
    if (out.length === 0) return;
    const rest = entries.filter((entry) => !out.includes(entry));
    if (rest.length === 0) users.delete(username);
    else users.set(username, rest);
    for (const { binding, timer } of out) {
      timer.cancel();
      if (flows.get(flowOf(binding.peer)) === binding) flows.delete(flowOf(binding.peer));
    }
    const last = out[0];
    if (last) announce(username, last.binding);
  }

  return {
    put(binding) {
      const entries = users.get(binding.username) ?? [];
      const same = (other: Binding): boolean =>
        other.contact === binding.contact ||
        (binding.instance !== undefined && other.instance === binding.instance);
      const old = entries.find((entry) => same(entry.binding));
      if (old?.binding.callId === binding.callId && binding.cseq <= old.binding.cseq) return 'outOfOrder';
      if (!old && entries.length >= MAX_BINDINGS) return 'tooMany';
      old?.timer.cancel();
      if (old && flows.get(flowOf(old.binding.peer)) === old.binding) flows.delete(flowOf(old.binding.peer));
      const timer = clock.after(binding.expiresAt - clock.steady(), () => {
        drop(binding.username, (other) => other === binding);
      });
      users.set(binding.username, [{ binding, timer }, ...entries.filter((entry) => entry !== old)]);
      flows.set(flowOf(binding.peer), binding);
      addresses.set(binding.peer.address, clock.now());
      // A plain refresh on the same flow is no news.
      if (!old || flowOf(old.binding.peer) !== flowOf(binding.peer)) announce(binding.username, binding);
      return 'ok';
    },
    remove(username, contact) {
      drop(username, (binding) => contact === undefined || binding.contact === contact);
    },
    end: (username, openedWith) =>
      drop(username, ({ ha1 }) => openedWith === undefined || openedWith.includes(ha1)),
    removeFlow(peer) {
      const key = flowOf(peer);
      const binding = flows.get(key);
      if (binding) drop(binding.username, (other) => flowOf(other.peer) === key);
    },
    of: (username) => (users.get(username) ?? []).map((entry) => entry.binding),
    byFlow: (peer) => flows.get(flowOf(peer)),
    knowsAddress: (address) => clock.now() - (addresses.get(address) ?? -Infinity) < ADDRESS_MS,
    onChange: (handler) => void handlers.push(handler),
    stop() {
      for (const entries of users.values()) for (const { timer } of entries) timer.cancel();
      users.clear();
      flows.clear();
    },
  };
}
