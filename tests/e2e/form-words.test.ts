/// <reference lib="dom" />
import type { Locator, Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { programs } from '../support/programs.ts';
import { signIn } from './desk-browser.ts';
import { mockedDesk } from './desk-mocked.ts';
import { busyWorld } from './desk-world.ts';

const chromium = programs.chromium;

/** The words that a screen reader says with this input. */
const saidAt = (field: Locator): Promise<string> =>
  field.evaluate((input) =>
    (input.getAttribute('aria-describedby') ?? '')
      .split(' ')
      .map((id) => document.getElementById(id)?.textContent ?? '')
      .join(' '),
  );
/** Whether the field with its name and its words can be seen: nothing lies over it, and the window does not end before. */
const isInSight = (field: Locator): Promise<boolean> =>
  field.evaluate((input) => {
    const box = input.closest('.mantine-InputWrapper-root')?.getBoundingClientRect();
    if (!box) return false;
    return [box.top + 2, box.bottom - 2].every((y) => {
      const over = document.elementFromPoint(box.left + 4, y);
      return over !== null && input.closest('.mantine-InputWrapper-root')?.contains(over) === true;
    });
  });
const hasCursor = (field: Locator): Promise<boolean> =>
  field.evaluate((input) => input === document.activeElement);

describe.skipIf(chromium === undefined)('what a form does not take (chromium)', { timeout: 60_000 }, () => {
  const rig = mockedDesk();

  const open = async (path: string): Promise<Page> => {
    await rig.serve({ ...busyWorld(), role: 'admin', installer: true, admin: { companies: [], flows: [] } });
    await signIn(rig.desk.page, rig.mock.url, path);
    return rig.desk.page;
  };
  const posts = (path: RegExp) =>
    rig.mock.requests.filter((one) => one.method === 'POST' && path.test(one.path));

  it('of a new company is said at each field, in sight of a small window, until it is put right', async () => {
    const page = await open('/administracao/empresas');
    await page.setViewportSize({ width: 911, height: 512 });
    await page.getByRole('button', { name: 'Nova empresa' }).click();
    const form = page.getByRole('dialog');
    const save = form.getByRole('button', { name: 'Criar empresa' });
    await save.click();
    const name = form.getByRole('textbox', { name: 'Nome' }).first();
    await form.locator('[aria-invalid=true]:focus').waitFor();
    expect([await hasCursor(name), await isInSight(name)]).toEqual([true, true]);
    expect(await saidAt(name)).toContain('Preencha este campo.');
    expect(await form.locator('[aria-invalid=true]').count()).toBe(5);

    await name.fill('Rede Azul');
    expect(await saidAt(name)).not.toContain('Preencha');
    const key = form.getByRole('textbox', { name: 'Nome curto' });
    await key.fill('Rede Azul');
    await save.click();
    await form.locator('[aria-invalid=true]:focus').waitFor();
    expect([await hasCursor(key), await isInSight(key)]).toEqual([true, true]);
    expect(await saidAt(key)).toContain('Letras minúsculas sem acento, números e hífens.');
    // A choice marked by us says no word of the browser.
    expect(await page.locator('form:not([novalidate])').count()).toBe(0);
    expect(posts(/companies/)).toEqual([]);
  });

  it('of a new company waits for the next sight of the form, but no password does', async () => {
    const page = await open('/administracao/empresas');
    await page.getByRole('button', { name: 'Nova empresa' }).click();
    const form = page.getByRole('dialog');
    const name = form.getByRole('textbox', { name: 'Nome' }).first();
    const password = form.locator('input[type=password]');
    await name.fill('Rede Azul');
    await form.getByRole('textbox', { name: 'Nome curto' }).fill('Rede Azul');
    await password.fill('um segredo longo');
    await page.keyboard.press('Escape');
    await form.waitFor({ state: 'detached' });
    await page.reload();
    await page.getByRole('button', { name: 'Nova empresa' }).click();
    await form.getByText('O que você tinha digitado voltou.').waitFor();
    expect(await name.inputValue()).toBe('Rede Azul');
    expect(await form.getByRole('textbox', { name: 'Nome curto' }).inputValue()).toBe('Rede Azul');
    expect(await password.inputValue()).toBe('');
    expect(await page.evaluate('JSON.stringify({ ...sessionStorage, ...localStorage })')).not.toContain(
      'segredo',
    );
  });

  it.each([
    ['/administracao/empresas', 'Nova empresa', 'Criar empresa'],
    ['/administracao/chaves', 'Nova chave', 'Criar a chave'],
  ])('can be left and sent in a small window without scrolling: %s', async (path, add, save) => {
    const page = await open(path);
    await page.setViewportSize({ width: 911, height: 512 });
    await page.getByRole('button', { name: add }).click();
    const form = page.getByRole('dialog');
    const name = form.getByRole('textbox', { name: 'Nome' }).first();
    await name.fill('Rede Azul');
    const cancel = form.locator('footer').getByRole('button', { name: 'Cancelar' });
    for (const button of [form.getByRole('button', { name: save }), cancel]) {
      const box = await button.boundingBox();
      expect((box?.y ?? Infinity) + (box?.height ?? 0)).toBeLessThanOrEqual(512);
    }
    await cancel.click();
    await form.waitFor({ state: 'detached' });
    // Whoever cancels wants nothing of it back.
    await page.getByRole('button', { name: add }).click();
    expect(await name.inputValue()).toBe('');
    expect(await form.getByText('O que você tinha digitado voltou.').count()).toBe(0);
  });

  it('is said in the language of the page, and of a choice that is missing, too', async () => {
    const page = await open('/');
    await page.evaluate(() => {
      localStorage.setItem('ramal.settings', JSON.stringify({ started: true, language: 'en' }));
    });
    await page.goto(`${rig.mock.url}/administracao/numeros`);
    await page.getByRole('button', { name: 'Add' }).click();
    const form = page.getByRole('dialog');
    await form.getByRole('textbox', { name: 'Number' }).fill('(11) 3333-4444');
    await form.getByRole('button', { name: 'Save' }).click();
    const flow = form.locator('[aria-invalid=true]:focus');
    await flow.waitFor();
    expect(await saidAt(flow)).toContain('Choose one.');
    expect(posts(/dids/)).toEqual([]);
  });

  it('of a first access is a password that is short or typed differently', async () => {
    const page = await open('/');
    await page.goto(`${rig.mock.url}/primeiro-acesso?token=abc`);
    await page.setViewportSize({ width: 911, height: 512 });
    await page.getByLabel('Nome da empresa').fill('Rede Azul');
    await page.getByLabel('Seu nome completo').fill('Ana Lima');
    await page.getByLabel('Usuário').fill('ana');
    const password = page.getByLabel(/^Senha/);
    const again = page.getByLabel('Repita a nova senha');
    await password.fill('curta');
    await again.fill('outra');
    const create = page.getByRole('button', { name: 'Criar e entrar' });
    await create.click();
    expect(await saidAt(password)).toContain('Pelo menos 10 caracteres.');
    expect(await saidAt(again)).toContain('As duas senhas são diferentes.');
    expect([await hasCursor(password), await isInSight(password)]).toEqual([true, true]);
    await password.fill('cavalo azul na varanda');
    await create.click();
    expect([await hasCursor(again), await isInSight(again)]).toEqual([true, true]);
    expect(posts(/setup/)).toEqual([]);
  });
});
