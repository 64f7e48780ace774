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
  /** Asked before any work is done for an address; false drops the datagram or refuses the connection. */
  admits(address: string, protocol: Transport): boolean;
}

/** A SIP message may be this long, in bytes; a UDP datagram cannot be longer anyway. */
export const MAX_MESSAGE = 65_535;

export const flowKey = (protocol: string, address: string, port: number): string =>
  `${protocol}/${address}:${port}`;

/** IPv4 addresses as they are, also when a dual-stack socket reports them mapped. */
export const plainAddress = (address: string | undefined): string =>
  address === undefined ? '' : address.startsWith('::ffff:') ? address.slice(7) : address;
