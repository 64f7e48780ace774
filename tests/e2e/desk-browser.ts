/// <reference lib="dom" />
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium, type BrowserContext, type Page } from 'playwright-core';

export interface Desk {
  context: BrowserContext;
  page: Page;
  stop(): Promise<void>;
}

/** A browser with a beeping microphone and its own profile, at the size of a real desk. */
export async function openBrowser(executablePath: string, scheme: 'light' | 'dark' = 'light'): Promise<Desk> {
  const profile = await mkdtemp(join(tmpdir(), 'ramal-desk-'));
  const context = await chromium.launchPersistentContext(profile, {
    executablePath,
    headless: true,
    viewport: { width: 1366, height: 768 },
    colorScheme: scheme,
    locale: 'pt-BR',
    timezoneId: 'America/Sao_Paulo',
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-background-networking',
      '--use-fake-ui-for-media-stream',
      '--use-fake-device-for-media-stream',
    ],
  });
  context.setDefaultTimeout(15_000);
  // Not the first visit of this browser: that one opens on the start page.
  await context.addInitScript(() => {
    if (localStorage.getItem('ramal.settings') === null)
      localStorage.setItem('ramal.settings', JSON.stringify({ started: true }));
  });
  const page = context.pages()[0] ?? (await context.newPage());
  return {
    context,
    page,
    stop: async () => {
      await context.close();
      await rm(profile, { recursive: true, force: true });
    },
  };
}

export async function signIn(page: Page, url: string, path = '/'): Promise<void> {
  await page.goto(url + path);
  await page.getByLabel('Usuário').fill('ana');
  await page.getByLabel('Senha', { exact: true }).fill('segredo');
  await page.getByRole('button', { name: 'Entrar' }).click();
  await page.getByTestId('presence').waitFor();
}
