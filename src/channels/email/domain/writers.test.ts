import { describe, expect, it } from 'vitest';
import { isNoReply, opensContact, originOf, type OriginFacts } from './automatic.ts';
import { limitedDomain, senderKey } from './limits.ts';
import { isReplyToUnclear, othersOf, writerOf, type PeopleFacts } from './people.ts';

const OURS = new Set(['suporte@exemplo.test']);
const person = (address: string, name?: string) => ({ address, name });
const facts = (given: Partial<PeopleFacts>, headers: Record<string, string> = {}): PeopleFacts => ({
  from: person('maria@cliente.test', 'Maria'),
  replyTo: [],
  to: [person('suporte@exemplo.test')],
  cc: [],
  header: (name) => headers[name],
  ours: OURS,
  envelopeFrom: 'x@relay.test',
  ...given,
});

describe('whom we answer', () => {
  it('Reply-To, with its own name, and the From address as the way it came', () =>
    expect(
      writerOf(
        facts({ from: person('site@loja.test', 'Site'), replyTo: [person('um@mail.test', 'Cliente Um')] }),
      ),
    ).toEqual({ address: 'um@mail.test', name: 'Cliente Um', via: 'site@loja.test' }));
  it('a form that writes as our own mailbox names the customer in Reply-To', () =>
    expect(
      writerOf(facts({ from: person('suporte@exemplo.test', 'Site'), replyTo: [person('um@mail.test')] })),
    ).toEqual({ address: 'um@mail.test', name: undefined, via: 'suporte@exemplo.test' }));
  it.each([
    ['ourselves', person('Suporte+x@exemplo.test')],
    ['nobody', person('no-reply@loja.test')],
    ['the same person with a tag', person('maria+site@cliente.test', 'Maria')],
  ])('Reply-To that names %s changes nothing of who writes', (_what, replyTo) => {
    const writer = writerOf(facts({ replyTo: [replyTo] }));
    expect(writer.via).toBeUndefined();
    expect(senderKey(writer.address)).toBe('maria@cliente.test');
  });
  it.each([
    ['nobody at all', {}, [], false],
    ['nothing', { 'reply-to': '' }, [], true],
    ['nobody readable', { 'reply-to': 'fulano de tal' }, [], true],
    ['a no-reply address', { 'reply-to': 'x' }, [person('noreply@loja.test')], true],
    ['a person beside it', { 'reply-to': 'x' }, [person('noreply@loja.test'), person('um@mail.test')], false],
  ] as const)('Reply-To that names %s', (_what, headers, replyTo, isUnclear) => {
    expect(isReplyToUnclear(facts({ replyTo }, headers))).toBe(isUnclear);
  });
  it('the dot of the DNS root names nobody else (RFC 5321 §2.3.5)', () => {
    expect(writerOf(facts({ from: undefined, envelopeFrom: 'A@r.test.' })).address).toBe('a@r.test');
    const headers = { 'list-post': '<mailto:e@l.test.>', 'x-original-from': 'Maria <m@r.test.>' };
    expect(writerOf(facts({ from: person('e@l.test') }, headers)).address).toBe('m@r.test');
  });
  it('a list that put itself into Reply-To is not answered', () =>
    expect(
      writerOf(
        facts({ replyTo: [person('equipe@lista.test')] }, { 'list-post': '<mailto:equipe@lista.test>' }),
      ).address,
    ).toBe('maria@cliente.test'));
  it('a list that put itself into From tells who wrote', () => {
    const headers = {
      'list-post': '<mailto:equipe@lista.test>',
      'x-original-from': 'Maria <maria@cliente.test>',
    };
    expect(writerOf(facts({ from: person('equipe@lista.test', 'Maria via Equipe') }, headers))).toEqual({
      address: 'maria@cliente.test',
      name: 'Maria',
      via: 'equipe@lista.test',
    });
    expect(
      writerOf(
        facts({ from: person('g@lista.test', "'Maria Silva' via Suporte"), replyTo: [person('m@c.test')] }),
      ).name,
    ).toBe('Maria Silva');
  });
});

