import { parse, write, type MediaDescription, type SessionDescription } from 'sdp-transform';
import { isIP } from 'node:net';
import { AppError } from '../../shared/errors.ts';
import type { Codec } from './g711.ts';

export type Direction = 'sendrecv' | 'sendonly' | 'recvonly' | 'inactive';

/** Other m-lines of the offer: each is refused with port 0 in its place (RFC 3264 §6). */
export interface OtherMedia {
  readonly type: string;
  readonly protocol: string;
  readonly payloads: string;
  readonly mid: string | undefined;
}

/** What we need of the peer's description: its one audio stream. */
export interface RemoteAudio {
  readonly host: string;
  readonly port: number;
  readonly rtcpMux: boolean;
  /** G.711 codecs that the peer takes, in its order. */
  readonly codecs: readonly Codec[];
  /** The numbers that it gives them: static ones or any other (RFC 3551 §3, §6). */
  readonly payloadTypes: Readonly<Partial<Record<Codec, number>>>;
  /** Payload type of telephone-event/8000, or undefined. */
  readonly eventType: number | undefined;
  /** As the peer sees it. */
  readonly direction: Direction;
  readonly protocol: string;
  readonly mid: string | undefined;
  readonly iceUfrag: string | undefined;
  readonly fingerprint: string | undefined;
  readonly bundled: boolean;
  readonly index: number;
  readonly others: readonly OtherMedia[];
}

const bad = (why: string): AppError => new AppError('media.badSdp', 422, why);
const MAX_PORT = 65_535;
/** Below it are the ports of other servers (DNS, NTP, SNMP …): no telephone listens there (ADR 0016). */
const MIN_PORT = 1024;
/** RTP carries seven bits of it (RFC 3550 §5.1). */
const MAX_PAYLOAD_TYPE = 127;
/** More than any honest description; a parser is no place for megabytes. */
const MAX_SDP = 64 * 1024;

/**
 * Parses a peer's SDP (RFC 4566, RFC 3264). Throws AppError `media.badSdp`; SIP answers 488 (RFC 3261 §21.4.26).
 * `own` is the address that we would send from: an address of the other family hears nothing of us.
 */
export function parseRemote(sdp: string, kind: 'rtp' | 'webrtc', own?: string): RemoteAudio {
  if (sdp.length > MAX_SDP || !sdp.startsWith('v=0')) throw bad('not an SDP');
  const session = parseOrThrow(sdp);
  const index = session.media.findIndex((m) => m.type === 'audio' && m.port > 0 && fits(m.protocol, kind));
  const audio = session.media[index];
  if (audio === undefined) throw bad(`no audio stream for ${kind}`);
  if (audio.port > MAX_PORT) throw bad(`port ${audio.port} does not exist`);
  const remote = describe(session, audio, index);
  if (kind === 'webrtc' && (remote.iceUfrag === undefined || remote.fingerprint === undefined))
    throw bad('WebRTC needs ICE and a fingerprint (RFC 8827 §6.5)');
  if (kind === 'rtp') assertReachable(remote, own);
  return remote;
}

function assertReachable({ host, port }: RemoteAudio, own = ''): void {
  if (port < MIN_PORT) throw bad(`port ${port} is another service's`);
  if (isIP(host) === 0) throw bad('needs a literal connection address');
  if (isNobody(host)) throw bad('the connection address is not one host');
  const isHold = host === '0.0.0.0' || host === '::';
  if (!isHold && isIP(own) !== 0 && isIP(host) !== isIP(own))
    throw bad(`no sound goes from ${own} to ${host}`);
}

/** Multicast, reserved, broadcast and "this network" but for its zero (hold): a stranger's words send no sound there. */
function isNobody(host: string): boolean {
  if (isIP(host) === 6) return host.toLowerCase().startsWith('ff');
  const first = Number(host.split('.', 1)[0]);
  return first >= 224 || (first === 0 && host !== '0.0.0.0');
}

function parseOrThrow(sdp: string): SessionDescription {
  try {
    return parse(sdp);
  } catch (error) {
    throw bad(`unreadable SDP: ${String(error)}`);
  }
}

function fits(protocol: string, kind: 'rtp' | 'webrtc'): boolean {
  return kind === 'webrtc' ? /^UDP\/TLS\/RTP\/SAVPF?$/.test(protocol) : /^RTP\/AVPF?$/.test(protocol);
}

