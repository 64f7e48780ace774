import type { Flow } from './flow.ts';
import { parseSip, type SipMessage } from './sip-message.ts';

/**
 * drachtio-server's client protocol: `length#id|kind|token|…\r\nSIP message`, length in bytes.
 * (drachtio-server src/client.cpp; drachtio-srf lib/drachtio-agent.js reads the other end.)
 */
export type ClientMessage =
  | { readonly kind: 'authenticate'; readonly id: string; readonly secret: string }
  | { readonly kind: 'ping'; readonly id: string }
  | { readonly kind: 'route' | 'removeRoute'; readonly id: string; readonly verb: string }
  | {
      readonly kind: 'sip';
      readonly id: string;
      readonly transactionId: string;
      readonly dialogId: string;
      readonly proxy: string | undefined;
      readonly message: SipMessage;
    }
  | { readonly kind: 'unknown'; readonly id: string };

export function parseClientMessage(text: string): ClientMessage {
  const end = text.indexOf('\r\n');
  const tokens = (end === -1 ? text : text.slice(0, end)).split('|');
  const id = tokens[0] ?? '';
  switch (tokens[1]) {
    case 'authenticate':
      return { kind: 'authenticate', id, secret: tokens[2] ?? '' };
    case 'ping':
      return { kind: 'ping', id };
    case 'route':
      return { kind: 'route', id, verb: tokens[2] ?? '' };
    case 'remove_route':
      return { kind: 'removeRoute', id, verb: tokens[2] ?? '' };
    case 'sip': {
      const message = end === -1 ? undefined : parseSip(text.slice(end + 2));
      if (!message) return { kind: 'unknown', id };
      const transactionId = tokens[2] ?? '';
      const dialogId = tokens[3] ?? '';
      return { kind: 'sip', id, transactionId, dialogId, proxy: tokens[4], message };
    }
    default:
      return { kind: 'unknown', id };
  }
}

export function frame(text: string): Buffer {
  return Buffer.from(`${Buffer.byteLength(text)}#${text}`);
}

export type Source = 'network' | 'application';

/** `source|bytes|protocol|address|port|time`: where a message came from or went to. */
export function meta(source: Source, raw: string, flow: Flow, now: number): string {
  return `${source}|${raw.length}|${flow.protocol}|${flow.address}|${flow.port}|${now}`;
}

/** What the server tells its application. Ids of server messages are never answered, so a counter is enough. */
export interface AppPort {
  sip(source: Source, raw: string, flow: Flow, transactionId: string, dialogId: string): void;
  /** The request or response was sent; `raw` is what went out. */
  sent(messageId: string, raw: string, flow: Flow, transactionId: string, dialogId: string): void;
  failed(messageId: string, reason: string): void;
}