describe('who else is in the conversation', () => {
  it('everybody of To, Cc and Reply-To, each once, without us, the writer and the list', () => {
    const given = facts(
      {
        to: [person('suporte+p1@exemplo.test'), person('ana@x.test'), person('lista@x.test')],
        cc: [person('chefe@emp.test'), person('ana@x.test'), person('maria@cliente.test')],
        replyTo: [person('maria@cliente.test'), person('backup@emp.test')],
      },
      { 'list-post': '<mailto:lista@x.test>' },
    );
    expect(othersOf(given, writerOf(given))).toEqual({
      to: ['ana@x.test'],
      cc: ['chefe@emp.test', 'backup@emp.test'],
      isCrowd: false,
    });
  });
  it('further authors are answered like copies, unless Reply-To takes their place', () => {
    const authors = [person('joao@cliente.test'), person('suporte@exemplo.test')];
    const both = facts({ authors, cc: [person('chefe@emp.test')] });
    expect(writerOf(both)).toMatchObject({ address: 'maria@cliente.test', via: undefined });
    expect(othersOf(both, writerOf(both)).cc).toEqual(['joao@cliente.test', 'chefe@emp.test']);
    const form = facts({ authors: [person('joao@cliente.test')], replyTo: [person('um@mail.test')] });
    expect(writerOf(form)).toMatchObject({
      address: 'um@mail.test',
      via: 'maria@cliente.test, joao@cliente.test',
    });
    expect(othersOf(form, writerOf(form)).cc).toEqual([]);
  });
  it('a crowd is cut and told, and 50 are none', () => {
    const people = (count: number) => Array.from({ length: count }, (_, i) => person(`p${i}@x.test`));
    const maria = { ...person('maria@cliente.test'), via: undefined };
    const crowd = othersOf(facts({ to: people(30), cc: people(500) }), maria);
    expect([...crowd.to, ...crowd.cc]).toHaveLength(50);
    expect(crowd.isCrowd).toBe(true);
    // Each counts once, however often it is written.
    const many = othersOf(facts({ to: people(50), cc: people(50) }), maria);
    expect(many).toMatchObject({ cc: [], isCrowd: false });
    expect(many.to).toHaveLength(50);
  });
});