function describe(session: SessionDescription, audio: MediaDescription, index: number): RemoteAudio {
  const types = (textOf(audio.payloads) ?? '').split(' ').filter(Boolean).map(Number).filter(isPayloadType);
  const payloadTypes: Partial<Record<Codec, number>> = {};
  for (const type of types) {
    const codec = codecOf(audio, type);
    if (codec !== undefined) payloadTypes[codec] ??= type;
  }
  const codecs = Object.keys(payloadTypes) as Codec[];
  if (codecs.length === 0) throw bad('neither PCMU nor PCMA');
  const host = audio.connection?.ip ?? session.connection?.ip ?? '';
  return {
    ...secrets(session, audio),
    host,
    port: audio.port,
    rtcpMux: audio.rtcpMux !== undefined,
    codecs,
    payloadTypes,
    eventType: types.find((t) => mapped(audio, t, 'telephone-event')),
    direction: directionOf(session, audio, host),
    protocol: audio.protocol,
    mid: textOf(audio.mid),
    bundled: session.groups?.some((g) => g.type === 'BUNDLE') ?? false,
    index,
    others: session.media.filter((_, i) => i !== index).map(other),
  };
}

const secrets = (
  session: SessionDescription,
  audio: MediaDescription,
): Pick<RemoteAudio, 'iceUfrag' | 'fingerprint'> => {
  const fingerprint = audio.fingerprint ?? session.fingerprint;
  return {
    iceUfrag: textOf(audio.iceUfrag ?? session.iceUfrag),
    fingerprint: fingerprint === undefined ? undefined : `${fingerprint.type} ${fingerprint.hash}`,
  };
};

/**
 * RFC 2543 hold: the zero address says "send me nothing" (RFC 3264 §8.4); with ICE it means nothing (RFC 8840 §4.3).
 */
function directionOf(session: SessionDescription, audio: MediaDescription, host: string): Direction {
  const direction = audio.direction ?? session.direction ?? 'sendrecv';
  const zeroHold = host === '0.0.0.0' && audio.iceUfrag === undefined && session.iceUfrag === undefined;
  return zeroHold && direction === 'sendrecv' ? 'sendonly' : direction;
}

/** The library turns a value of digits (mid, ufrag, one payload type) into a number, against its own types. */
const textOf = (value: string | number | undefined): string | undefined =>
  value === undefined ? undefined : String(value);

const other = (m: MediaDescription): OtherMedia => ({
  type: m.type,
  protocol: m.protocol,
  payloads: textOf(m.payloads) ?? '0',
  mid: textOf(m.mid),
});

const isPayloadType = (type: number): boolean =>
  Number.isInteger(type) && type >= 0 && type <= MAX_PAYLOAD_TYPE;

const mapped = (audio: MediaDescription, type: number, name: string): boolean =>
  audio.rtp.some((r) => r.payload === type && r.codec.toLowerCase() === name && (r.rate ?? 8000) === 8000);

/** Static types need no rtpmap (RFC 3551 §6); an rtpmap wins, whatever the number. */
function codecOf(audio: MediaDescription, type: number): Codec | undefined {
  const map = audio.rtp.find((r) => r.payload === type);
  if (map === undefined) return type === 0 ? 'PCMU' : type === 8 ? 'PCMA' : undefined;
  const name = map.codec.toUpperCase();
  const isG711 = (name === 'PCMU' || name === 'PCMA') && (map.rate ?? 8000) === 8000;
  return isG711 && (map.encoding ?? 1) === 1 ? name : undefined;
}

const REVERSED: Readonly<Record<Direction, Direction>> = {
  sendrecv: 'sendrecv',
  sendonly: 'recvonly',
  recvonly: 'sendonly',
  inactive: 'inactive',
};
/** Our direction in the answer (RFC 3264 §6.1). */
export const answerDirection = (remote: Direction): Direction => REVERSED[remote];

/** ICE and DTLS words of our side, for WebRTC. */
export interface SecureWords {
  readonly ufrag: string;
  readonly pwd: string;
  readonly fingerprint: string;
  readonly setup: string;
  readonly candidates: readonly { readonly host: string; readonly port: number }[];
}

