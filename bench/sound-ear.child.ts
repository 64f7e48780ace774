/**
 * A caller in a process of its own: a call over the demo's trunk that sends a tone and times what it hears, and a question
 * (OPTIONS) each 50 ms, whose answer tells how long the server's main loop stood.
 */
import { randomBytes } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { setPriority } from 'node:os';

try {
  // What it times is the server's delay, not its own.
  setPriority(-15);
} catch {
  // Not allowed here: the figures hold its own delay too.
}

const HOST = '127.0.0.1';
const LOST_MS = 2_000;
const server = Number(process.argv[2]);
const token = (): string => randomBytes(6).toString('hex');
const sip = createSocket('udp4');
const rtp = createSocket('udp4');
await Promise.all([sip, rtp].map((socket) => new Promise<void>((done) => socket.bind(0, HOST, done))));
const [sipPort, rtpPort] = [sip.address().port, rtp.address().port];
const callId = token();
const tag = token();

const message = (method: string, uri: string, seq: number, to: string, id: string, body = ''): string =>
  `${method} ${uri} SIP/2.0\r\nVia: SIP/2.0/UDP ${HOST}:${sipPort};branch=z9hG4bK${token()};rport\r\nMax-Forwards: 70\r\n` +
  `From: <sip:+5511987654321@${HOST}>;tag=${tag}\r\nTo: ${to}\r\nCall-ID: ${id}\r\nCSeq: ${seq} ${method}\r\n` +
  `Contact: <sip:b@${HOST}:${sipPort}>\r\n${body === '' ? '' : 'Content-Type: application/sdp\r\n'}` +
  `Content-Length: ${body.length}\r\n\r\n${body}`;
const NUMBER = `sip:+551140004000@${HOST}:${server}`;
const sdp = `v=0\r\no=- 1 1 IN IP4 ${HOST}\r\ns=-\r\nc=IN IP4 ${HOST}\r\nt=0 0\r\nm=audio ${rtpPort} RTP/AVP 0\r\na=sendrecv\r\n`;
const line = (text: string, name: string): string =>
  new RegExp(`^${name}:\\s*(.*)$`, 'im').exec(text)?.[1]?.trim() ?? '';

/** The longest silence between two packets, and the longest wait for an answer, since they were asked for last. */
let gapMs = 0;
let answerMs = 0;
let packets = 0;
let heardAt: number | undefined;
const asked = new Map<string, number>();
let theirRtp = 0;
let ended = false;

rtp.on('message', () => {
  const now = performance.now();
  if (heardAt !== undefined) gapMs = Math.max(gapMs, now - heardAt);
  heardAt = now;
  packets++;
});

sip.on('message', (bytes) => {
  const text = bytes.toString('latin1');
  if (text.startsWith('BYE ')) ended = true;
  if (!text.startsWith('SIP/2.0 ')) return;
  const id = line(text, 'Call-ID');
  const since = asked.get(id);
  if (since !== undefined) {
    asked.delete(id);
    answerMs = Math.max(answerMs, performance.now() - since);
  }
  if (id !== callId || !text.startsWith('SIP/2.0 200')) return;
  theirRtp = Number(/m=audio (\d+)/.exec(text)?.[1] ?? 0);
  const contact = /<([^>]+)>/.exec(line(text, 'Contact'))?.[1] ?? NUMBER;
  sip.send(message('ACK', contact, 1, line(text, 'To'), callId), server, HOST);
});

let seq = 0;
const tone = Buffer.alloc(160, 0x1f);
setInterval(() => {
  if (theirRtp === 0) return;
  const packet = Buffer.alloc(12);
  packet.writeUInt16BE(0x8000);
  packet.writeUInt16BE(++seq & 0xffff, 2);
  packet.writeUInt32BE(seq * 160, 4);
  packet.writeUInt32BE(0x51515151, 8);
  rtp.send(Buffer.concat([packet, tone]), theirRtp, HOST);
}, 20);
setInterval(() => {
  const id = token();
  asked.set(id, performance.now());
  sip.send(message('OPTIONS', NUMBER, 1, `<${NUMBER}>`, id), server, HOST);
}, 50);
sip.send(message('INVITE', NUMBER, 1, `<${NUMBER}>`, callId, sdp), server, HOST);

process.on('message', () => {
  const now = performance.now();
  // A datagram that a flood pushed out of the socket's buffer gets no answer: it is counted, not timed.
  const lost = [...asked.values()].filter((at) => now - at > LOST_MS).length;
  asked.clear();
  const silent = heardAt === undefined ? Infinity : now - heardAt;
  process.send?.({
    ...{ gapMs: Math.max(gapMs, silent), answerMs, lost, packets, ended },
    rtpPort: theirRtp,
  });
  gapMs = 0;
  answerMs = 0;
  packets = 0;
});
