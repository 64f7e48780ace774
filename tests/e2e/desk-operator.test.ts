import { describe, expect, it } from 'vitest';
import { programs } from '../support/programs.ts';
import { signIn } from './desk-browser.ts';
import { mockedDesk } from './desk-mocked.ts';
import { busyWorld, idleWorld, interactionOf, offerOf, presenceOf } from './desk-world.ts';

const chromium = programs.chromium;

describe.skipIf(chromium === undefined)('the desk in a browser (chromium)', { timeout: 60_000 }, () => {
  const rig = mockedDesk();

  it('signs in, tells wrong passwords and a locked account apart', async () => {
    const mock = await rig.serve(idleWorld());
    const { page } = rig.desk;
    await page.goto(mock.url);
    await page.getByLabel('Usuário').fill('ana');
    await page.getByLabel('Senha', { exact: true }).fill('errada');
    await page.keyboard.press('Enter');
    await page.getByText('Usuário ou senha não conferem.').waitFor();
    mock.world.locked = true;
    await page.getByLabel('Senha', { exact: true }).fill('segredo');
    await page.keyboard.press('Enter');
    await page.getByText('bloqueado por 15 minutos').waitFor();
    mock.world.locked = false;
    await signIn(page, mock.url);
    await page.getByText('Você está fora').waitFor();
  });

  it('an offer rings without taking the focus; Ctrl+Enter accepts while typing', async () => {
    const mock = await rig.serve(busyWorld());
    const { page } = rig.desk;
    await signIn(page, mock.url);
    await page.getByTestId('finish').click();
    const summary = page.getByLabel('Resumo (opcional)');
    await summary.fill('uma anotação pela met');
    await mock.waitForDesks(1);
    mock.emit('offer', offerOf());
    await page.getByTestId('offer').waitFor();
    await page.keyboard.type('ade');
    expect(await summary.inputValue()).toBe('uma anotação pela metade');
    expect(await page.getByTestId('accept-key').textContent()).toBe('Ctrl+Enter');
    await page.keyboard.press('Control+Enter');
    await mock.waitFor('POST', /\/interactions\/o1\/accept$/);
    await page.getByTestId('offer').waitFor({ state: 'detached' });
    expect(rig.mock.requests.some((one) => one.path.endsWith('/close'))).toBe(false);
  });

  it('Enter accepts; a revoked offer goes away in every tab', async () => {
    const mock = await rig.serve(idleWorld());
    const { page, context } = rig.desk;
    await signIn(page, mock.url);
    const second = await context.newPage();
    await second.goto(mock.url);
    await second.getByText('O telefone está em outra aba').waitFor();
    await mock.waitForDesks(2);
    mock.emit('offer', offerOf());
    await page.getByTestId('offer').waitFor();
    await second.getByTestId('offer').waitFor();
    await page.bringToFront();
    await page.keyboard.press('Enter');
    await mock.waitFor('POST', /\/interactions\/o1\/accept$/);
    mock.emit('offer:revoked', { interactionId: 'o1', reason: 'accepted' });
    await second.getByTestId('offer').waitFor({ state: 'detached' });
  });

  it('comes back to the same contact and the same draft after F5, and in every tab', async () => {
    const mock = await rig.serve(busyWorld());
    const { page, context } = rig.desk;
    await signIn(page, mock.url);
    await page.getByTestId('callbar').waitFor();
    await page.getByTestId('composer').fill('rascunho que não pode sumir');
    await page.reload();
    await page.getByTestId('callbar').waitFor();
    expect(await page.getByTestId('composer').inputValue()).toBe('rascunho que não pode sumir');
    const second = await context.newPage();
    await second.goto(mock.url);
    await second.getByTestId('composer').fill('e escrito noutra aba');
    await page.waitForFunction(
      `document.querySelector('[data-testid=composer]').value === 'e escrito noutra aba'`,
    );
  });

  it('shows the protocol, the file by sections with their age, and closes with a reason', async () => {
    const mock = await rig.serve(busyWorld());
    const { page } = rig.desk;
    await signIn(page, mock.url);
    await page.getByTestId('protocol').waitFor();
    expect(await page.getByTestId('protocol').textContent()).toBe('202611 00000 00123');
    await page.getByText('Fatura vencida').first().waitFor();
    const states = await page.evaluate(
      `[...document.querySelectorAll('[data-section-state]')].map((one) => one.dataset.sectionState)`,
    );
    expect(states).toEqual(['ok', 'ok', 'ok', 'stale', 'failed']);
    await page.getByText('***.982.247-**').waitFor();
    await page.getByTestId('finish').click();
    await page.getByRole('combobox', { name: 'Assunto' }).click();
    await page.getByRole('option', { name: 'Suporte' }).click();
    await page.getByRole('combobox', { name: 'Motivo' }).click();
    await page.getByRole('option', { name: 'Sem conexão' }).click();
    await page.getByTestId('close-contact').dblclick();
    const { body } = await mock.waitFor('POST', /\/interactions\/v1\/close$/);
    expect(body).toEqual({ disposition: 'suporte.semConexao', hangup: true });
  });

  it('answers a mail with a canned text', async () => {
    const mock = await rig.serve(busyWorld());
    const { page } = rig.desk;
    await signIn(page, mock.url);
    await page.getByTestId('work-card').nth(1).click();
    await page.getByText('Segue o teste de velocidade').waitFor();
    await page.getByText('Resposta', { exact: true }).click();
    await page.getByTestId('composer').fill('Bom dia! /prot');
    await page.keyboard.press('Enter');
    await page.keyboard.press('Control+Enter');
    const { body } = await mock.waitFor('POST', /\/interactions\/m1\/messages$/);
    // The desk says to whom copies go; here nobody else was in the mail.
    expect(body).toEqual({ text: 'Bom dia! O protocolo deste atendimento é 2026110000000124.', cc: [] });
  });

  it('says above the page what the person did not choose and what cannot be heard', async () => {
    const mock = await rig.serve(idleWorld());
    const { page } = rig.desk;
    await signIn(page, mock.url);
    await mock.waitForDesks(1);
    const bars = page.locator('.bar');
    const by = { id: 's1', name: 'Sofia Lima' };
    const since = '2026-11-27T17:05:00.000Z';
    mock.emit('presence', presenceOf({ state: 'paused', reason: 'Reunião', by, since }));
    await bars.getByText(/^Sofia Lima pôs você em pausa às .*14:05: Reunião\./).waitFor();
    mock.emit('presence', presenceOf({ softphone: false, softphoneRefuses: true }));
    await bars.getByText('Seu telefone recusa chamadas').waitFor();
    expect(await bars.getByText('Sofia Lima').count()).toBe(0);
    mock.emit('presence', presenceOf());

    const { connectedAt, ...ringing } = interactionOf({ id: 'n1', direction: 'outbound' });
    mock.emit('interaction', { interaction: ringing });
    const unheard = bars.getByText('o que a operadora diz (avisos, caixa postal) não é ouvido aqui');
    await unheard.waitFor();
    expect(await bars.getByText('recusa chamadas').count()).toBe(0);
    mock.emit('interaction', { interaction: { ...ringing, connectedAt: connectedAt ?? since } });
    await unheard.waitFor({ state: 'detached' });
  });

  it('keeps working through a lost connection', async () => {
    const mock = await rig.serve(idleWorld());
    const { page } = rig.desk;
    await signIn(page, mock.url);
    await page.getByTestId('presence').and(page.locator('[data-state="offline"]')).waitFor();
    mock.dropSockets();
    mock.emit('presence', presenceOf({ state: 'paused', reason: 'noAnswer' }));
    const call = interactionOf({ id: 'n1', state: 'active' });
    mock.world.interactions.push(call);
    mock.world.presence = presenceOf();
    await expect
      .poll(
        async () => {
          mock.emit('resync', { reason: 'gap' });
          return page.getByTestId('callbar').count();
        },
        { timeout: 15_000 },
      )
      .toBe(1);
  });
});
