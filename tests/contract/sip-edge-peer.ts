import { createHash, randomBytes } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { type EventEmitter, once } from 'node:events';
import { connect } from 'node:net';
import { WebSocket } from 'ws';
import { parseSip, type SipMessage } from '../../src/voice/sip/embedded/sip-message.ts';
import { splitList, tagOf } from '../../src/voice/sip/embedded/sip-values.ts';
import { StreamFraming } from '../../src/voice/sip/embedded/stream-framing.ts';

/** Bytes in, bytes out: a SIP peer's way to the edge. */
export interface Wire {
  readonly name: 'UDP' | 'TCP' | 'WS';
  readonly host: string;
  readonly port: number;
  send(text: string | Buffer): void;
  onText(handler: (text: string) => void): void;
  close(): void;
  /** Resolves when either side closed it. */
  readonly closed: Promise<void>;
}

const closing = (socket: EventEmitter): Promise<void> =>
  new Promise((resolve) => socket.once('close', () => resolve()));

export async function udpWire(to: number, host = '127.0.0.1'): Promise<Wire> {
  const socket = createSocket('udp4');
  const listening = once(socket, 'listening');
  socket.bind(0, host);
  await listening;
  return {
    name: 'UDP',
    host,
    port: socket.address().port,
    send: (text) => socket.send(text, to, '127.0.0.1'),
    onText: (handler) => void socket.on('message', (data) => handler(data.toString())),
    close: () => void socket.close(),
    closed: closing(socket),
  };
}

export async function tcpWire(to: number, host = '127.0.0.1'): Promise<Wire> {
  const socket = connect({ port: to, host: '127.0.0.1', localAddress: host });
  await once(socket, 'connect');
  socket.on('error', () => undefined);
  const framing = new StreamFraming();
  return {
    name: 'TCP',
    host,
    port: socket.localPort ?? 0,
    send: (text) => void socket.write(text),
    onText: (handler) =>
      void socket.on('data', (chunk) => {
        for (const frame of framing.push(chunk)) if (frame.kind === 'message') handler(frame.text);
      }),
    close: () => socket.destroy(),
    closed: closing(socket),
  };
}

/** `client`: the address that a trusted proxy names. */
export async function wsWire(url: string, client?: string): Promise<Wire> {
  const headers = client === undefined ? {} : { 'X-Forwarded-For': client };
  const socket = new WebSocket(url, 'sip', { headers });
  await once(socket, 'open');
  socket.on('error', () => undefined);
  return {
    name: 'WS',
    host: 'df7jal23ls0d.invalid',
    port: 0,
    send: (text) => socket.send(text),
    onText: (handler) => void socket.on('message', (data: Buffer) => handler(data.toString())),
    close: () => socket.terminate(),
    closed: closing(socket),
  };
}

export interface Received extends SipMessage {
  readonly raw: string;
}

export const SDP = (port: number, version = 1): string =>
  `v=0\r\no=- 1 ${version} IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\nm=audio ${port} RTP/AVP 0\r\na=rtpmap:0 PCMU/8000\r\n`;

const token = (): string => randomBytes(6).toString('hex');

/** A scripted SIP user agent: it says what it is told and remembers what it hears. */
export class SipPeer {
  readonly wire: Wire;
  readonly heard: Received[] = [];
  /** One of its own each: drachtio-server remembers registered connections by user and host of the contact, without the port. */
  private readonly user = `p${token()}`;
  private readonly waiting: { match: (m: Received) => boolean; resolve: (m: Received) => void }[] = [];

  constructor(wire: Wire) {
    this.wire = wire;
    wire.onText((text) => {
      const message = parseSip(text);
      if (!message) return;
      const received = { ...message, raw: text };
      const waiter = this.waiting.findIndex((w) => w.match(received));
      if (waiter === -1) this.heard.push(received);
      else this.waiting.splice(waiter, 1)[0]?.resolve(received);
    });
  }

