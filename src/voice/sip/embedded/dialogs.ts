import type { Timer } from '../../../shared/clock.ts';
import type { Flow } from './flow.ts';
import type { Incoming } from './core.ts';
import { type SipMessage } from './sip-message.ts';
import { parseUri, wantsTls } from './sip-values.ts';

/** A 2xx that waits for its ACK (RFC 3261 §13.3.1.4). */
export interface Pending2xx {
  readonly cseq: number;
  readonly stop: () => void;
}

/** An ACK, sent again when its 2xx comes again; no text until the application has acknowledged. */
export interface AckSent {
  readonly cseq: number;
  text: string | undefined;
  flow: Flow;
}

/** Who owns a dialog hears of what happens in it. */
export interface DialogOwner {
  onRequest(incoming: Incoming): void;
  onAck(message: SipMessage): void;
  /** The server ended it by itself: session timer, lost ACK, lost connection. `reason` as in a Reason header. */
  onEnded(reason: string): void;
}

/**
 * What a dialog is made of (RFC 3261 §12): created by a 2xx, gone with BYE, session timer or its flow.
 * Only UaCore and its parts change it.
 */
export interface Dialog {
  readonly callId: string;
  readonly role: 'uac' | 'uas';
  readonly localTag: string;
  readonly remoteTag: string;
  /** From and To values with tags, as the local and remote side. */
  readonly local: string;
  readonly remote: string;
  readonly contact: string;
  localSeq: number;
  remoteSeq: number;
  remoteTarget: string;
  readonly routeSet: readonly string[];
  /** The flow of the last message from the peer: WebSocket and TCP answer on it, UDP behind NAT too. */
  flow: Flow;
  localSdp: string;
  allowsUpdate: boolean;
  /** Our re-INVITE (or UPDATE with SDP) waits for an answer: theirs gets 491 (§14.2). */
  clientInvite: boolean;
  /** Their re-INVITE waits for our answer: another gets 500 (§14.2). */
  serverInvite: boolean;
  pending2xx: Pending2xx | undefined;
  /** Sends our last 2xx once more: whoever lives acknowledges every copy of it (§13.2.2.4). */
  repeat2xx: (() => void) | undefined;
  /** Told of an ACK that nothing waits for: that of a copy. */
  onCopyAck: (() => void) | undefined;
  /** ACK of the last 2xx to our INVITE. */
  ack: AckSent | undefined;
  sessionTimer: Timer | undefined;
  owner: DialogOwner | undefined;
  ended: boolean;
}

export class DialogTable {
  private readonly byTags = new Map<string, Dialog>();

  get size(): number {
    return this.byTags.size;
  }

  all(): Dialog[] {
    return [...this.byTags.values()];
  }

  /** A call is under way on this connection. */
  uses(flow: Flow): boolean {
    for (const dialog of this.byTags.values()) if (dialog.flow === flow) return true;
    return false;
  }

  add(dialog: Dialog): void {
    this.byTags.set(key(dialog.callId, dialog.localTag, dialog.remoteTag), dialog);
  }

  find(callId: string, localTag: string, remoteTag: string): Dialog | undefined {
    return this.byTags.get(key(callId, localTag, remoteTag));
  }

  remove(dialog: Dialog): void {
    dialog.ended = true;
    dialog.owner = undefined;
    dialog.sessionTimer?.cancel();
    dialog.pending2xx?.stop();
    dialog.repeat2xx = undefined;
    dialog.onCopyAck = undefined;
    this.byTags.delete(key(dialog.callId, dialog.localTag, dialog.remoteTag));
  }
}

const key = (callId: string, localTag: string, remoteTag: string): string =>
  `${callId}|${localTag}|${remoteTag}`;

/** RFC 3261 §12.2.1.1: Request-URI and Route of a request inside a dialog, loose and strict routers. */
export function routeOf(dialog: Pick<Dialog, 'remoteTarget' | 'routeSet'>): {
  uri: string;
  routes: readonly string[];
  nextHop: string;
} {
  const first = dialog.routeSet[0];
  if (first === undefined) return { uri: dialog.remoteTarget, routes: [], nextHop: dialog.remoteTarget };
  const hop = inner(first);
  if (parseUri(hop)?.params['lr'] !== undefined)
    return { uri: dialog.remoteTarget, routes: dialog.routeSet, nextHop: hop };
  return { uri: hop, routes: [...dialog.routeSet.slice(1), `<${dialog.remoteTarget}>`], nextHop: hop };
}

const inner = (route: string): string => /<([^<>]+)>/.exec(route)?.[1] ?? route;

/**
 * Whether requests go back where messages came from instead of to the address that the peer claims: always for
 * WebSocket (RFC 7118 §5), for TCP while the connection lives, and for UDP when a private Contact arrives from a
 * public address, which means NAT.
 */
export function prefersFlow(nextHop: string, hasRoutes: boolean, flow: Flow): boolean {
  if (flow.protocol === 'ws' || flow.protocol === 'wss') return true;
  if (hasRoutes) return false;
  if (flow.protocol === 'tcp') return flow.open;
  const target = parseUri(nextHop);
  // A sips: Contact on a call that is in clear anyway: some gateways write it; its hang-up must still arrive.
  if (target && wantsTls(target)) return true;
  const host = target?.host ?? '';
  if (host.endsWith('.invalid')) return true;
  return host !== flow.address && isPrivate(host) && !isPrivate(flow.address);
}

const isPrivate = (host: string): boolean =>
  /^(10\.|192\.168\.|172\.(1[6-9]|2\d|3[01])\.|100\.(6[4-9]|[7-9]\d|1[01]\d|12[0-7])\.|169\.254\.)/.test(
    host,
  );
