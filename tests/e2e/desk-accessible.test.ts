import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { programs } from '../support/programs.ts';
import { signIn } from './desk-browser.ts';
import { mockedDesk } from './desk-mocked.ts';
import { houseWorld } from './desk-house.ts';
import { busyWorld, offerOf } from './desk-world.ts';

const chromium = programs.chromium;

/** Every page of the desk, as the person who sees most of them. */
const PAGES = [
  '/',
  '/inicio',
  '/clientes?q=maria',
  '/clientes/c1',
  '/contatos/w3',
  '/painel',
  '/painel/tv',
  '/contatos',
  '/contatos/v1',
  '/administracao/empresa',
  '/administracao/empresas',
  '/administracao/usuarios',
  '/administracao/filas',
  '/administracao/numeros',
  '/administracao/troncos',
  '/administracao/caixas',
  '/administracao/calendarios',
  '/administracao/emails-separados',
  '/administracao/chaves',
  '/administracao/auditoria',
  '/simulador',
] as const;

/** 100 %, 125 % and 150 % of a 1366 px screen. */
const SIZES = [
  [1366, 768],
  [1093, 614],
  [911, 512],
] as const;

/**
 * Runs in the page: controls that another element lies upon, that are cut off at the side of what they stand in, or that are smaller
 * than 24 px (WCAG 2.5.8; a link in a sentence may be), and a page that scrolls sideways (WCAG 1.4.10). What scrolled out of its own box
 * upwards or downwards is not covered: it is scrolled to on the way of reading.
 */
const COVERED = `(() => {
  const faults = [];
  if (document.documentElement.scrollWidth > window.innerWidth) faults.push('scrolls sideways');
  const clip = (node) => {
    let box = { left: 0, top: 0, right: innerWidth, bottom: innerHeight };
    for (let up = node.parentElement; up; up = up.parentElement) {
      const style = getComputedStyle(up);
      if (style.overflowX === 'visible' && style.overflowY === 'visible') continue;
      const r = up.getBoundingClientRect();
      box = { left: Math.max(box.left, r.left), top: Math.max(box.top, r.top), right: Math.min(box.right, r.right), bottom: Math.min(box.bottom, r.bottom) };
    }
    return box;
  };
  const nameOf = (node) => (node.getAttribute('aria-label') || node.textContent || node.className || node.tagName).trim().slice(0, 60);
  for (const one of document.querySelectorAll('button, a[href], input, textarea, select, [role=button], [role=tab]')) {
    const r = one.getBoundingClientRect();
    const style = getComputedStyle(one);
    if (r.width < 4 || r.height < 4 || style.visibility === 'hidden' || style.opacity === '0' || style.pointerEvents === 'none' || one.disabled) continue;
    if (one.closest('[aria-hidden=true]')) continue;
    const x = r.left + r.width / 2, y = r.top + r.height / 2;
    const box = clip(one);
    const labels = [...(one.labels ?? [])].map((label) => label.getBoundingClientRect());
    const width = Math.max(r.width, ...labels.map((label) => label.width + r.width));
    const height = Math.max(r.height, ...labels.map((label) => label.height));
    const inSentence = style.display === 'inline' && one.tagName === 'A';
    if (!inSentence && (width < 23.5 || height < 23.5))
      faults.push(nameOf(one) + ' is ' + Math.round(width) + '×' + Math.round(height) + ' px');
    if (r.left < box.left - 1 || r.right > box.right + 1) {
      if (!one.matches('.skip')) faults.push(nameOf(one) + ' is cut off at the side');
      continue;
    }
    if (x < box.left || x > box.right || y < box.top || y > box.bottom) continue;
    const top = document.elementFromPoint(x, y);
    if (top === null || top === one || one.contains(top) || top.contains(one)) continue;
    if (top.closest('label')?.control === one || one.closest('label')?.contains(top)) continue;
    faults.push(nameOf(one) + ' is covered by ' + nameOf(top));
  }
  return faults;
})()`;

/** The same of what stands in a window or a menu: what is behind it is covered on purpose. */
const coveredIn = (selector: string): string =>
  COVERED.replace('document.querySelectorAll(', `document.querySelector('${selector}').querySelectorAll(`);

async function settled(page: Page, url: string): Promise<void> {
  await page.goto(url);
  await page.locator('main').first().waitFor();
  await page.locator('.empty [role=status]').waitFor({ state: 'detached' });
}

/** A menu belongs to the button that opened it, wherever in the document it is drawn. */
const OF_BUTTONS = ['region'];

/** What opens over a page, and how. `at`: narrower than that the customer's file is a drawer. */
const OVER: readonly {
  name: string;
  path: string;
  width?: number;
  open: (page: Page) => Promise<void>;
  shows: string;
}[] = [
  { name: 'presence', path: '/', open: (page) => page.getByTestId('presence').click(), shows: '[role=menu]' },
  { name: 'account', path: '/', open: (page) => page.getByLabel(/^Conta/).click(), shows: '[role=menu]' },
  { name: 'device', path: '/', open: (page) => page.getByTestId('device').click(), shows: '[role=dialog]' },
  { name: 'keys', path: '/', open: (page) => page.keyboard.press('?'), shows: '[role=dialog]' },
  { name: 'keypad', path: '/', open: (page) => page.keyboard.press('k'), shows: '[data-testid=callbar]' },
  {
    name: 'transfer',
    path: '/',
    open: (page) => page.keyboard.press('t'),
    shows: '[data-testid=transfer-form]',
  },
  { name: 'finish', path: '/', open: (page) => page.keyboard.press('f'), shows: '[data-testid=finish-form]' },
  { name: 'customer', path: '/', width: 1093, open: (page) => page.keyboard.press('i'), shows: 'main' },
  {
    name: 'force',
    path: '/painel',
    open: (page) => page.locator('td.acts button').first().click(),
    shows: '[role=dialog]',
  },
  {
    name: 'form',
    path: '/administracao/filas',
    open: (page) => page.getByRole('button', { name: 'Adicionar' }).first().click(),
    shows: '[role=dialog]',
  },
  { name: 'trunk', path: '/administracao/troncos', open: openTrunk, shows: '.tall-form' },
];

