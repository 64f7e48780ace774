/** The media process dies, hangs, is left behind; the main loop stalls; the end is clean. */
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createEmbeddedMediaServer, type EmbeddedMediaServer } from '../../src/voice/media/index.ts';
import { startMediaProcess } from '../../src/voice/media/media-process.ts';
import { createRtpPeer, tone, writeToneWav, type RtpPeer } from '../support/audio.ts';
import { freePort } from '../support/ports.ts';
import { createWebRtcPeer, type WebRtcPeer } from '../support/webrtc.ts';
import type { MainOrder } from './media-main.child.ts';

/** A range of 200 ports that nobody else is likely to use now. */
const portRange = async (): Promise<number> => 36_000 + (((await freePort()) * 7) % 100) * 200;

describe('media process: faults', () => {
  let server: EmbeddedMediaServer;
  let folder: string;
  const processes: ChildProcess[] = [];
  const errors: string[] = [];
  const closing: (() => Promise<void>)[] = [];

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'media-faults-'));
    const min = await portRange();
    server = await createEmbeddedMediaServer({
      rtpPortMin: min,
      rtpPortMax: min + 199,
      host: '127.0.0.1',
      advertiseAddress: '127.0.0.1',
      hangMs: 4_000,
      logger: { warn: () => undefined, error: (details) => void errors.push(String(details['error'])) },
      start(options) {
        const child = startMediaProcess(options, new URL('./media-faulty.child.ts', import.meta.url));
        processes.push(child);
        return child;
      },
    });
  });
  afterEach(async () => {
    await Promise.all(closing.splice(0).map((close) => close()));
  });
  afterAll(async () => {
    await server.stop();
    await rm(folder, { recursive: true });
  });

  async function bridgedCall() {
    const rtp = await createRtpPeer();
    const browser = createWebRtcPeer();
    closing.push(
      () => rtp.close(),
      () => browser.close(),
    );
    const customer = await server.createEndpoint({ kind: 'rtp', remoteSdp: rtp.sdp() });
    rtp.connect(customer.localSdp);
    const operator = await server.createEndpoint({ kind: 'webrtc', remoteSdp: await browser.offer() });
    await browser.accept(operator.localSdp);
    await Promise.all([operator.connected(), browser.connected()]);
    await customer.bridge(operator);
    rtp.say(tone(600, 1000));
    browser.say(tone(1200, 1000));
    await Promise.all([browser.untilTone(600), rtp.untilTone(1200)]);
    return { customer, operator };
  }

  // In this order: each begins on the process that replaced the last one.
  it.each([
    ['throw', 'planted fault'],
    ['abort', 'SIGABRT'],
    ['hang', 'did not answer'],
  ])(
    'a fault (%s) ends its calls, is told, and new WebRTC calls work',
    async (fault, why) => {
      const { customer, operator } = await bridgedCall();
      const file = await writeToneWav(join(folder, 'music.wav'), 440, 500);
      const events: string[] = [];
      const lost = Promise.all(
        [customer, operator].map(
          (leg) =>
            new Promise<void>((resolve) => {
              leg.onLost(() => {
                events.push('lost');
                resolve();
              });
            }),
        ),
      );
      operator.onSilence(60_000, () => events.push('silence'));
      const playing = customer.play([file], { loop: true });
      processes.at(-1)?.send({ fault });
      await expect(playing).rejects.toMatchObject({ code: 'media.crashed' });
      await lost;
      expect(events.sort()).toEqual(['lost', 'lost', 'silence']);
      expect(errors.at(-1)).toContain(why);
      // What call control does next: both legs go, without a word of complaint.
      await expect(customer.stats()).rejects.toMatchObject({ code: 'media.crashed' });
      await Promise.all([customer.destroy(), operator.destroy()]);
      await bridgedCall();
      const health = await server.health();
      expect(health.ok).toBe(true);
      expect(health.detail).toMatch(/2 endpoints.*started again \d×, last crash \d+ s ago/);
    },
    30_000,
  );

  it('health says no while there is no process, and yes again with the next call after it', async () => {
    // As the server does: its last words may come after 'exit'.
    const crashed = once(processes.at(-1)!, 'close');
    processes.at(-1)?.kill('SIGKILL');
    await crashed;
    const told = await server.health();
    expect(told).toMatchObject({ ok: false });
    expect(told.detail).toContain('no media process');
    await bridgedCall();
    expect(await server.health()).toMatchObject({ ok: true });
  });

  it('stays down after five crashes within a minute, and says so', async () => {
    for (let before = 0; before !== processes.length; ) {
      before = processes.length;
      const crashed = once(processes.at(-1)!, 'close');
      processes.at(-1)?.kill('SIGKILL');
      await crashed;
    }
    expect(processes).toHaveLength(6);
    await expect(server.createEndpoint({ kind: 'rtp' })).rejects.toMatchObject({ code: 'media.crashed' });
    expect((await server.health()).ok).toBe(false);
  });
});

