/** The reference: Debian's rtpengine in userspace (no kernel table), driven by its ng protocol (bencode over UDP). */
import { spawn, type ChildProcess } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

type Bencoded = string | number | readonly Bencoded[] | { readonly [key: string]: Bencoded };

function bencode(value: Bencoded): string {
  if (typeof value === 'number') return `i${value}e`;
  if (typeof value === 'string') return `${Buffer.byteLength(value)}:${value}`;
  if (Array.isArray(value)) return `l${(value as readonly Bencoded[]).map(bencode).join('')}e`;
  return `d${Object.entries(value)
    .map(([k, v]) => bencode(k) + bencode(v))
    .join('')}e`;
}

/** The string under a key of a flat answer; enough for `result`, `sdp` and `error-reason`. */
function field(answer: string, key: string): string | undefined {
  const at = answer.indexOf(`${key.length}:${key}`);
  const match = at < 0 ? null : /^(\d+):/.exec(answer.slice(at + String(key.length).length + 1 + key.length));
  if (match === null) return undefined;
  const start = at + String(key.length).length + 1 + key.length + match[0].length;
  return answer.slice(start, start + Number(match[1]));
}

export interface RtpEngine {
  readonly pid: number;
  command(words: Readonly<Record<string, Bencoded>>): Promise<string>;
  stop(): Promise<void>;
}

/** `port` is its control port on 127.0.0.1; media takes port + 1000 and up. */
export async function startRtpEngine(program: string, port: number): Promise<RtpEngine> {
  const folder = await mkdtemp(join(tmpdir(), 'rtpengine-'));
  const config = join(folder, 'rtpengine.conf');
  await writeFile(config, '[rtpengine]\n');
  const child: ChildProcess = spawn(
    program,
    [
      `--config-file=${config}`,
      '--foreground',
      '--log-stderr',
      '--log-level=3',
      '--table=-1',
      // As our media thread asks for itself.
      '--priority=-10',
      '--interface=127.0.0.1',
      `--listen-ng=127.0.0.1:${port}`,
      `--port-min=${port + 1000}`,
      `--port-max=${port + 3000}`,
      `--pidfile=${join(folder, 'pid')}`,
    ],
    { stdio: ['ignore', 'ignore', 'pipe'] },
  );
  let said = '';
  child.stderr?.on('data', (data: Buffer) => (said = (said + data.toString()).slice(-2_000)));
  const socket = createSocket('udp4');
  const waiting = new Map<string, (answer: string) => void>();
  socket.on('message', (message) => {
    const text = message.toString('utf8');
    const space = text.indexOf(' ');
    waiting.get(text.slice(0, space))?.(text.slice(space + 1));
    waiting.delete(text.slice(0, space));
  });
  let next = 0;
  const send = (words: Bencoded, limitMs: number): Promise<string> =>
    new Promise((resolve, reject) => {
      const cookie = `c${process.pid}x${next++}`;
      const ask = (): void => socket.send(`${cookie} ${bencode(words)}`, port, '127.0.0.1');
      // Datagrams get lost when a hundred come at once; it knows a cookie that comes again.
      const again = setInterval(ask, 1_000);
      const timer = setTimeout(() => {
        clearInterval(again);
        reject(new Error(`rtpengine does not answer: ${said}`));
      }, limitMs);
      waiting.set(cookie, (answer) => {
        clearInterval(again);
        clearTimeout(timer);
        resolve(answer);
      });
      ask();
    });
  for (let i = 0; ; i++) {
    const up = await send({ command: 'ping' }, 200).catch(() => undefined);
    if (up !== undefined) break;
    if (i > 25) throw new Error(`rtpengine did not start: ${said}`);
  }
  return {
    pid: child.pid ?? 0,
    async command(words) {
      const answer = await send(words, 15_000);
      if (field(answer, 'result') !== 'ok')
        throw new Error(`rtpengine: ${field(answer, 'error-reason') ?? answer}`);
      return field(answer, 'sdp') ?? '';
    },
    async stop() {
      socket.close();
      const gone = new Promise((resolve) => child.once('exit', resolve));
      child.kill('SIGTERM');
      await gone;
    },
  };
}