  /** The next message that fits, also one that came before; each is given once. */
  async next(match: (m: Received) => boolean, what: string, ms = 8000): Promise<Received> {
    const at = this.heard.findIndex(match);
    const known = this.heard[at];
    if (known) {
      this.heard.splice(at, 1);
      return known;
    }
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        const heard = this.heard.map((m) => m.raw.split('\r\n', 1)[0]).join(' / ');
        reject(new Error(`no ${what}; heard: ${heard}`));
      }, ms);
      this.waiting.push({
        match,
        resolve: (m) => {
          clearTimeout(timer);
          resolve(m);
        },
      });
    });
  }

  request = (method: string): Promise<Received> => this.next((m) => m.method === method, method);
  final = (method: string, atLeast = 200): Promise<Received> =>
    this.next(
      (m) => m.status >= atLeast && (m.headers['cseq'] ?? '').endsWith(method),
      `answer to ${method}`,
    );

  get contact(): string {
    const transport = this.wire.name === 'UDP' ? '' : `;transport=${this.wire.name.toLowerCase()}`;
    return `<sip:${this.user}@${this.wire.host}${this.wire.port === 0 ? '' : `:${this.wire.port}`}${transport}>`;
  }

  via(): string {
    return `SIP/2.0/${this.wire.name} ${this.wire.host}${this.wire.port === 0 ? '' : `:${this.wire.port}`};branch=z9hG4bK${token()};rport`;
  }

  write(start: string, headers: readonly (readonly [string, string])[], body = ''): string {
    const lines = headers.map(([name, value]) => `${name}: ${value}\r\n`).join('');
    return `${start}\r\n${lines}Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;
  }

  /** Sends a request outside of dialogs and returns what to say next about it. */
  start(
    method: string,
    uri: string,
    extra: readonly (readonly [string, string])[] = [],
    body = '',
    options: Partial<Leg> = {},
  ): Leg {
    const leg: Leg = {
      callId: options.callId ?? `${token()}@peer`,
      local: options.local ?? `<sip:5511987654321@peer>;tag=${token()}`,
      remote: options.remote ?? `<${uri}>`,
      seq: options.seq ?? 1,
      uri,
      via: options.via ?? this.via(),
    };
    this.sendLeg(leg, method, leg.seq, extra, body, leg.via);
    return leg;
  }

  sendLeg(
    leg: Leg,
    method: string,
    seq: number,
    extra: readonly (readonly [string, string])[] = [],
    body = '',
    via = this.via(),
  ): void {
    const headers: [string, string][] = [
      ['Via', via],
      ['Max-Forwards', '70'],
      ['From', leg.local],
      ['To', leg.remote],
      ['Call-ID', leg.callId],
      ['CSeq', `${seq} ${method}`],
      ['Contact', this.contact],
      ...extra.map(([n, v]) => [n, v] as [string, string]),
    ];
    if (body !== '' && !extra.some(([n]) => n === 'Content-Type'))
      headers.push(['Content-Type', 'application/sdp']);
    this.wire.send(this.write(`${method} ${leg.uri} SIP/2.0`, headers, body));
  }

  /** The leg after its 2xx: remote tag and target. */
  confirmed(leg: Leg, ok: Received): Leg {
    const target = /<([^>]+)>/.exec(ok.headers['contact'] ?? '')?.[1] ?? leg.uri;
    return { ...leg, remote: ok.headers['to'] ?? leg.remote, uri: target };
  }

  /** Answers a request of the edge. */
  answer(
    request: Received,
    status: number,
    extra: readonly (readonly [string, string])[] = [],
    body = '',
    tag = 'peertag',
  ): void {
    const to = request.headers['to'] ?? '';
    const headers: [string, string][] = [
      ['Via', request.headers['via'] ?? ''],
      ['From', request.headers['from'] ?? ''],
      ['To', tagOf(to) === undefined && status > 100 ? `${to};tag=${tag}` : to],
      ['Call-ID', request.headers['call-id'] ?? ''],
      ['CSeq', request.headers['cseq'] ?? ''],
      ['Contact', this.contact],
      ...extra.map(([n, v]) => [n, v] as [string, string]),
    ];
    if (body !== '' && !extra.some(([n]) => n === 'Content-Type'))
      headers.push(['Content-Type', 'application/sdp']);
    this.wire.send(this.write(`SIP/2.0 ${status} Whatever`, headers, body));
  }

  /** The leg that a request of the edge opened, seen from here. */
  legOf(request: Received, tag = 'peertag'): Leg {
    return {
      callId: request.headers['call-id'] ?? '',
      local: `${request.headers['to'] ?? ''};tag=${tag}`,
      remote: request.headers['from'] ?? '',
      seq: 1,
      uri: /<([^>]+)>/.exec(request.headers['contact'] ?? '')?.[1] ?? '',
      via: '',
    };
  }

  close(): void {
    this.wire.close();
  }
}

export interface Leg {
  readonly callId: string;
  readonly local: string;
  readonly remote: string;
  readonly seq: number;
  readonly uri: string;
  readonly via: string;
}

/** The client's side of a digest (RFC 7616 §3.4.1), MD5 or SHA-256 as the challenge says. */
export function authorize(
  challenge: string,
  username: string,
  password: string,
  method: string,
  uri: string,
  nc = 1,
): string {
  const first = splitList(challenge).join(', ');
  const field = (name: string): string => new RegExp(`${name}="?([^",]+)`).exec(first)?.[1] ?? '';
  const algorithm = field('algorithm');
  const h = (s: string): string =>
    createHash(algorithm === 'SHA-256' ? 'sha256' : 'md5')
      .update(s)
      .digest('hex');
  const [realm, nonce, cnonce, count] = [
    field('realm'),
    field('nonce'),
    token(),
    nc.toString(16).padStart(8, '0'),
  ];
  const response = h(
    `${h(`${username}:${realm}:${password}`)}:${nonce}:${count}:${cnonce}:auth:${h(`${method}:${uri}`)}`,
  );
  return `Digest username="${username}", realm="${realm}", nonce="${nonce}", uri="${uri}", response="${response}", algorithm=${algorithm}, qop=auth, nc=${count}, cnonce="${cnonce}"`;
}

/** REGISTERs; returns the final status after the password was given. */
export async function register(
  peer: SipPeer,
  username: string,
  password: string,
  extra: readonly (readonly [string, string])[] = [['Expires', '300']],
): Promise<Received> {
  const leg = peer.start('REGISTER', 'sip:exemplo', extra, '', {
    local: `<sip:${username}@exemplo>;tag=r${token()}`,
    remote: `<sip:${username}@exemplo>`,
  });
  const asked = await peer.final('REGISTER');
  if (asked.status !== 401) return asked;
  const value = authorize(
    asked.headers['www-authenticate'] ?? '',
    username,
    password,
    'REGISTER',
    'sip:exemplo',
  );
  peer.sendLeg(leg, 'REGISTER', 2, [...extra, ['Authorization', value]]);
  return peer.final('REGISTER');
}
