import { describe, expect, it } from 'vitest';
import { programs } from '../support/programs.ts';
import { signIn } from './desk-browser.ts';
import { mockedDesk } from './desk-mocked.ts';
import { busyWorld, idleWorld, offerOf } from './desk-world.ts';

const chromium = programs.chromium;

describe.skipIf(chromium === undefined)('offers at the desk (chromium)', { timeout: 60_000 }, () => {
  const rig = mockedDesk();

  const mail = (id: string, name: string) => {
    const offer = offerOf();
    const interaction = {
      ...offer.interaction,
      id,
      channel: 'email' as const,
      customer: null,
      contact: { address: `${id}@cliente.test`, name },
      subject: `Assunto de ${name}`,
    };
    return { ...offer, interaction };
  };
  const card = () => rig.desk.page.getByTestId('offer');
  const accepted = () =>
    rig.mock.requests.filter((one) => one.path.endsWith('/accept')).map((one) => one.path.split('/').at(-2));

  it('Ctrl+Enter over an unsent reply sends it while something rings; with Shift it accepts and keeps the draft', async () => {
    const mock = await rig.serve(busyWorld());
    const { page } = rig.desk;
    await signIn(page, mock.url);
    await page.getByTestId('work-card').nth(1).click();
    await page.getByText('Segue o teste de velocidade').waitFor();
    await page.getByText('Resposta', { exact: true }).click();
    await mock.waitForDesks(1);
    mock.emit('offer', offerOf());
    await card().waitFor();
    const key = page.getByTestId('accept-key');
    await page.getByTestId('composer').click();
    await expect.poll(() => key.textContent()).toBe('Ctrl+Enter');
    await page.keyboard.type('Bom dia, Carlos.');
    await expect.poll(() => key.textContent()).toBe('Ctrl+Shift+Enter');
    await page.keyboard.press('Control+Enter');
    const { body } = await mock.waitFor('POST', /\/interactions\/m1\/messages$/);
    expect(body).toEqual({ text: 'Bom dia, Carlos.', cc: [] });
    expect(accepted()).toEqual([]);
    await expect.poll(() => key.textContent()).toBe('Ctrl+Enter');

    await page.keyboard.type('Mais uma coi');
    await page.keyboard.press('Control+Shift+Enter');
    await mock.waitFor('POST', /\/interactions\/o1\/accept$/);
    expect(rig.mock.requests.filter((one) => one.path.endsWith('/messages'))).toHaveLength(1);
    await page.getByTestId('work-card').nth(1).click();
    await expect.poll(() => page.getByTestId('composer').inputValue()).toBe('Mais uma coi');
  });

  it('one card, and a ringing call before the mails', async () => {
    const mock = await rig.serve(idleWorld());
    const { page } = rig.desk;
    await signIn(page, mock.url);
    await mock.waitForDesks(1);
    for (const [index, name] of ['Beatriz', 'Caio', 'Dora', 'Elias'].entries())
      mock.emit('offer', mail(`m${String(index + 1)}`, name));
    await page.getByText('+3 contatos oferecidos').waitFor();
    expect(await card().count()).toBe(1);
    expect(await card().textContent()).toContain('Beatriz');

    mock.emit('offer', offerOf());
    await page.getByText('+4 contatos oferecidos').waitFor();
    expect(await card().textContent()).toContain('Maria Souza');
    expect(await page.locator('.offers kbd').count()).toBe(1);
    await page.keyboard.press('Enter');
    await mock.waitFor('POST', /\/interactions\/o1\/accept$/);
    expect(accepted()).toEqual(['o1']);

    await page.getByText('+3 contatos oferecidos').click();
    expect(await page.locator('.offers kbd').count()).toBe(1);
    await page.getByRole('button', { name: 'Atender Dora' }).click();
    await mock.waitFor('POST', /\/interactions\/m3\/accept$/);
    expect(accepted()).toEqual(['o1', 'm3']);
    await page.getByText('+2 contatos oferecidos').waitFor();
  });
});
