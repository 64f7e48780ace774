/// <reference lib="dom" />
import type { Locator, Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { programs } from '../support/programs.ts';
import { signIn } from './desk-browser.ts';
import { mockedDesk } from './desk-mocked.ts';
import { busyWorld } from './desk-world.ts';

const chromium = programs.chromium;
const COMPANY = {
  ...{ name: 'Rede Azul', timeZone: 'America/Sao_Paulo', regime: 'ppp', state: 'SP' },
  dialing: { countries: ['+55'], premium: false, callsPerMinute: 10 },
};

describe.skipIf(chromium === undefined)('a number of a form (chromium)', { timeout: 60_000 }, () => {
  const rig = mockedDesk();
  const open = async (path: string, admin: Record<string, object[]>): Promise<Page> => {
    await rig.serve({ ...busyWorld(), role: 'admin', admin });
    const { page } = rig.desk;
    await page.route('**/api/v1/admin/company', (route) =>
      route.request().method() === 'GET' ? route.fulfill({ json: COMPANY }) : route.continue(),
    );
    await signIn(page, rig.mock.url, path);
    return page;
  };
  const sent = () => rig.mock.requests.filter(({ method, path }) => method === 'PATCH' && /admin/.test(path));
  /** Leaves the field, as people do, before the form is sent. */
  const type = async (field: Locator, text: string): Promise<void> => {
    await field.fill(text);
    await field.blur();
  };

  it('of the company is refused when it is left empty or out of range, and is never another one', async () => {
    const page = await open('/administracao/empresa', {});
    const save = page.getByRole('button', { name: 'Salvar' });
    const count = page.getByLabel('Ligações por pessoa em um minuto');
    const refused = page.locator('[aria-invalid=true]:focus');
    for (const [typed, said] of [
      ['', 'Preencha este campo.'],
      ['0', 'De 1 a 120.'],
      ['99999999', 'De 1 a 120.'],
    ] as const) {
      await type(count, typed);
      await save.click();
      await page.getByText(said).waitFor();
      await refused.waitFor();
      expect([await count.inputValue(), await page.getByText('Salvo.').count()]).toEqual([typed, 0]);
    }
    await type(count, '12');
    const countries = page.getByRole('combobox', { name: 'Para onde se liga' });
    await countries.fill('abc');
    await countries.press('Enter');
    await page.getByText('“abc” não é o começo de um número internacional').waitFor();
    await save.click();
    await refused.waitFor();
    expect(sent()).toEqual([]);

    await countries.press('Backspace');
    await save.click();
    const { body } = await rig.mock.waitFor('PATCH', /\/admin\/company$/);
    expect(body).toMatchObject({ dialing: { countries: ['+55'], callsPerMinute: 12 } });
  });

  it('of a queue is refused alike, each limit of a channel at its own field', async () => {
    const page = await open('/administracao/filas', { queues: [{ key: 'suporte', name: 'Suporte' }] });
    await page.getByRole('button', { name: 'Editar' }).first().click();
    const form = page.getByRole('dialog');
    const save = form.getByRole('button', { name: 'Salvar' });
    await type(form.getByLabel('E-mail'), '');
    await type(form.getByLabel('SMS'), '');
    await type(form.getByLabel('Tempo de toque'), '0.5');
    await save.click();
    await form.getByText('De 1 a 300.').waitFor();
    expect(await form.getByText('Preencha este campo.').count()).toBe(2);
    expect(sent()).toEqual([]);
    await type(form.getByLabel('E-mail'), '60');
    await type(form.getByLabel('SMS'), '1.5');
    await type(form.getByLabel('Tempo de toque'), '1');
    await save.click();
    const { body } = await rig.mock.waitFor('PATCH', /\/admin\/queues\/suporte$/);
    expect(body).toMatchObject({ ringMs: 1000, textLevelMs: { email: 3_600_000, sms: 90_000 } });
  });

  it('that is missing leaves the example in its field in the colour of an example', async () => {
    const page = await open('/administracao/numeros', { flows: [] });
    await page.getByRole('button', { name: 'Adicionar' }).click();
    const field = page.getByRole('dialog').getByRole('textbox', { name: 'Número' });
    const colours = () =>
      field.evaluate((input) => [
        getComputedStyle(input, '::placeholder').color,
        getComputedStyle(input).color,
      ]);
    const [example] = await colours();
    await page.getByRole('dialog').getByRole('button', { name: 'Salvar' }).click();
    await page.locator('[aria-invalid=true]:focus').waitFor();
    const [now, words] = await colours();
    expect(now).toBe(example);
    expect(now).not.toBe(words);
  });
});