export interface LocalAudio {
  readonly sessionId: string;
  readonly version: number;
  readonly host: string;
  readonly port: number;
  readonly codecs: readonly Codec[];
  readonly payloadTypes: Readonly<Record<Codec, number>>;
  readonly eventType: number | undefined;
  readonly direction: Direction;
  readonly ssrc: number;
  readonly secure: SecureWords | undefined;
  /** The offer that we answer; undefined when we offer. */
  readonly remote: RemoteAudio | undefined;
}

/** Writes our description: an offer, or the answer to `remote` with its m-lines in its order. */
export function writeSdp(local: LocalAudio): string {
  const { remote, secure } = local;
  const mid = remote?.mid ?? (secure === undefined ? undefined : '0');
  const family = local.host.includes(':') ? 'IP6' : 'IP4';
  const head = [
    'v=0',
    `o=- ${local.sessionId} ${local.version} IN ${family} ${local.host}`,
    's=-',
    `c=IN ${family} ${local.host}`,
    't=0 0',
  ];
  if (secure !== undefined && (remote === undefined || remote.bundled))
    head.push(`a=group:BUNDLE ${mid ?? '0'}`);
  const sections = (remote?.others ?? []).map((o) => [
    `m=${o.type} 0 ${o.protocol} ${o.payloads}`,
    ...(o.mid === undefined ? [] : [`a=mid:${o.mid}`]),
    'a=inactive',
  ]);
  sections.splice(remote?.index ?? 0, 0, audioSection(local, mid));
  return `${[...head, ...sections.flat()].join('\r\n')}\r\n`;
}

function audioSection(local: LocalAudio, mid: string | undefined): string[] {
  const { remote, secure, eventType } = local;
  const protocol = remote?.protocol ?? (secure === undefined ? 'RTP/AVP' : 'UDP/TLS/RTP/SAVPF');
  const types = local.codecs.map((c) => local.payloadTypes[c]);
  const lines = [
    `m=audio ${local.port} ${protocol} ${[...types, ...(eventType === undefined ? [] : [eventType])].join(' ')}`,
  ];
  for (const codec of local.codecs) lines.push(`a=rtpmap:${local.payloadTypes[codec]} ${codec}/8000`);
  if (eventType !== undefined)
    lines.push(`a=rtpmap:${eventType} telephone-event/8000`, `a=fmtp:${eventType} 0-15`);
  lines.push('a=ptime:20', `a=${local.direction}`);
  if (mid !== undefined) lines.push(`a=mid:${mid}`);
  if (secure !== undefined || remote?.rtcpMux === true) lines.push('a=rtcp-mux');
  if (secure !== undefined) lines.push(...secureLines(local.ssrc, secure));
  return lines;
}

function secureLines(ssrc: number, secure: SecureWords): string[] {
  return [
    'a=msid:ramal audio',
    `a=ssrc:${ssrc} cname:ramal`,
    `a=setup:${secure.setup}`,
    `a=fingerprint:${secure.fingerprint}`,
    `a=ice-ufrag:${secure.ufrag}`,
    `a=ice-pwd:${secure.pwd}`,
    ...secure.candidates.map((c) => `a=candidate:1 1 UDP 2122317823 ${c.host} ${c.port} typ host`),
    'a=end-of-candidates',
  ];
}

/**
 * The peer's description reduced to its audio, always sendrecv: what the WebRTC library gets to see. Hold is ours to
 * keep, and a refused video line must not become a second track.
 */
export function onlyAudio(sdp: string, remote: RemoteAudio): string {
  const session = parse(sdp);
  const audio = session.media[remote.index];
  if (audio === undefined) throw bad('no audio stream');
  const groups = remote.bundled && remote.mid !== undefined ? [{ type: 'BUNDLE', mids: remote.mid }] : [];
  return write({ ...session, groups, media: [{ ...audio, direction: 'sendrecv' }] });
}

/** Reads our ICE and DTLS words from the description that the WebRTC library generated. */
export function readSecureWords(sdp: string): Omit<SecureWords, 'candidates'> {
  const session = parse(sdp);
  const audio = session.media[0];
  const fingerprint = audio?.fingerprint ?? session.fingerprint;
  if (audio?.iceUfrag === undefined || audio.icePwd === undefined || fingerprint === undefined)
    throw bad('the WebRTC library gave no ICE words');
  return {
    ufrag: textOf(audio.iceUfrag) ?? '',
    pwd: textOf(audio.icePwd) ?? '',
    fingerprint: `${fingerprint.type} ${fingerprint.hash}`,
    setup: audio.setup ?? 'actpass',
  };
}