/** The longest form, with all of its parts open. */
async function openTrunk(page: Page): Promise<void> {
  const row = page.getByRole('row').filter({ hasText: 'Operadora Um' });
  await row.getByRole('button', { name: 'Editar' }).click();
}

async function violations(page: Page, without: string[] = []): Promise<string[]> {
  const { violations: found } = await new AxeBuilder({ page }).disableRules(without).analyze();
  return found.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html.slice(0, 120)).join(' | ')}`);
}

describe.skipIf(chromium === undefined)('every page (chromium)', { timeout: 180_000 }, () => {
  const rig = mockedDesk();

  const enter = async () => {
    await rig.serve(houseWorld());
    await signIn(rig.desk.page, rig.mock.url);
    return rig.desk.page;
  };

  it.each(['light', 'dark'] as const)('has nothing that axe objects to, %s', async (scheme) => {
    const page = await enter();
    await page.emulateMedia({ colorScheme: scheme });
    const faults: string[] = [];
    for (const path of PAGES) {
      await settled(page, rig.mock.url + path);
      faults.push(...(await violations(page)).map((fault) => `${path} ${fault}`));
    }
    expect(faults).toEqual([]);
  });

  it('what opens over it, in a call: nothing that axe objects to, no small and no covered control', async () => {
    const page = await enter();
    const faults: string[] = [];
    for (const { name, path, width = 1366, open, shows } of OVER) {
      await page.setViewportSize({ width, height: 768 });
      await settled(page, rig.mock.url + path);
      await page.getByTestId('callbar').waitFor();
      await open(page);
      await page.locator(shows).first().waitFor();
      await page.waitForFunction(() => document.getAnimations().every((one) => one.playState !== 'running'));
      const found = await page.evaluate<string[]>(coveredIn(shows));
      faults.push(...[...(await violations(page, OF_BUTTONS)), ...found].map((fault) => `${name} ${fault}`));
    }
    expect(faults).toEqual([]);
  });

  it('hides no control behind another from 1366 down to 911 px, and never scrolls sideways', async () => {
    const page = await enter();
    const faults: string[] = [];
    for (const [width, height] of SIZES) {
      await page.setViewportSize({ width, height });
      for (const path of PAGES) {
        await settled(page, rig.mock.url + path);
        const found = await page.evaluate<string[]>(COVERED);
        faults.push(...found.map((fault) => `${width} ${path} ${fault}`));
      }
    }
    expect(faults).toEqual([]);
  });

  it('an offer lies over nothing of the work in hand, its list of others opened too', async () => {
    const world = busyWorld();
    const mails = world.interactions.filter(({ channel }) => channel !== 'voice');
    const mock = await rig.serve({ ...world, interactions: mails });
    const { page } = rig.desk;
    await signIn(page, mock.url);
    await mock.waitForDesks(1);
    const offer = offerOf();
    for (const id of ['o1', 'o2', 'o3'])
      mock.emit('offer', { ...offer, interaction: { ...offer.interaction, id } });
    const more = page.getByTestId('more-offers').getByRole('button').first();
    const faults: string[] = [];
    for (const opened of ['false', 'true'])
      for (const [width, height] of SIZES) {
        await page.setViewportSize({ width, height });
        if ((await more.getAttribute('aria-expanded')) !== opened) await more.click();
        for (const shown of ['offer', 'finish', 'composer']) await page.getByTestId(shown).waitFor();
        const found = await page.evaluate<string[]>(COVERED);
        faults.push(...found.map((fault) => `${String(width)} ${opened} ${fault}`));
      }
    expect(faults).toEqual([]);
  });

  it.each(['light', 'dark'] as const)('the form of a trunk is readable and uncovered, %s', async (scheme) => {
    const page = await enter();
    await page.emulateMedia({ colorScheme: scheme });
    const faults: string[] = [];
    for (const [width, height] of SIZES) {
      await page.setViewportSize({ width, height });
      await settled(page, `${rig.mock.url}/administracao/troncos`);
      await openTrunk(page);
      await page.locator('.tall-form').waitFor();
      await page.waitForFunction(() => document.getAnimations().every((one) => one.playState !== 'running'));
      for (const part of [0, 1, 2, 3]) {
        await page.evaluate(`(() => { const list = document.querySelector('.tall-form > :first-child');
          list.scrollTop = (list.scrollHeight - list.clientHeight) * ${String(part)} / 3; })()`);
        const found = await page.evaluate<string[]>(coveredIn('[role=dialog]'));
        faults.push(...found.map((fault) => `${String(width)} part ${String(part)} ${fault}`));
      }
      faults.push(...(await violations(page, OF_BUTTONS)).map((fault) => `${String(width)} ${fault}`));
    }
    expect(faults).toEqual([]);
  });
});