describe('media process: main loop and end', () => {
  const children: ChildProcess[] = [];
  const closing: (() => Promise<void>)[] = [];

  afterEach(async () => {
    await Promise.all(closing.splice(0).map((close) => close()));
    for (const child of children.splice(0)) child.kill('SIGKILL');
  });

  async function startMain() {
    const entry = fileURLToPath(new URL('./media-main.child.ts', import.meta.url));
    const child = fork(entry, [String(await portRange())], {
      execArgv: ['--import', 'tsx'],
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
    children.push(child);
    let said = '';
    for (const stream of [child.stdout, child.stderr])
      stream?.on('data', (data: Buffer) => (said += data.toString()));
    await once(child, 'message');
    return {
      child,
      said: () => said,
      async tell<T>(order: MainOrder): Promise<T> {
        const answered = once(child, 'message') as Promise<[{ value: T }]>;
        child.send(order);
        return (await answered)[0].value;
      },
    };
  }
  type Main = Awaited<ReturnType<typeof startMain>>;

  async function bridged(main: Main): Promise<{ rtp: RtpPeer; browser: WebRtcPeer }> {
    const rtp = await createRtpPeer();
    const browser = createWebRtcPeer();
    closing.push(
      () => rtp.close(),
      () => browser.close(),
    );
    const local = await main.tell<{ rtp: string; webrtc: string }>({
      do: 'bridge',
      rtp: rtp.sdp(),
      webrtc: await browser.offer(),
    });
    rtp.connect(local.rtp);
    await browser.accept(local.webrtc);
    await browser.connected();
    rtp.say(tone(600, 1000));
    browser.say(tone(1200, 1000));
    await Promise.all([browser.untilTone(600), rtp.untilTone(1200)]);
    return { rtp, browser };
  }

  it.each([300, 1_500])('a main loop that stalls for %i ms breaks no sound', async (ms) => {
    const main = await startMain();
    const { rtp, browser } = await bridged(main);
    const from = performance.now();
    await main.tell({ do: 'stall', ms });
    const to = performance.now();
    expect(to - from).toBeGreaterThanOrEqual(ms);
    for (const peer of [rtp, browser]) {
      const heard = peer.packets.filter((p) => p.atMs >= from && p.atMs <= to);
      const gaps = heard.slice(1).map((p, i) => p.atMs - heard[i]!.atMs);
      expect(heard.length).toBeGreaterThan((ms / 20) * 0.8);
      // A busy machine delays the peers of this test too; a relay that waited for the loop would show the whole stall.
      expect(Math.max(...gaps)).toBeLessThan(ms * 0.6);
      const missing = heard.slice(1).filter((p, i) => ((p.seq - heard[i]!.seq) & 0xffff) !== 1);
      expect(missing).toEqual([]);
    }
    await Promise.all([browser.untilTone(600), rtp.untilTone(1200)]);
  });

  it('stops quickly and cleanly with associations up and half made, and prints nothing', async () => {
    const main = await startMain();
    await bridged(main);
    await main.tell({ do: 'offer', count: 20 });
    const exited = once(main.child, 'exit');
    const tookMs = await main.tell<number>({ do: 'stop' });
    expect(tookMs).toBeLessThan(1_500);
    // By itself, with no timer, socket or child of ours left, and without an abort (code 134).
    expect(await exited).toEqual([0, null]);
    expect(main.said()).toBe('');
  });

  it('ends with a main process that was killed: its ports are free again', async () => {
    const main = await startMain();
    const { rtp } = await bridged(main);
    const silent = new Promise<void>((resolve) => {
      const look = setInterval(() => {
        if (performance.now() - (rtp.packets.at(-1)?.atMs ?? 0) < 300) return;
        clearInterval(look);
        resolve();
      }, 50);
    });
    main.child.kill('SIGKILL');
    await silent;
  });
});
