import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeToneWav } from './audio.ts';
import { freePort } from './ports.ts';

export interface Baresip {
  /** A command of its menu, e.g. dial with a URI. */
  command(name: string, params?: string): void;
  /** It is gone without a word. */
  kill(): Promise<void>;
  stop(): Promise<void>;
}

interface PhoneOptions {
  readonly server: string;
  readonly user: string;
  /** Registers with it; absent: calls only. */
  readonly password?: string;
  readonly hz: number;
  readonly answer: 'auto' | 'manual';
}

/** A real SIP phone: says one tone, answers by itself when asked to. Another program may take one of its ports first: new ones then. */
export async function startBaresip(program: string, options: PhoneOptions): Promise<Baresip> {
  const words: string[] = [];
  for (let attempt = 0; attempt < 3; attempt++) {
    const started = await attemptBaresip(program, options);
    if ('phone' in started) return started.phone;
    words.push(started.refused);
  }
  throw new Error(`baresip did not start: ${words.join(' | ')}`);
}

async function attemptBaresip(
  program: string,
  options: PhoneOptions,
): Promise<{ phone: Baresip } | { refused: string }> {
  const dir = mkdtempSync(join(tmpdir(), 'ramal-baresip-'));
  // SIP over TLS listens on the port above that of SIP.
  const [sip, control] = [await freePort(1), await freePort()];
  const rtp = 42_000 + (sip % 100) * 20;
  // Its own tone generator knows 48 kHz only; a file is played once, so it is longer than any test.
  const voice = await writeToneWav(join(dir, 'voice.wav'), options.hz, 300_000);
  const config = [
    `sip_listen 127.0.0.1:${sip}`,
    'audio_player aufile,/dev/null',
    `audio_source aufile,${voice}`,
    'audio_alert aufile,/dev/null',
    `ctrl_tcp_listen 127.0.0.1:${control}`,
    'module_path /usr/lib/baresip/modules',
    ...['g711', 'aufile'].map((name) => `module ${name}.so`),
    ...['uuid', 'account'].map((name) => `module_tmp ${name}.so`),
    ...['menu', 'ctrl_tcp'].map((name) => `module_app ${name}.so`),
    `rtp_ports ${rtp}-${rtp + 18}`,
  ];
  const account =
    options.password === undefined
      ? 'regint=0'
      : `auth_user=${options.user};auth_pass="${options.password}";regint=120`;
  writeFileSync(join(dir, 'config'), config.join('\n'));
  writeFileSync(
    join(dir, 'accounts'),
    `<sip:${options.user}@${options.server}>;${account};answermode=${options.answer}\n`,
  );
  writeFileSync(join(dir, 'contacts'), '');
  const log = openSync(join(dir, 'log'), 'w');
  const child: ChildProcess = spawn(program, ['-f', dir], { stdio: ['pipe', log, log] });
  closeSync(log);
  let running = true;
  const exited = new Promise<void>((done) =>
    child.once('exit', () => {
      running = false;
      done();
    }),
  );
  const socket = await connected(control, () => running);
  if (socket === undefined) {
    child.kill('SIGKILL');
    await exited;
    const refused = readFileSync(join(dir, 'log'), 'utf8').slice(-500);
    rmSync(dir, { recursive: true, force: true });
    return { refused };
  }
  const phone: Baresip = {
    command(name, params = '') {
      const text = JSON.stringify({ command: name, params, token: name });
      socket.write(`${Buffer.byteLength(text)}:${text},`);
    },
    async kill() {
      child.kill('SIGKILL');
      await exited;
    },
    async stop() {
      socket.destroy();
      child.kill('SIGTERM');
      await exited;
      rmSync(dir, { recursive: true, force: true });
    },
  };
  return { phone };
}

/** How long a busy machine may take to load it. */
const START_MS = 20_000;

/** Its control connection; undefined when it has ended, or has never listened. */
async function connected(
  port: number,
  isRunning: () => boolean,
): Promise<ReturnType<typeof connect> | undefined> {
  const deadline = performance.now() + START_MS;
  while (isRunning() && performance.now() < deadline) {
    const socket = connect(port, '127.0.0.1');
    const ok = await new Promise<boolean>((done) => {
      socket.once('connect', () => done(true));
      socket.once('error', () => done(false));
    });
    if (ok) {
      socket.on('error', () => undefined);
      socket.resume();
      return socket;
    }
    await new Promise((tick) => setTimeout(tick, 50));
  }
  return undefined;
}
