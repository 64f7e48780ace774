import { createHash, randomBytes } from 'node:crypto';
import { createSocket, type RemoteInfo, type Socket } from 'node:dgram';
import { once } from 'node:events';

export interface Ring {
  /** performance.now() when the INVITE was read from the socket, ms. */
  readonly at: number;
  decline(): void;
}

/** A SIP phone of the least kind (RFC 3261, UDP): registers with digest, notes when an INVITE comes, declines it. */
export interface BenchPhone {
  readonly port: number;
  register(account: { server: number; username: string; password: string; domain: string }): Promise<void>;
  /** The next INVITE, or undefined when none came in `withinMs`. */
  ring(withinMs: number): Promise<Ring | undefined>;
  stop(): void;
}

const HOST = '127.0.0.1';
const token = (): string => randomBytes(8).toString('hex');
const md5 = (text: string): string => createHash('md5').update(text).digest('hex');
const headers = (message: string, name: string): string[] =>
  message.split('\r\n').filter((line) => line.toLowerCase().startsWith(`${name}:`));

function reply(socket: Socket, request: string, to: RemoteInfo, status: string, tag: string): void {
  const [target = ''] = headers(request, 'to');
  const lines = [
    `SIP/2.0 ${status}`,
    ...headers(request, 'via'),
    ...headers(request, 'from'),
    target.includes(';tag=') || tag === '' ? target : `${target};tag=${tag}`,
    ...headers(request, 'call-id'),
    ...headers(request, 'cseq'),
    'Content-Length: 0',
  ];
  socket.send(`${lines.join('\r\n')}\r\n\r\n`, to.port, to.address);
}

/** Digest with MD5 and qop=auth, which every SIP server offers (RFC 3261 §22.4). */
function authorization(
  challenge: string,
  uri: string,
  account: { username: string; password: string },
): string {
  const field = (name: string): string => new RegExp(`${name}="?([^",]+)`, 'i').exec(challenge)?.[1] ?? '';
  const [realm, nonce, cnonce] = [field('realm'), field('nonce'), token()];
  const ha1 = md5(`${account.username}:${realm}:${account.password}`);
  const response = md5(`${ha1}:${nonce}:00000001:${cnonce}:auth:${md5(`REGISTER:${uri}`)}`);
  const opaque = field('opaque');
  return (
    `Digest username="${account.username}", realm="${realm}", nonce="${nonce}", uri="${uri}", qop=auth, nc=00000001, ` +
    `cnonce="${cnonce}", response="${response}", algorithm=MD5${opaque === '' ? '' : `, opaque="${opaque}"`}`
  );
}

export async function createBenchPhone(): Promise<BenchPhone> {
  const socket = createSocket('udp4');
  const listening = once(socket, 'listening');
  socket.bind(0, HOST);
  await listening;
  const { port } = socket.address();
  const seen = new Set<string>();
  let onRing: ((ring: Ring) => void) | undefined;
  let onAnswer: ((answer: string) => void) | undefined;

  socket.on('message', (bytes, from) => {
    const at = performance.now();
    const message = bytes.toString('latin1');
    if (message.startsWith('SIP/2.0')) return onAnswer?.(message);
    if (message.startsWith('INVITE ')) {
      const id = headers(message, 'call-id')[0] ?? '';
      if (seen.has(id)) return; // a retransmission
      seen.add(id);
      reply(socket, message, from, '100 Trying', '');
      onRing?.({ at, decline: () => reply(socket, message, from, '486 Busy Here', token()) });
    } else if (!message.startsWith('ACK ')) reply(socket, message, from, '200 OK', token());
  });

  async function exchange(request: string[], server: number): Promise<string> {
    const answered = new Promise<string>((resolve) => (onAnswer = resolve));
    const bytes = `${request.join('\r\n')}\r\nContent-Length: 0\r\n\r\n`;
    socket.send(bytes, server, HOST);
    const again = setInterval(() => socket.send(bytes, server, HOST), 500);
    try {
      return await answered;
    } finally {
      clearInterval(again);
    }
  }

  return {
    port,
    async register(account) {
      const uri = `sip:${account.domain}`;
      const who = `<sip:${account.username}@${account.domain}>`;
      const [callId, tag] = [token(), token()];
      const request = (sequence: number, extra: string[]): string[] => [
        `REGISTER ${uri} SIP/2.0`,
        `Via: SIP/2.0/UDP ${HOST}:${port};branch=z9hG4bK${token()}`,
        `From: ${who};tag=${tag}`,
        `To: ${who}`,
        `Call-ID: ${callId}`,
        `CSeq: ${sequence} REGISTER`,
        `Contact: <sip:${account.username}@${HOST}:${port}>`,
        'Max-Forwards: 70',
        'Expires: 3600',
        ...extra,
      ];
      const challenge = await exchange(request(1, []), account.server);
      const asked = headers(challenge, 'www-authenticate')[0] ?? '';
      const answer = await exchange(
        request(2, [`Authorization: ${authorization(asked, uri, account)}`]),
        account.server,
      );
      if (!answer.startsWith('SIP/2.0 200')) throw new Error(`REGISTER: ${answer.split('\r\n')[0] ?? ''}`);
    },
    ring: (withinMs) =>
      new Promise((resolve) => {
        const late = setTimeout(() => resolve(undefined), withinMs);
        onRing = (ring) => {
          clearTimeout(late);
          onRing = undefined;
          resolve(ring);
        };
      }),
    stop: () => socket.close(),
  };
}
