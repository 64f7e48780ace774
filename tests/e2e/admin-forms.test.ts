import { describe, expect, it } from 'vitest';
import { programs } from '../support/programs.ts';
import { signIn } from './desk-browser.ts';
import type { World } from './desk-mock.ts';
import { mockedDesk } from './desk-mocked.ts';
import { busyWorld } from './desk-world.ts';

const chromium = programs.chromium;

describe.skipIf(chromium === undefined)('forms of the administration (chromium)', { timeout: 60_000 }, () => {
  const rig = mockedDesk();

  const open = async (path: string, admin: Record<string, object[]>) => {
    const world: World = { ...busyWorld(), role: 'admin', admin };
    await rig.serve(world);
    await signIn(rig.desk.page, rig.mock.url, path);
    return { page: rig.desk.page, world };
  };
  const sent = (method: string) => rig.mock.requests.filter((one) => one.method === method);

  it('opens on its first field, and keeps what was typed through Esc and F5', async () => {
    const { page } = await open('/administracao/numeros', { flows: [{ file: 'principal.yaml' }] });
    await page.getByRole('button', { name: 'Adicionar' }).click();
    const form = page.getByRole('dialog');
    await form.getByRole('textbox', { name: 'Número' }).waitFor();
    await page.keyboard.type('(11) 3333-4444');
    await page.keyboard.press('Escape');
    await form.waitFor({ state: 'detached' });
    await page.reload();
    await page.getByRole('button', { name: 'Adicionar' }).click();
    await form.getByText('O que você tinha digitado voltou.').waitFor();
    expect(await form.getByRole('textbox', { name: 'Número' }).inputValue()).toBe('(11) 3333-4444');
    await form.getByRole('button', { name: 'Cancelar' }).click();
    await page.getByRole('button', { name: 'Adicionar' }).click();
    expect(await form.getByRole('textbox', { name: 'Número' }).inputValue()).toBe('');
  });

  it('says at the field what is accepted, in the language of the person', async () => {
    const { page, world } = await open('/administracao/numeros', { flows: [{ file: 'principal.yaml' }] });
    world.refuse = { 'POST /admin/dids': [{ path: 'body.number', message: 'Um número com DDD' }] };
    await page.getByRole('button', { name: 'Adicionar' }).click();
    const form = page.getByRole('dialog');
    await form.getByRole('textbox', { name: 'Número' }).fill('3333');
    await form.getByRole('combobox', { name: 'Fluxo' }).click();
    await page.getByRole('option', { name: 'principal.yaml' }).click();
    await form.getByRole('button', { name: 'Salvar' }).click();
    await form.getByText('Há campos a corrigir').waitFor();
    const field = form.getByRole('textbox', { name: 'Número' });
    expect(await field.getAttribute('aria-invalid')).toBe('true');
    const said = await field.getAttribute('aria-describedby');
    expect(await page.locator(`[id="${(said ?? '').split(' ').at(-1) ?? ''}"]`).innerText()).not.toBe('');
    expect(await form.innerText()).toContain('Um número com DDD');
    expect(sent('POST').at(-1)?.headers['accept-language']).toBe('pt-BR');
  });

  it('names the day whose hours are refused, marks its input and goes there', async () => {
    const { page, world } = await open('/administracao/calendarios', { calendars: [] });
    const message = 'Os horários são escritos como 08:00-12:00';
    const path = 'body.weekly.tuesday.0';
    world.refuse = {
      'POST /admin/calendars': ['from', 'to'].map((end) => ({ path: `${path}.${end}`, message })),
    };
    await page.getByRole('button', { name: 'Adicionar' }).click();
    const form = page.getByRole('dialog');
    await form.getByRole('textbox', { name: 'Nome' }).fill('Comercial');
    await form.getByRole('textbox', { name: 'Chave' }).fill('comercial');
    const day = form.getByRole('textbox', { name: 'Terça' });
    await day.fill('das 8 às 18');
    await page.keyboard.press('Enter');
    await form.getByText(`Terça: ${message}`).waitFor();
    await form.locator('[aria-invalid=true]:focus').waitFor();
    expect(await day.evaluate((input) => input === document.activeElement)).toBe(true);
    expect(await form.locator('[aria-invalid=true]').count()).toBe(1);
  });

  it('marks a password that is refused, and goes there', async () => {
    const { page, world } = await open('/administracao/usuarios', { users: [] });
    world.refuse = { 'POST /admin/users': [{ path: 'body.password', message: 'A senha é fraca.' }] };
    await page.getByRole('button', { name: 'Adicionar' }).click();
    const form = page.getByRole('dialog');
    await form.getByRole('textbox', { name: 'Nome', exact: true }).fill('Bia');
    await form.getByRole('textbox', { name: 'Usuário', exact: true }).fill('bia');
    const password = form.locator('input[autocomplete=new-password]');
    await password.fill('1234567890');
    await form.getByRole('button', { name: 'Salvar' }).click();
    await form.getByText('A senha é fraca.').waitFor();
    await form.locator('[aria-invalid=true]:focus').waitFor();
    expect(await password.evaluate((input) => input === document.activeElement)).toBe(true);
  });

  it('takes nothing out of use by one press, and the next press hits no neighbour', async () => {
    const user = (id: string, name: string) => ({ id, name, username: id, role: 'operator', queues: [] });
    const { page } = await open('/administracao/usuarios', {
      users: [user('u1', 'Ana'), user('u2', 'Bruno')],
    });
    const row = page.getByRole('row').filter({ hasText: 'Ana' });
    // Within the table: a notice may come above the page meanwhile.
    const placeOf = () => row.evaluate((one) => (one as { offsetTop?: number }).offsetTop);
    const place = await placeOf();
    await row.getByRole('button', { name: /^Desativar/ }).click();
    expect(sent('PATCH')).toEqual([]);
    await row.getByRole('button', { name: /^Desativar mesmo/ }).click();
    await rig.mock.waitFor('PATCH', /\/admin\/users\/u1$/);
    await row.getByText('Desativado.').waitFor();
    // The same place is still Ana's, now with the way back.
    expect(await placeOf()).toBe(place);
    await row.getByRole('button', { name: /^Ativar/ }).waitFor();
    expect(sent('PATCH')).toHaveLength(1);
  });

  it('opens a name that wrong passwords have locked, with the keyboard', async () => {
    const user = (id: string, name: string, locked: boolean) => ({
      ...{ id, name, username: id, role: 'operator', queues: [], locked },
    });
    const { page, world } = await open('/administracao/usuarios', {
      users: [user('u1', 'Ana', false), user('u2', 'Bruno', true)],
    });
    const row = page.getByRole('row').filter({ hasText: 'Bruno' });
    await row.getByText('Bloqueada', { exact: true }).waitFor();
    expect(await page.getByRole('button', { name: /^Desbloquear/ }).count()).toBe(1);
    world.admin['users'] = [user('u1', 'Ana', false), user('u2', 'Bruno', false)];
    await row.getByRole('button', { name: 'Desbloquear: Bruno' }).focus();
    await page.keyboard.press('Enter');
    await rig.mock.waitFor('POST', /\/admin\/users\/u2\/unlock$/);
    await row.getByText('Desbloqueada.').waitFor();
    await row.getByText('Bloqueada', { exact: true }).waitFor({ state: 'detached' });
    // The keys go on in the same row.
    await row.locator(':focus').waitFor();
  });

  it('a key is granted scopes by their words, exactly those that the server has', async () => {
    const { page } = await open('/administracao/chaves', {
      'api-keys': [],
      scopes: ['admin', 'users:read'] as unknown[] as object[],
    });
    await page.getByRole('button', { name: 'Nova chave' }).click();
    const form = page.getByRole('dialog');
    await form.getByLabel('Nome').fill('Importador');
    await page.keyboard.press('Escape');
    await form.waitFor({ state: 'detached' });
    await page.getByRole('button', { name: 'Nova chave' }).click();
    await form.getByText('O que você tinha digitado voltou.').waitFor();
    await form.getByRole('combobox', { name: 'Escopos' }).focus();
    await page.keyboard.press('ArrowDown');
    expect(await page.getByRole('option').allInnerTexts()).toEqual([
      'Filas: ler a configuração e mudar (admin)',
      'Pessoas: ler (users:read)',
    ]);
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await page.keyboard.press('Escape');
    await form.getByRole('button', { name: 'Criar a chave' }).press('Enter');
    const { body } = await rig.mock.waitFor('POST', /\/admin\/api-keys$/);
    expect(body).toMatchObject({ name: 'Importador', role: 'supervisor', scopes: ['users:read'] });
  });

  it('makes a trunk that registers by the keyboard alone, says what was refused at its input, and tells how it stands', async () => {
    const { page, world } = await open('/administracao/troncos', { trunks: [] });
    world.refuse = {
      'POST /admin/trunks': [{ path: 'body.registration.registrar', message: 'por exemplo sip:10.0.0.5' }],
    };
    await page.getByRole('button', { name: 'Adicionar' }).press('Enter');
    const form = page.getByRole('dialog');
    await form.getByRole('textbox', { name: 'Nome' }).waitFor();
    await page.keyboard.type('Operadora Um');
    await form.getByRole('switch', { name: 'Registrar este servidor na operadora' }).press('Space');
    await form.getByRole('textbox', { name: 'Servidor de registro' }).focus();
    await page.keyboard.type('operadora.exemplo');
    await form.getByRole('textbox', { name: 'Usuário da conta' }).focus();
    await page.keyboard.type('551140004000');
    await form.getByLabel('Senha da conta').focus();
    await page.keyboard.type('muito secreta');
    await form.getByRole('button', { name: 'Adicionar regra' }).press('Enter');
    await form.getByRole('textbox', { name: 'Número que começa com' }).focus();
    await page.keyboard.type('+55');
    await page.keyboard.press('Tab');
    await page.keyboard.type('3');
    await page.keyboard.press('Tab');
    await page.keyboard.type('0');
    await form.getByText('+5511912345678 → 011912345678').waitFor();
    await page.keyboard.press('Enter');
    // The keys stand at what is to be corrected, however far up it is.
    const wrong = form.getByRole('textbox', { name: 'Servidor de registro' });
    await form.getByText('por exemplo sip:10.0.0.5').waitFor();
    await form.locator('[aria-invalid=true]:focus').waitFor();
    expect(await wrong.evaluate((input) => input === document.activeElement)).toBe(true);
    expect(await page.evaluate(() => JSON.stringify(sessionStorage))).not.toContain('muito secreta');
    delete world.refuse;
    const registration = {
      state: 'failed',
      since: new Date().toISOString(),
      status: 403,
      reason: 'Forbidden',
    };
    world.admin['trunk-status'] = [{ id: 't1', used: 0, channels: 10, registration }];
    world.admin['trunks'] = [
      { id: 't1', name: 'Operadora Um', active: true, direction: 'both', channels: 10, peers: [] },
    ];
    await page.keyboard.press('ControlOrMeta+A');
    await page.keyboard.type('sip:operadora.exemplo');
    await page.keyboard.press('Enter');
    await page.getByText('Recusado: 403 Forbidden').waitFor();
    expect(sent('POST').at(-1)?.body).toMatchObject({
      registration: {
        registrar: 'sip:operadora.exemplo',
        username: '551140004000',
        password: 'muito secreta',
      },
      prefixes: [{ prefix: '+55', strip: 3, prepend: '0' }],
    });
  });
});
