/// <reference lib="dom" />
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium, type BrowserContext, type Page } from 'playwright-core';
import { tone, writeWav } from './audio.ts';
import { PASSWORD, type Product } from './product.ts';

export interface Browser {
  readonly context: BrowserContext;
  readonly page: Page;
  /** The loudest tone that this page's phone hears now: frequency in Hz, level in dB of full scale. */
  heard(): Promise<{ hz: number; level: number }>;
  /** Resolves when the tone (±15 Hz) is the loudest. */
  untilHeard(hz: number, limitMs?: number): Promise<{ hz: number; level: number }>;
  close(): Promise<void>;
}

/** Ten seconds of a tone that comes and goes: a browser's noise suppression takes a steady one for a fan. */
function beeps(hz: number): Int16Array {
  const samples = new Int16Array(80_000);
  const one = tone(hz, 300, -12);
  for (let at = 0; at + 4800 <= samples.length; at += 4800) samples.set(one, at);
  return samples;
}

/** Runs in the page before its own code: every remote audio track is also led into an analyser. */
function listen(): void {
  const page = window as unknown as { ears: AnalyserNode[]; ear: AudioContext | undefined };
  page.ears = [];
  const Original = window.RTCPeerConnection;
  window.RTCPeerConnection = class extends Original {
    constructor(config?: RTCConfiguration) {
      super(config);
      this.addEventListener('track', (event) => {
        page.ear ??= new AudioContext();
        void page.ear.resume();
        const analyser = page.ear.createAnalyser();
        analyser.fftSize = 8192;
        analyser.smoothingTimeConstant = 0;
        page.ear.createMediaStreamSource(new MediaStream([event.track])).connect(analyser);
        page.ears.push(analyser);
      });
    }
  };
}

function loudest(): { hz: number; level: number } {
  const page = window as unknown as { ears: AnalyserNode[]; ear: AudioContext | undefined };
  let best = { hz: 0, level: -200 };
  for (const analyser of page.ears) {
    const bins = new Float32Array(analyser.frequencyBinCount);
    analyser.getFloatFrequencyData(bins);
    bins.forEach((level, i) => {
      const hz = (i * (page.ear?.sampleRate ?? 48_000)) / analyser.fftSize;
      if (hz > 100 && hz < 3800 && level > best.level) best = { hz, level };
    });
  }
  return best;
}

/** The first moment of a sound is quieter: the analyser smooths what it hears over time. */
const HEARD_DB = -50;

/** Chromium with its own profile, a microphone that says one tone, and ears. */
export async function openBrowser(
  program: string,
  micHz: number,
  scheme: 'light' | 'dark' = 'light',
): Promise<Browser> {
  const dir = await mkdtemp(join(tmpdir(), 'ramal-browser-'));
  const mic = await writeWav(join(dir, 'mic.wav'), beeps(micHz));
  const context = await chromium.launchPersistentContext(join(dir, 'profile'), {
    executablePath: program,
    headless: true,
    viewport: { width: 1366, height: 768 },
    colorScheme: scheme,
    locale: 'pt-BR',
    timezoneId: 'America/Sao_Paulo',
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      '--no-first-run',
      '--autoplay-policy=no-user-gesture-required',
      '--use-fake-ui-for-media-stream',
      '--use-fake-device-for-media-stream',
      `--use-file-for-fake-audio-capture=${mic}`,
    ],
  });
  context.setDefaultTimeout(20_000);
  await context.addInitScript(listen);
  const page = context.pages()[0] ?? (await context.newPage());
  const heard = () => page.evaluate(loudest);
  return {
    context,
    page,
    heard,
    async untilHeard(hz, limitMs = 10_000) {
      const deadline = Date.now() + limitMs;
      for (;;) {
        const now = await heard();
        if (Math.abs(now.hz - hz) <= 15 && now.level > HEARD_DB) return now;
        if (Date.now() > deadline) throw new Error(`${hz} Hz was not heard; loudest ${JSON.stringify(now)}`);
        await new Promise((tick) => setTimeout(tick, 100));
      }
    },
    async close() {
      await context.close();
      await rm(dir, { recursive: true, force: true });
    },
  };
}

/** Logs in at the desk and becomes available with a registered phone. */
export async function takePlace(page: Page, product: Product, user = 'ana'): Promise<void> {
  await page.goto(product.url + '/');
  await page.getByLabel('Usuário').fill(user);
  await page.getByLabel('Senha', { exact: true }).fill(PASSWORD);
  await page.getByRole('button', { name: 'Entrar' }).click();
  await page.getByTestId('presence').click();
  await page.getByRole('menuitem', { name: 'Disponível' }).click();
  await page.locator('[data-testid=presence][data-state=available]').waitFor();
}
