import { describe, expect, it } from 'vitest';
import type { TimelineEntry } from '../../../src/contracts/interaction.ts';
import { mailTimeline, mariaContext, mariaTimeline } from '../../../tests/e2e/desk-world.ts';
import { en } from '../i18n/en/index.ts';
import { pt } from '../i18n/pt/index.ts';
import { createFormats, maskDocument, phoneText, protocolText } from '../ui/format.ts';
import { clockSpan, shortSpan } from '../ui/time.ts';
import { cannedQuery, fillCanned, matchCanned } from './canned.ts';
import { describeEntry } from './describe.ts';
import { closingOf } from './finish.ts';
import { pauseLeftMs } from './pauses.ts';
import { isOverdue, menuChoice, originalOf, overdueCents, warningsOf } from './reading.ts';

const ana = (id: string): string | null => (id === 'u1' ? 'Ana' : null);

describe('words of the desk', () => {
  it('tells the journal', () => {
    const said = mariaTimeline().map((entry) => describeEntry(pt, entry, ana));
    expect(said).toContain('Escolheu no menu: suporte');
    expect(said).toContain('Ana atendeu');
    expect(said).toContain('Oferecido a Ana');
    expect(describeEntry(en, { ...mailTimeline()[0]!, kind: 'odd', data: { a: 1 } }, ana)).toBe(
      'odd · Customer · a: 1',
    );
  });

  it('says of a call of ours that we called, not that it was received and answered', () => {
    const line = (kind: string, actor: TimelineEntry['actor'], data: object, t = pt) =>
      describeEntry(t, { ...mailTimeline()[0]!, kind, actor, data: { ...data } }, ana);
    const agent = { kind: 'agent', id: 'u1', name: 'Ana' } as const;
    expect(line('opened', { kind: 'system' }, { channel: 'voice' })).toBe('Contato iniciado por nós');
    expect(line('opened', { kind: 'customer' }, { channel: 'voice' })).toBe('Contato recebido');
    expect(line('accepted', agent, { agentId: 'u1', own: true })).toBe('Ana ligou para o cliente');
    expect(line('accepted', agent, { agentId: 'u1', own: true }, en)).toBe('Ana called the customer');
    expect(line('accepted', agent, { agentId: 'u1' })).toBe('Ana atendeu');
  });

  it('says of an offer that rang at a lost desk that nobody saw it, not that somebody did not answer', () => {
    const line = (data: object) =>
      describeEntry(
        pt,
        { ...mailTimeline()[0]!, kind: 'offerRevoked', data: { agentId: 'u1', ...data } },
        ana,
      );
    expect(line({ reason: 'deskLost' })).toBe('Ana perdeu a conexão e não viu a oferta');
    expect(line({ reason: 'presence' })).toBe('Oferta recolhida');
  });

  it('says of joined lines that they are joined, and of sound only what was measured', () => {
    const line = (t: typeof pt, kind: string, data: object = {}) =>
      describeEntry(t, { ...mailTimeline()[0]!, kind, actor: { kind: 'system' }, data: { ...data } }, ana);
    expect(line(pt, 'connected')).toBe('Linhas do cliente e do operador ligadas');
    expect(line(pt, 'sound.both')).toBe('Áudio nos dois sentidos');
    expect(line(pt, 'agentSilent')).toMatch(/^Nenhum som chega do operador/);
    expect(line(pt, 'agentSilent', { oneWay: true })).toMatch(/^Áudio em um só sentido.*do operador$/);
    expect(line(pt, 'customerSilent')).toMatch(/^Nenhum som chega do cliente/);
    expect(line(pt, 'customerSilent', { oneWay: true })).toMatch(/^Áudio em um só sentido.*do cliente$/);
    expect(line(en, 'agentSilent', { oneWay: true })).toMatch(/^One-way audio.*from the operator$/);
    expect(line(en, 'customerSilent', { oneWay: true })).toMatch(/^One-way audio.*from the customer$/);
  });

  it('says why no acknowledgement went out', () => {
    const line = (reason: string, t = pt) =>
      describeEntry(t, { ...mailTimeline()[0]!, kind: 'acknowledgement.withheld', data: { reason } }, ana);
    expect(line('rate')).toMatch(/muitas em uma hora$/);
    // Lines of an earlier release have no reason: there was this one only.
    expect(line('')).toBe(line('rate'));
    expect(line('noReply')).toMatch(/parece de um programa.*protocolo/);
    expect(line('list')).toMatch(/lista.*protocolo/);
    expect(line('released')).toMatch(/separado.*protocolo/);
    expect(line('noReply', en)).toMatch(/program’s.*protocol/);
  });

  it('tells a mail that was passed on from one that was delivered', () => {
    const line = (kind: string, recipient?: string) =>
      describeEntry(pt, { ...mailTimeline()[0]!, kind, data: { recipient } }, ana);
    expect(line('mail.delivered', 'maria@cliente.test')).toBe('O e-mail foi entregue a maria@cliente.test');
    expect(line('mail.relayed', 'maria@cliente.test')).toMatch(
      /^O e-mail foi encaminhado a maria@cliente\.test; .*não avisa/,
    );
    expect(line('mail.relayed')).toMatch(/^O e-mail foi encaminhado; /);
  });

  it('offers the mail behind a line that no person typed, and none where there is none', () => {
    const line = (kind: string, data: Record<string, unknown>) =>
      originalOf({ ...mailTimeline()[0]!, kind, data });
    expect(line('mail.automatic', { mailId: 'e1', subject: 'Férias' })).toEqual({
      id: 'e1',
      subject: 'Férias',
    });
    expect(line('mail.bounced', { mailId: 'e2', subject: null })).toEqual({ id: 'e2', subject: undefined });
    expect(line('mail.copyRefused', { recipient: 'x@emp.test' })).toBeNull();
    expect(line('closed', { mailId: 'e3' })).toBeNull();
  });

  it('tells the automatic service in words of people, in both languages', () => {
    const base = mailTimeline()[0]!;
    const said = (kind: string, data: object, t = pt) =>
      describeEntry(
        t,
        { ...base, kind, actor: { kind: 'customer' }, data: { flow: 'principal', ...data } },
        ana,
      );
    expect(said('flow.say', { node: 'boasVindas' })).toBe('Ouviu: boas vindas');
    expect(said('flow.say', { node: 'protocolo', outcome: 'heard' })).toBe('Ouviu: protocolo');
    expect(said('flow.say', { node: 'protocolo', outcome: 'interrupted' })).toMatch(/^Interrompeu/);
    expect(said('flow.say', { node: 'protocolo', outcome: 'skipped' })).toMatch(/^Não ouviu/);
    expect(said('ended', { by: 'customer', cause: 'bye' })).toBe('Cliente encerrou a conversa');
    expect(said('ended', { by: 'line', cause: 'unreachable' })).toMatch(/caiu/);
    expect(said('closed', { cause: 'endedByOrder', reason: 'trote' })).toBe(
      'Cliente encerrou o contato: trote',
    );
    expect(said('ended', { cause: 'endedByOrder', reason: 'trote' })).toMatch(/: trote$/);
    expect(said('flowStarted', { flow: 'principal.yaml' })).toBe(
      'O atendimento automático atendeu (principal)',
    );
    expect(said('flow.menu', { key: '1', valid: true })).toBe('Escolheu no menu: 1');
    expect(said('flow.menu', { key: '7', valid: false })).toBe('Teclou 7 no menu, que não é uma opção');
    expect(said('flow.menu', { key: null, valid: false })).toBe('Não escolheu nada no menu');
    expect(said('flow.lookup', { what: 'erp', outcome: 'tooSlow' })).toBe(
      'Consulta automática do sistema de gestão: demorou demais',
    );
    expect(said('flow.collect', { length: 11, valid: true })).toBe('Digitou os números pedidos');
    expect(said('agentLost', { reason: 'offline' })).toMatch(/^Operador ficou fora;/);
    expect(said('agentLost', { reason: 'transport' })).toMatch(/^Operador perdeu a conexão;/);
    expect(said('closed', { cause: 'hungUpInFlow' })).toBe('Desligou no menu, antes da fila');
    expect(said('missed', { cause: 'serverRestart' })).toBe(
      'A chamada se perdeu: o servidor caiu ou reiniciou. Ligue de volta.',
    );
    const kinds = ['say', 'menu', 'collect', 'lookup', 'branch', 'queue', 'survey', 'callback', 'transfer'];
    for (const t of [pt, en])
      for (const kind of [...kinds, 'hangup', 'untouched', 'fault', 'somethingNew'])
        expect(said(`flow.${kind}`, { node: 'noX', next: 'noY', outcome: 'found' }, t)).not.toMatch(
          /flow\.|Cliente|Customer:|node|noX|noY|yaml/,
        );
  });

  it('has the same shape in both languages', () => {
    const shape = (value: unknown): unknown =>
      typeof value === 'object' && value !== null && !Array.isArray(value)
        ? Object.fromEntries(Object.entries(value).map(([key, one]) => [key, shape(one)]))
        : typeof value;
    expect(shape(en)).toEqual(shape(pt));
  });

  it('closes with a stable pair and the next step in the note', () => {
    const choice = {
      subject: 'suporte',
      reason: 'lentidao',
      followUp: 'visit',
      closingNote: ' quinta cedo ',
    };
    expect(closingOf(pt, choice)).toEqual({
      disposition: 'suporte.lentidao',
      note: 'Próximo passo: Visita técnica\nquinta cedo',
    });
    expect(closingOf(pt, { ...choice, reason: 'cancelado' })).toBeNull();
    expect(closingOf(pt, { ...choice, followUp: 'none', closingNote: '' })?.note).toBeNull();
    expect(pt.finish.disposition('suporte.lentidao')).toBe('Suporte › Lentidão');
    expect(pt.finish.disposition('Outro motivo')).toBe('Outro motivo');
  });

  it('finds canned texts after a slash', () => {
    expect(cannedQuery('bom dia /se')).toBe('se');
    expect(cannedQuery('http://x')).toBeNull();
    expect(matchCanned(pt.canned, 'saudacao').map((one) => one.key)).toEqual(['ola']);
    expect(
      fillCanned('{nome}: {protocolo} {x}', { name: 'Maria Souza', protocol: '1', operator: 'Ana' }),
    ).toBe('Maria: 1 {x}');
  });

  it('warns of what must be known before hello', () => {
    const context = mariaContext();
    expect(warningsOf(context, Date.now())).toEqual(['overdue']);
    expect(overdueCents(context.sections.invoices.data ?? [], Date.now())).toBe(11_990);
    expect(isOverdue({ status: 'open', dueOn: '2026-11-10' }, Date.parse('2026-11-10T12:00:00'))).toBe(false);
    expect(menuChoice(mariaTimeline(), 'v1')).toBe('suporte');
  });

  it('counts the budget of pauses (NR-17)', () => {
    expect(pauseLeftMs('break', 0, 60_000)).toBe(540_000);
    expect(pauseLeftMs('toilet', 0, 60_000)).toBeNull();
  });

  it('writes numbers as people read them', () => {
    expect(phoneText('+5511987654321')).toBe('(11) 98765-4321');
    expect(phoneText('ana@x')).toBe('ana@x');
    expect(protocolText('2026110000000123')).toBe('202611 00000 00123');
    expect(maskDocument('529.982.247-25')).toBe('***.982.247-**');
    expect(maskDocument('12ABC34501DE35')).toBe('**.ABC.345/****-**');
    expect(clockSpan(221_000)).toBe('03:41');
    expect(clockSpan(3_661_000)).toBe('1:01:01');
    expect(shortSpan(7_200_000)).toBe('2 h');
    expect(createFormats('pt-BR', () => 0).date('2026-11-10')).toBe('10/11/2026');
  });
});