describe('what kind of mail it is', () => {
  const origin = (headers: Record<string, string>, more: Partial<OriginFacts> = {}) =>
    originOf({
      header: (name) => headers[name],
      envelopeFrom: 'maria@cliente.test',
      from: 'maria@cliente.test',
      ours: OURS,
      ...more,
    });
  it.each([
    [{ 'list-id': '<suporte.empresa.test>', precedence: 'list', 'x-original-sender': 'maria@cliente.test' }],
    [{ 'mailing-list': 'list suporte@empresa.test' }],
    [{ 'x-beenthere': 'suporte@empresa.test', precedence: 'bulk' }],
    [{ 'list-unsubscribe': '<mailto:sair@empresa.test>' }],
  ])('a list’s mail %j is a contact', (headers) => {
    expect(origin(headers)).toBe('list');
    expect(opensContact('list')).toBe(true);
  });
  it.each([['All'], ['DR, OOF, AutoReply'], ['oof']])(
    'X-Auto-Response-Suppress: %s wants no answer',
    (value) => expect(origin({ 'x-auto-response-suppress': value })).toBe('noReply'),
  );
  it('one that suppresses receipts alone is a person’s', () =>
    expect(origin({ 'x-auto-response-suppress': 'DR, RN, NRN' })).toBe('human'));
  it.each([
    ['Resposta automática: Re: Pedido'],
    ['Resposta Automatica'],
    ['Automatic reply: Pedido'],
    ['AUTO-REPLY: x'],
    ['Out of Office: Maria'],
    ['Out of the office - volto dia 3'],
    ['Fora do escritório: Pedido'],
    ['Respuesta automática: Pedido'],
    ['Aviso de férias (até dia 10)'],
    ['Fuera de la oficina: x'],
  ])('subject %j is a responder’s where another sign says so too; alone it may be typed', (subject) => {
    expect(origin({ 'x-auto-response-suppress': 'All' }, { subject })).toBe('autoReply');
    expect(origin({}, { subject, writer: 'no-reply@x.test' })).toBe('autoReply');
    expect(origin({}, { subject })).toBe('noReply');
  });
  it.each([
    [
      'who is on holiday and wants something',
      {},
      { subject: 'Estou de férias (volto dia 10), preciso de segunda via' },
    ],
    ['who writes by postmaster', {}, { from: 'postmaster@x.test', writer: 'postmaster@x.test' }],
    ['with a header of machines alone', { 'x-failed-recipients': 'a@b.test' }, {}],
    ['whose mail went through a responder’s mailbox', { 'delivered-to': 'autoresponder@x.test' }, {}],
    ['whose Reply-To names nobody', {}, { writerInDoubt: true }],
  ] as const)('a person %s waits in the queue, without an acknowledgement', (_who, headers, more) => {
    expect(origin(headers, more)).toBe('noReply');
    expect(origin(headers, { ...more, envelopeFrom: '' })).toBe('autoReply');
  });
  it.each([
    ['Em férias até 10/12'],
    ['Estou de férias Re: Pedido'],
    ['Fora do escritório Re: Pedido'],
    ['Auto-resposta: Pedido'],
    ['AUTO: Maria está ausente'],
    ['Confirmação de recebimento'],
    ['Confirmação de leitura: Pedido'],
    ['Recebemos sua solicitação nº 7'],
    ['Lida: Pedido'],
    ['Não entregue: Pedido'],
    ['Não é possível entregar: Pedido'],
    ['RES: Pedido - Resposta automática'],
  ])('subject %j may be a machine’s: no acknowledgement, and never set aside for it', (subject) =>
    expect(origin({}, { subject })).toBe('noReply'),
  );
  it.each([
    [{ 'x-otrs-loop': 'a@b.test' }],
    [{ 'x-loop': 'a@b.test' }],
    [{ 'x-ms-exchange-generated-message-source': 'Mailbox Rules Agent' }],
    [{ 'return-path': ' <>' }],
  ])('%j alone waits in the queue, without an acknowledgement', (headers) =>
    expect(origin(headers)).toBe('noReply'),
  );
  it('a program that writes as itself is not acknowledged; a person whom it names is', () => {
    for (const local of ['notificacoes', 'mailer', 'automatico', 'nfe', 'NF-e', 'boleto'])
      expect(origin({}, { from: `${local}@x.test` })).toBe('noReply');
    expect(origin({}, { from: 'boleto@x.test', writer: 'ana@x.test' })).toBe('human');
    expect(origin({}, { from: 'ana@x.test', writer: 'boletos@x.test' })).toBe('human');
    expect(origin({}, { from: 'boletos.ana@x.test' })).toBe('human');
  });
  it.each(['mailer-daemon@x.test', 'MDaemon@x.test'])('%s is a machine', (from) =>
    expect(origin({}, { from })).toBe('autoReply'),
  );
  it.each([
    ['Re: Resposta automática: Re: Pedido'],
    ['Resposta automática do portal não chega'],
    ['Fora do escritório a internet não funciona'],
    ['De férias sem internet'],
    ['Em férias de verão, sem internet'],
    ['Auto peças Silva sem internet'],
    ['Lida com isso, por favor'],
    ['Recebemos a sua visita, e nada'],
    ['Não entregue o modem ao vizinho'],
    ['Automatic replying'],
  ])('subject %j is a person’s', (subject) => expect(origin({}, { subject })).toBe('human'));
  it.each([
    [{ 'x-autoreply': 'no' }, 'human'],
    [{ 'x-fc-machinegenerated': 'true' }, 'autoReply'],
    [{ 'x-post-messageclass': '9; Autoresponder' }, 'autoReply'],
    [{ precedence: 'auto_reply' }, 'autoReply'],
    [{ 'x-precedence': 'auto_reply' }, 'autoReply'],
    [{ preference: 'auto-reply' }, 'autoReply'],
    [{ 'auto-submitted': '' }, 'human'],
    [{ 'auto-submitted': 'no (typed; (by) a \\) person)' }, 'human'],
    [{ 'auto-submitted': '(x) no; owner-email="a@b.test"' }, 'human'],
    [{ 'auto-submitted': '(no) auto-replied' }, 'autoReply'],
    [{ 'auto-submitted': 'auto-generated (no)' }, 'autoReply'],
  ])('%j → %s', (headers, expected) => expect(origin(headers)).toBe(expected));
  describe('a program that writes for a person, named in Reply-To', () => {
    const form = { from: 'site@loja.test', writer: 'um@mail.test', replyTo: ['Um+x@mail.test'] };
    it.each([
      [{ 'auto-submitted': 'auto-generated' }],
      [{ 'auto-submitted': 'Auto-Generated; owner-email="a@b.test"' }],
      [{ precedence: 'bulk' }],
      [{ precedence: 'junk', 'auto-submitted': 'auto-generated', 'x-auto-response-suppress': 'All' }],
    ])('%j waits in the queue, without an acknowledgement', (headers) => {
      expect(origin(headers, form)).toBe('noReply');
    });
    it.each([
      ['a newsletter', { precedence: 'bulk', 'list-unsubscribe': '<mailto:x@loja.test>' }, {}, 'bulk'],
      ['a list of alerts', { 'auto-submitted': 'auto-generated', 'list-id': '<a.test>' }, {}, 'autoReply'],
      ['a responder', { 'auto-submitted': 'auto-replied' }, {}, 'autoReply'],
      ['one that answers', { 'auto-submitted': 'auto-generated', 'in-reply-to': '<a@b>' }, {}, 'autoReply'],
      ['one that answers in bulk', { precedence: 'bulk', references: '<a@b>' }, {}, 'bulk'],
      [
        'an absence without any header of answers',
        { 'auto-submitted': 'auto-generated' },
        { subject: 'Ausência temporária: Re: Pedido' },
        'autoReply',
      ],
      ['an absence in bulk', { precedence: 'bulk' }, { subject: 'Out of Office: Maria' }, 'bulk'],
      ['an empty return path', { precedence: 'bulk' }, { envelopeFrom: '' }, 'autoReply'],
      [
        'a program that names itself',
        { precedence: 'bulk' },
        { writer: 'site@loja.test', replyTo: ['site+7@loja.test'] },
        'bulk',
      ],
      [
        'one that nobody reads',
        { 'auto-submitted': 'auto-generated' },
        { writer: 'noreply@x.test', replyTo: ['noreply@x.test'] },
        'autoReply',
      ],
      [
        'somebody whom only a list names',
        { 'auto-submitted': 'auto-generated', 'x-original-sender': 'um@mail.test' },
        { replyTo: [] },
        'autoReply',
      ],
      ['a writer whom Reply-To does not name', { precedence: 'bulk' }, { replyTo: ['lista@x.test'] }, 'bulk'],
    ] as const)('%s is none', (_what, headers, more, expected) => {
      expect(origin(headers, { ...form, ...more })).toBe(expected);
    });
  });
  it('an out-of-office with an empty return path is no bounce', () =>
    expect(origin({ 'auto-submitted': 'auto-replied' }, { envelopeFrom: '' })).toBe('autoReply'));
  it('a form of ours with the customer in Reply-To is a person; from us to us is not', () => {
    const from = 'suporte@exemplo.test';
    expect(origin({}, { from, writer: 'um@mail.test' })).toBe('human');
    expect(origin({}, { from, writer: from })).toBe('self');
  });
  it.each([
    'no-reply@loja.test',
    'noreply@loja.test',
    'No_Reply@loja.test',
    'no.reply@loja.test',
    'donotreply@bank.test',
    'do-not-reply@bank.test',
    'nao-responda@loja.test',
    'naoresponda@loja.test',
    'não-responda@loja.test',
    'nao.responder@loja.test',
    'no-responder@tienda.test',
    'noresponder@tienda.test',
    'no-contestar@tienda.test',
    'pedidos-noreply@loja.test',
    'noreply+123@loja.test',
    'noreply2@loja.test',
    'bounces@loja.test',
  ])('%s reads nothing', (address) => {
    expect(isNoReply(address)).toBe(true);
    expect(origin({}, { writer: address })).toBe('noReply');
  });
  it.each([
    'norberto@x.test',
    'reply@x.test',
    'noreplyana@x.test',
    'responda@x.test',
    'nono@x.test',
    'bouncer@x.test',
  ])('%s is a person', (address) => expect(isNoReply(address)).toBe(false));
});

describe('limits', () => {
  it.each([
    ['Ana+1@Cliente.test', 'ana@cliente.test'],
    ['a.n.a+x@gmail.com', 'ana@gmail.com'],
    ['a.na@googlemail.com', 'ana@gmail.com'],
    ['a.na@cliente.test', 'a.na@cliente.test'],
  ])('%s counts as %s', (address, key) => expect(senderKey(address)).toBe(key));
  it('addresses of a public provider have nothing to do with each other', () => {
    expect(limitedDomain('ana@gmail.com')).toBeNull();
    expect(limitedDomain('ana@uol.com.br')).toBeNull();
    expect(limitedDomain('ana@cliente.test')).toBe('cliente.test');
  });
});
