import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
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

/** A real SIP phone: says one tone, answers by itself when asked to. */
export async function startBaresip(
  program: string,
  options: {
    readonly server: string;
    readonly user: string;
    /** Registers with it; absent: calls only. */
    readonly password?: string;
    readonly hz: number;
    readonly answer: 'auto' | 'manual';
  },
): Promise<Baresip> {
  const dir = mkdtempSync(join(tmpdir(), 'ramal-baresip-'));
  const [sip, control] = [await freePort(), await freePort()];
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
  const child: ChildProcess = spawn(program, ['-f', dir], { stdio: ['pipe', 'ignore', 'ignore'] });
  const exited = new Promise<void>((done) => child.once('exit', () => done()));
  const socket = await connected(control);
  return {
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
}

async function connected(port: number): Promise<ReturnType<typeof connect>> {
  for (let attempt = 0; ; attempt++) {
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
    if (attempt > 100) throw new Error('baresip did not open its control port');
    await new Promise((tick) => setTimeout(tick, 50));
  }
}
