/// <reference lib="dom" />
import { describe, expect, it } from 'vitest';
import { WAVE, wavHeader } from '../../src/voice/media/wav.ts';
import { programs } from '../support/programs.ts';
import { signIn } from './desk-browser.ts';
import { mockedDesk } from './desk-mocked.ts';
import { busyWorld, interactionOf } from './desk-world.ts';

const chromium = programs.chromium;

/** Silence as a WAV file, 8 kHz, 16 bit, mono. */
function silence(seconds: number): Buffer {
  const data = Buffer.alloc(seconds * 16_000);
  return Buffer.concat([wavHeader(WAVE.pcm, 1, 8_000, data.length), data]);
}

describe.skipIf(chromium === undefined)('a recording at its contact (chromium)', { timeout: 60_000 }, () => {
  const rig = mockedDesk();
  const closed = interactionOf({
    id: 'r1',
    state: 'closed',
    disposition: 'suporte.lentidao',
    recording: true,
  });

  it('its button stands still while the list of the own work comes; it plays, and is sought by the keyboard', async () => {
    const world = busyWorld();
    const mock = await rig.serve({ ...world, interactions: [...world.interactions, closed] });
    const { page } = rig.desk;
    await signIn(page, mock.url);
    let release = (): void => undefined;
    const released = new Promise<void>((resolve) => (release = resolve));
    await page.route(/\/api\/v1\/interactions\?/, async (route) => {
      await released;
      await route.continue();
    });
    await page.route('**/interactions/r1/recording', (route) =>
      route.fulfill({ body: silence(60), contentType: 'audio/wav' }),
    );
    await page.goto(`${mock.url}/contatos/r1`);
    const listen = page.getByRole('button', { name: 'Ouvir' });
    const button = await listen.elementHandle();
    release();
    // The call in hand is known: the list has come.
    await page.getByTestId('callbar').waitFor();
    expect(await button.evaluate((node) => node.isConnected)).toBe(true);
    await button.click();
    const player = page.locator('audio.player');
    await player.waitFor();
    const at = () => player.evaluate((node: HTMLAudioElement) => node.currentTime);
    await expect.poll(at, { timeout: 10_000 }).toBeGreaterThan(0);
    for (const [width, height] of [
      [1366, 768],
      [1093, 614],
      [911, 512],
    ] as const) {
      await page.setViewportSize({ width, height });
      expect((await player.boundingBox())?.width, String(width)).toBeGreaterThanOrEqual(240);
    }
    await player.evaluate((node: HTMLAudioElement) => node.pause());
    const before = await at();
    await player.focus();
    // Its parts in their order: play, then the line of time.
    await page.keyboard.press('Tab');
    await page.keyboard.press('Tab');
    await page.keyboard.press('ArrowRight');
    await expect.poll(at, { timeout: 10_000 }).toBeGreaterThan(before);
  });
});
