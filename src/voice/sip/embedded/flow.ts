import type { Clock } from '../../../shared/clock.ts';
import type { Transport } from '../../ports.ts';

/**
 * Where a message came from and where its answer goes: a connection (TCP, WebSocket) or a UDP address pair.
 * The edge sees the network only through this (RFC 5626 calls it a flow).
 */
export interface Flow {
  readonly protocol: Transport;
  readonly address: string;
  readonly port: number;
  readonly reliable: boolean;
  readonly open: boolean;
  /** Never throws; what cannot be sent is dropped, as the network would. */
  send(text: string): void;
  close(): void;
}

export interface FlowHandlers {
  onMessage(text: string, flow: Flow): void;
  /** Bytes that are not SIP, or too many of them. */
  onGarbage(flow: Flow): void;
  onClosed(flow: Flow): void;
  /** Asked before any work is done for a datagram; false drops it. */
  admits(address: string, port: number): boolean;
  /** A connection that may stay: a trunk's, a registered telephone's, one that carries a call. */
  isProven(flow: Flow): boolean;
  /** Connections from here count for no limit. */
  isTrunk(address: string): boolean;
}

/** A peer that takes nothing off us for this many bytes is cut: what it does not read lies in our memory. */
export const MAX_UNSENT = 1024 * 1024;
/** Keep-alives of one connection within a second; more is a flood. */
export const MAX_PINGS = 50;

/** Counts keep-alives; true when there are too many of them. */
export function pingFlood(clock: Clock): () => boolean {
  let second = 0;
  let count = 0;
  return () => {
    const now = Math.floor(clock.now() / 1000);
    if (now !== second) [second, count] = [now, 0];
    return ++count > MAX_PINGS;
  };
}

/** A SIP message may be this long, in bytes; a UDP datagram cannot be longer anyway. */
export const MAX_MESSAGE = 65_535;

export const flowKey = (protocol: string, address: string, port: number): string =>
  `${protocol}/${address}:${port}`;

/** IPv4 addresses as they are, also when a dual-stack socket reports them mapped. */
export const plainAddress = (address: string | undefined): string =>
  address === undefined ? '' : address.startsWith('::ffff:') ? address.slice(7) : address;
