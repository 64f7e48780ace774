/// <reference lib="dom" />
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { type Binding, bindings, type KeyAction } from '../../softphone/src/app/keys.ts';
import { pt } from '../../softphone/src/i18n/pt/index.ts';
import type { Channel } from '../../src/contracts/common.ts';
import { programs } from '../support/programs.ts';
import { signIn } from './desk-browser.ts';
import { mockedDesk } from './desk-mocked.ts';
import { busyWorld, idleWorld, interactionOf, mariaContext, offerOf } from './desk-world.ts';

const chromium = programs.chromium;

/** Where an action has something to do: with any contact in hand, a call, a written one, an offer that rings. */
const where: Readonly<Record<KeyAction, 'any' | 'call' | 'written' | 'offer'>> = {
  accept: 'offer',
  reject: 'offer',
  mute: 'call',
  hold: 'call',
  keypad: 'call',
  transfer: 'any',
  hangUp: 'call',
  reply: 'written',
  note: 'any',
  send: 'any',
  finish: 'any',
  copyProtocol: 'any',
  customer: 'any',
  presence: 'any',
  search: 'any',
  nextWork: 'any',
  previousWork: 'any',
  help: 'any',
};

const names: Readonly<Record<string, string>> = {
  enter: 'Enter',
  arrowdown: 'ArrowDown',
  arrowup: 'ArrowUp',
};
const chord = ({ key, ctrl, alt, shift }: Binding): string =>
  [
    ...(ctrl === true ? ['Control'] : []),
    ...(alt === true ? ['Alt'] : []),
    ...(shift === true ? ['Shift'] : []),
    names[key] ?? key,
  ].join('+');

/** Out of every field, window and word. */
async function letGo(page: Page): Promise<void> {
  await page.keyboard.press('Escape');
  await page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur());
}

/** What the page did with the last key: what is bound keeps the browser from it. */
async function watchKeys(page: Page): Promise<void> {
  await page.evaluate(() => {
    window.addEventListener('keydown', (event) => {
      document.documentElement.dataset['taken'] = String(event.defaultPrevented);
    });
  });
}

async function takes(page: Page, binding: Binding): Promise<boolean> {
  await letGo(page);
  await page.keyboard.press(chord(binding));
  return (await page.evaluate(() => document.documentElement.dataset['taken'])) === 'true';
}

const contactOf = (channel: Channel) =>
  interactionOf({
    id: 'k1',
    channel,
    contact: { address: channel === 'email' ? 'maria@cliente.test' : '+5511987654321' },
  });

describe.skipIf(chromium === undefined)('the keys of the desk (chromium)', { timeout: 60_000 }, () => {
  const rig = mockedDesk();

  it.each<Channel>(['voice', 'email', 'whatsapp'])(
    'each of the list does what it says for a contact in hand: %s',
    async (channel) => {
      const mock = await rig.serve({
        ...busyWorld(),
        interactions: [contactOf(channel)],
        contexts: { k1: mariaContext() },
      });
      const { page } = rig.desk;
      await signIn(page, mock.url);
      await page.getByTestId('work-card').click();
      await letGo(page);
      await page.keyboard.press('?');
      const listed = await page.getByRole('dialog', { name: pt.keys.title }).locator('dt').allTextContents();
      expect(listed).toEqual(Object.values(pt.keys.actions));
      await watchKeys(page);
      const here = bindings.filter(({ action }) =>
        ['any', channel === 'voice' ? 'call' : 'written'].includes(where[action]),
      );
      const deaf: string[] = [];
      for (const binding of here) {
        if (binding.action === 'send') await page.getByTestId('composer').fill('um texto');
        if (!(await takes(page, binding))) deaf.push(`${binding.action} ${chord(binding)}`);
      }
      expect(deaf).toEqual([]);
    },
  );

  it('those that answer an offer do while it rings', async () => {
    const mock = await rig.serve(idleWorld());
    const { page } = rig.desk;
    await signIn(page, mock.url);
    await mock.waitForDesks(1);
    await watchKeys(page);
    for (const binding of bindings.filter(({ action }) => where[action] === 'offer')) {
      mock.emit('offer', offerOf());
      await page.getByTestId('offer').waitFor();
      expect([binding.action, await takes(page, binding)]).toEqual([binding.action, true]);
      mock.emit('offer:revoked', { interactionId: 'o1', reason: 'taken' });
      await page.getByTestId('offer').waitFor({ state: 'detached' });
    }
  });

  it('T opens the transfer of the written contact, in words that fit it', async () => {
    const mock = await rig.serve({ ...busyWorld(), interactions: [contactOf('email')] });
    const { page } = rig.desk;
    await signIn(page, mock.url);
    await page.getByTestId('work-card').click();
    await letGo(page);
    await page.keyboard.press('t');
    const form = page.getByTestId('transfer-form');
    await form.getByText(pt.transfer.blind.written).waitFor();
    expect(await form.getByText('música').count()).toBe(0);
  });

  it('with a call in hand T is the call’s, whatever contact is open', async () => {
    const mock = await rig.serve({
      ...busyWorld(),
      interactions: [interactionOf({ id: 'v1' }), contactOf('email')],
    });
    const { page } = rig.desk;
    await signIn(page, mock.url);
    await page.getByTestId('work-card').last().click();
    await page.getByRole('button', { name: 'Transferir' }).nth(1).waitFor();
    await letGo(page);
    await page.keyboard.press('t');
    await page.getByTestId('transfer-form').getByText(pt.transfer.blind.voice).waitFor();
  });

  it('a protocol number stays on one line beside a long subject, which can be read whole', async () => {
    const subject = 'Fatura com valor diferente do contratado e internet lenta desde ontem '.repeat(3).trim();
    const mock = await rig.serve({ ...busyWorld(), interactions: [{ ...contactOf('email'), subject }] });
    const { page } = rig.desk;
    await signIn(page, mock.url);
    await page.getByTestId('work-card').click();
    const number = page.getByTestId('protocol');
    await number.waitFor();
    const lines = await number.evaluate((one) => {
      const range = document.createRange();
      range.selectNodeContents(one);
      return range.getClientRects().length;
    });
    expect(lines).toBe(1);
    await page.locator('.contact-head').getByTitle(subject).waitFor();
  });
});
