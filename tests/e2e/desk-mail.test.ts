import { AxeBuilder } from '@axe-core/playwright';
import { describe, expect, it } from 'vitest';
import type { TimelineEntry } from '../../src/contracts/interaction.ts';
import { programs } from '../support/programs.ts';
import { signIn } from './desk-browser.ts';
import type { World } from './desk-mock.ts';
import { mockedDesk } from './desk-mocked.ts';
import { busyWorld, idleWorld, interactionOf } from './desk-world.ts';

const chromium = programs.chromium;
const RITA = 'rita@emp.test';

const mail = (
  id: string,
  minutes: number,
  part: Partial<NonNullable<TimelineEntry['message']>>,
): TimelineEntry => {
  const at = new Date(Date.UTC(2026, 10, 26, 17, minutes)).toISOString();
  return {
    id,
    at,
    kind: 'message',
    actor: { kind: part.direction === 'outbound' ? 'agent' : 'customer' },
    data: { interactionId: 'm1', channel: 'email' },
    message: {
      id,
      interactionId: 'm1',
      direction: 'inbound',
      author: { kind: 'customer', name: 'Rita' },
      from: RITA,
      to: ['suporte@exemplo.test'],
      text: '',
      attachments: [],
      status: 'received',
      at,
      ...part,
    },
  };
};

function mailWorld(): World {
  const contact = interactionOf({
    id: 'm1',
    channel: 'email',
    subject: 'Contrato',
    customer: null,
    identity: 'unknown',
    contact: { address: RITA, name: 'Rita' },
  });
  const line = (kind: string, minutes: number, data: Record<string, unknown>): TimelineEntry => ({
    id: kind,
    at: new Date(Date.UTC(2026, 10, 26, 17, minutes)).toISOString(),
    kind,
    actor: { kind: 'system' },
    data: { interactionId: 'm1', ...data },
  });
  return {
    ...busyWorld(),
    interactions: [contact],
    timelines: {
      m1: [
        mail('a', 0, {
          text: 'Segue o contrato. Veja https://emp.test/contrato?id=1.',
          cc: ['chefe@emp.test'],
          replyCc: ['chefe@emp.test'],
        }),
        mail('b', 5, {
          direction: 'outbound',
          author: { kind: 'agent', name: 'Ana Ribeiro' },
          from: 'suporte@exemplo.test',
          to: [RITA],
          cc: ['chefe@emp.test'],
          text: 'Recebido, obrigada.',
          status: 'failed',
          failure: { code: 'smtp.550', message: '' },
        }),
        mail('c', 6, {
          direction: 'outbound',
          author: { kind: 'agent', name: 'Ana Ribeiro' },
          from: 'suporte@exemplo.test',
          to: [RITA],
          text: 'Tentando de novo.',
          status: 'queued',
          failure: { code: 'smtp.unreachable', message: '' },
        }),
        line('mail.delayed', 7, { recipient: RITA }),
        line('sender.flood', 8, {}),
        mail('d', 9, {
          from: 'chefe@emp.test',
          via: 'site@emp.test',
          author: { kind: 'customer', name: 'Chefe' },
          cc: ['juridico@emp.test'],
          replyCc: ['chefe@emp.test', 'juridico@emp.test'],
          text: 'Eu respondo por ela.\n\nEm 26/11/2026 às 14:05, Suporte <s@exemplo.test> escreveu:\n> Recebido, obrigada.\n> Equipe',
        }),
      ],
    },
  };
}

