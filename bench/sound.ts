import { type ChildProcess, fork } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { createTransport } from 'nodemailer';
import WebSocket from 'ws';
import { type Product, startProduct } from '../tests/support/product.ts';
import type { BenchRow } from './report.ts';

/** A gap that a caller hears as one, ms. */
const MOST_MS = 150;
const CASE_MS = 8_000;
/** The flow of the demo is over and music plays, ms after the call. */
const QUEUED_MS = 26_000;

interface Heard {
  readonly gapMs: number;
  readonly answerMs: number;
  readonly lost: number;
  readonly packets: number;
  readonly ended: boolean;
  readonly rtpPort: number;
}

interface Attack {
  readonly name: string;
  run(product: Product, rtpPort: number, signal: AbortSignal): Promise<unknown>;
}

async function mail(product: Product, raw: string): Promise<void> {
  const options = { host: '127.0.0.1', port: product.smtpPort, secure: false, ignoreTLS: true };
  const transport = createTransport(options);
  try {
    const envelope = { from: 'x@example.test', to: 'suporte@exemplo.test' };
    await transport.sendMail({ envelope, raw });
  } catch {
    // Refused is an answer, too.
  } finally {
    transport.close();
  }
}

const head = (type: string): string =>
  `From: x@example.test\r\nTo: suporte@exemplo.test\r\nSubject: x\r\nMessage-ID: <${Math.random()}@x>\r\nMIME-Version: 1.0\r\nContent-Type: ${type}\r\n\r\n`;
const html = (body: string): string => head('text/html') + body;
const thousandParts = (): string =>
  head('multipart/mixed; boundary=b') +
  Array.from(
    { length: 1000 },
    (_, i) => `--b\r\nContent-Type: text/plain; name=p${i}.txt\r\n\r\npart ${i}\r\n`,
  ).join('') +
  '--b--\r\n';
/** Lines of 900 characters, so that no server cuts them. */
const wrapped = (text: string): string => text.replace(/.{900}/g, '$&\r\n');

function flood(port: number, payload: (n: number) => Buffer, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const socket = createSocket('udp4');
    let n = 0;
    const burst = setInterval(() => {
      for (let i = 0; i < 20; i++) socket.send(payload(n++), port, '127.0.0.1');
    }, 5);
    signal.addEventListener('abort', () => {
      clearInterval(burst);
      socket.close();
      resolve();
    });
  });
}

async function frames(url: string, protocol: string | undefined, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    const socket = new WebSocket(url, protocol === undefined ? [] : [protocol], {
      origin: url.replace(/^ws/, 'http'),
    });
    socket.on('error', () => undefined);
    await Promise.race([once(socket, 'open').catch(() => undefined), pause(500)]);
    for (let i = 0; i < 200 && socket.readyState === WebSocket.OPEN; i++)
      socket.send('INVITE sip:x SIP/2.0\r\nFrom: x' + ' '.repeat(5_000) + '\r\n\r\n');
    await pause(20);
    socket.terminate();
  }
}

async function searches(product: Product, signal: AbortSignal): Promise<void> {
  const words = ['maria', 'silva', '11987', 'a', 'jo', '+5511', 'exemplo.test', 'rua'];
  await Promise.all(
    Array.from({ length: 16 }, async (_, n) => {
      while (!signal.aborted)
        await product
          .api('admin', 'GET', `/api/v1/customers?q=${encodeURIComponent(words[n % words.length] ?? '')}`)
          .catch(() => pause(5));
    }),
  );
}

const junk = (n: number): Buffer => Buffer.alloc(200 + (n % 1000), n);
/** What used to hold the parser: blanks in From, quoted parameters in Via. */
const hostileSip = (n: number): Buffer =>
  Buffer.from(
    n % 2 === 0
      ? `INVITE sip:x SIP/2.0\r\nVia: SIP/2.0/UDP h\r\nFrom: x${' '.repeat(5_000)}\r\n\r\n`
      : `INVITE sip:x SIP/2.0\r\nVia: SIP/2.0/UDP h${';a="b"'.repeat(200)};;\r\n\r\n`,
  );

const ws = ({ url }: Product): string => url.replace(/^http/, 'ws');
const ATTACKS: readonly Attack[] = [
  { name: 'nothing', run: () => Promise.resolve() },
  { name: 'mail of 1,000 parts', run: (product) => mail(product, thousandParts()) },
  { name: 'mail of 60 kB of <', run: (product) => mail(product, html(wrapped('<'.repeat(60_000)))) },
  { name: 'mail of 200,000 div', run: (product) => mail(product, html(wrapped('<div>'.repeat(200_000)))) },
  {
    name: 'mail of 60,000 table rows',
    run: (product) => mail(product, html(wrapped('<table><tr><td>'.repeat(60_000)))),
  },
  { name: 'frames on /sip', run: (product, _rtp, signal) => frames(`${ws(product)}/sip`, 'sip', signal) },
  {
    name: 'frames on socket.io',
    run: (product, _rtp, signal) =>
      frames(`${ws(product)}/socket.io/?EIO=4&transport=websocket`, undefined, signal),
  },
  { name: 'junk on the SIP port', run: ({ sipPort }, _rtp, signal) => flood(sipPort, junk, signal) },
  { name: 'hostile SIP', run: ({ sipPort }, _rtp, signal) => flood(sipPort, hostileSip, signal) },
  { name: 'junk on the RTP port', run: (_product, rtpPort, signal) => flood(rtpPort, junk, signal) },
  { name: 'searches, 16 at once', run: (product, _rtp, signal) => searches(product, signal) },
];

async function heardOf(ear: ChildProcess): Promise<Heard> {
  const answer = once(ear, 'message');
  ear.send('tell');
  const [heard] = (await answer) as [Heard];
  return heard;
}

/** Row 20: what a caller hears while strangers do their worst, on the built product. */
export async function row20(): Promise<BenchRow> {
  const product = await startProduct();
  const ear = fork(
    fileURLToPath(new URL('./sound-ear.child.ts', import.meta.url)),
    [String(product.sipPort)],
    {
      execArgv: ['--import', 'tsx'],
    },
  );
  const lines: string[] = [];
  let worst = { name: '', gapMs: 0 };
  let quietMs = 0;
  try {
    await pause(QUEUED_MS);
    await heardOf(ear);
    for (const { name, run } of ATTACKS) {
      const over = new AbortController();
      const running = run(product, (await heardOf(ear)).rtpPort, over.signal);
      await pause(CASE_MS);
      const { gapMs, answerMs, lost, packets, ended } = await heardOf(ear);
      over.abort();
      await Promise.race([running, pause(5_000)]);
      if (name === 'nothing') quietMs = gapMs;
      if (gapMs > worst.gapMs) worst = { name, gapMs };
      lines.push(
        `${name}: sound ${gapMs.toFixed(0)} ms, answers ${answerMs.toFixed(0)} ms (${lost} lost), ${packets} packets${ended ? ', THE CALL ENDED' : ''}`,
      );
      console.error(`    ${lines.at(-1) ?? ''}`);
    }
  } finally {
    ear.kill();
    await product.end();
  }
  return {
    row: 20,
    name: 'longest gap in a call’s sound under attack',
    ours: worst.gapMs,
    theirs: 1,
    ratio: worst.gapMs,
    target: `≤ ${MOST_MS}`,
    unit: 'ms',
    note: `worst: ${worst.name}; without attacks ${quietMs.toFixed(0)} ms. Longest gap of sound, longest answer to OPTIONS: ${lines.join('; ')}`,
  };
}