describe.skipIf(chromium === undefined)('mails on the desk (chromium)', { timeout: 60_000 }, () => {
  const rig = mockedDesk();

  it('folds what is repeated, links what may be opened, answers to all, tells why a mail waits and sends again', async () => {
    const mock = await rig.serve(mailWorld());
    const { page } = rig.desk;
    await signIn(page, mock.url);
    const link = page.getByRole('link', { name: 'https://emp.test/contrato?id=1' });
    await link.waitFor();
    expect(await link.getAttribute('rel')).toBe('noopener noreferrer nofollow');
    expect(await link.getAttribute('href')).toBe('https://emp.test/contrato?id=1');
    const repeated = page.getByText('> Recebido, obrigada.');
    expect(await repeated.count()).toBe(0);
    await page.getByRole('button', { name: 'Mostrar mensagens anteriores' }).press('Enter');
    await repeated.waitFor();
    await page.getByText('Cópia: juridico@emp.test').waitFor();
    await page.getByText('o endereço não existe').waitFor();
    await page.getByText('Tentamos de novo por até 3 dias.').waitFor();
    await page.getByText('mais de 10 e-mails em uma hora').waitFor();
    await page.route('**/api/v1/messages/a/original', (route) =>
      route.fulfill({
        contentType: 'message/rfc822',
        body: 'Received: from emp.test\r\n\r\nSegue o contrato.',
      }),
    );
    await page.getByRole('button', { name: 'Ver original' }).first().press('Enter');
    const source = page.getByRole('dialog', { name: 'E-mail como veio' });
    await source.getByText('Received: from emp.test').waitFor();
    const objections = await new AxeBuilder({ page }).include('[role=dialog]').analyze();
    expect(objections.violations.map(({ id }) => id)).toEqual([]);
    await page.keyboard.press('Escape');
    await source.waitFor({ state: 'detached' });
    expect(await page.getByRole('button', { name: 'Ver original' }).count()).toBe(2);
    await page.getByTestId('resend').first().click();
    await mock.waitFor('POST', /\/interactions\/m1\/messages\/b\/resend$/);
    expect(await page.getByTestId('cc').allTextContents()).toEqual(['chefe@emp.test', 'juridico@emp.test']);
    await page.getByLabel('Tirar juridico@emp.test da cópia').press('Enter');
    await page.getByRole('button', { name: 'Cópia para…' }).press('Enter');
    await page.keyboard.type('Nova <nova@emp.test>, errado');
    await page.keyboard.press('Enter');
    await page.getByText('Isto não parece um endereço').waitFor();
    await page.keyboard.press('Escape');
    await page.getByTestId('composer').fill('Obrigada');
    await page.keyboard.press('Control+Enter');
    const { body } = await mock.waitFor('POST', /\/interactions\/m1\/messages$/);
    expect(body).toMatchObject({ text: 'Obrigada', cc: ['chefe@emp.test', 'nova@emp.test'] });
  });

  it('opens a mail that is longer than the page at the start of its newest message', async () => {
    const world = mailWorld();
    const long = Array.from({ length: 80 }, (_, row) => `Linha ${row + 1} do pedido.`).join('\n');
    const timelines = { m1: [...(world.timelines['m1'] ?? []), mail('e', 10, { text: long })] };
    const mock = await rig.serve({ ...world, timelines });
    const { page } = rig.desk;
    await page.setViewportSize({ width: 911, height: 512 });
    await signIn(page, mock.url);
    const newest = page.locator('.timeline article').last();
    await newest.getByText('Linha 1 do pedido.').waitFor();
    const box = await page.getByRole('log').boundingBox();
    await expect.poll(async () => (await newest.boundingBox())!.y - box!.y).toBeGreaterThanOrEqual(0);
    expect((await newest.boundingBox())!.y - box!.y).toBeLessThan(30);
  });

  it('mails set aside are read and put into the queue, by keyboard alone', async () => {
    const at = '2026-11-26T17:00:00.000Z';
    const aside = {
      id: 's1',
      from: 'maria@cliente.test',
      subject: 'Resposta automática: Pedido',
      reason: 'autoReply',
      origin: 'autoReply',
      preview: 'Estou',
      at,
      mailbox: 'suporte@exemplo.test',
      sender: { address: 'maria@cliente.test', name: 'Maria' },
      replyTo: [],
      to: [{ address: 'suporte@exemplo.test' }],
      cc: [],
      text: 'Estou de férias, mas a internet caiu.\nhttps://cliente.test/foto',
      attachments: [{ filename: 'foto.png', contentType: 'image/png', sizeBytes: 10 }],
      whole: true,
      notices: ['tnef'],
    };
    const world = { ...idleWorld(), role: 'admin' as const };
    const mock = await rig.serve({
      ...world,
      admin: { ...world.admin, aside: [aside, { ...aside, id: 's2', reason: 'x', subject: null }] },
    });
    const { page } = rig.desk;
    await signIn(page, mock.url, '/administracao/emails-separados');
    await page.getByTestId('aside-mail').first().press('Enter');
    await page.getByText('Estou de férias, mas a internet caiu.').waitFor();
    await page.getByText('foto.png').waitFor();
    await page.getByTestId('mail-notices').getByText('winmail.dat').waitFor();
    const faults = await new AxeBuilder({ page }).include('[data-testid=admin-emails-separados]').analyze();
    expect(faults.violations.map(({ id }) => id)).toEqual([]);
    if (process.env['SHOTS'] !== undefined) {
      await page.screenshot({ path: `${process.env['SHOTS']}/aside.png` });
    }
    await page.getByTestId('aside-queue').press('Enter');
    await mock.waitFor('POST', /set-aside\/s1\/queue$/);
    await page.getByText('O e-mail está na fila').waitFor();
    await page.getByRole('link', { name: 'Abrir o contato' }).waitFor();
    expect(await page.getByTestId('aside-mail').count()).toBe(1);
    const focused = page.locator(':focus');
    expect(await focused.getAttribute('data-testid')).toBe('aside-mail');
    await focused.press('Enter');
    await page.getByTestId('aside-queue').press('Enter');
    await mock.waitFor('POST', /set-aside\/s2\/queue$/);
    await page.getByTestId('aside-mail').waitFor({ state: 'detached' });
    expect(await focused.textContent()).toBe('E-mails separados');
  });
});
