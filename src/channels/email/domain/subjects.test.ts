import { describe, expect, it } from 'vitest';
import { originOf, type OriginFacts } from './automatic.ts';
import { ownWords } from './plain-subject.ts';
import { isResponderSubject } from './subjects.ts';

const origin = (subject: string, more: Partial<OriginFacts> = {}) =>
  originOf({
    header: () => undefined,
    envelopeFrom: 'maria@cliente.test',
    from: 'maria@cliente.test',
    ours: new Set(['suporte@exemplo.test']),
    subject,
    ...more,
  });

describe('out-of-office in the languages of its programs', () => {
  it.each([
    ['Automatische Antwort: Re: Pedido'],
    ['AUTOMATISCHE ANTWORT: Pedido'],
    ['Abwesenheitsnotiz'],
    ['Abwesend: Abwesenheitsnotiz - Automatische Antwort'],
    ['Réponse automatique : Re: Pedido'],
    ['Réponse automatique\u00a0: Pedido'],
    ["Message d'absence: Pedido"],
    ['Risposta automatica: Pedido'],
    ['Fuori sede (Re: Pedido)'],
    ['Mensaje automático: Pedido'],
    ['Automatisch antwoord: Pedido'],
    ['Automatiskt svar: Pedido'],
    ['Autosvar: Pedido'],
    ['Automaattinen vastaus: Pedido'],
    ['Odpowiedź automatyczna: Pedido'],
    ['Automatická odpověď: Pedido'],
    ['Automatikus válasz: Pedido'],
    ['Răspuns automat: Pedido'],
    ['Автоответ: Pedido'],
    ['Автоматический ответ: Pedido'],
    ['Αυτόματη απάντηση: Pedido'],
    ['OTOMATİK YANIT: Pedido'],
    ['Otomatik yanıt: Pedido'],
    ['رد تلقائي: Pedido'],
    ['תשובה אוטומטית: Pedido'],
    ['自动答复: Pedido'],
    ['自动回复：Pedido'],
    ['【自动回复】Re: Pedido'],
    ['[自動回覆] Pedido'],
    ['自動応答: Pedido'],
    ['자동 회신: Pedido'],
    ['Trả lời tự động: Pedido'],
    ['Balasan otomatis: Pedido'],
    ['Out of Office AutoReply: Pedido'],
  ])('%j is queued without an acknowledgement', (subject) => {
    expect(origin(subject)).toBe('noReply');
    expect(origin(subject, { envelopeFrom: '' })).toBe('autoReply');
  });
  it.each([
    ['Automatische Antwort funktioniert nicht'],
    ['Re: Automatische Antwort: Pedido'],
    ['Abwesenheitsnotiz einrichten'],
    ['Fravær'.concat(' i dag')],
    ['Risposta automatica non arriva'],
    ['Réponse à ma demande'],
    ['自动回复功能坏了'],
    ['부재중 전화가 왔어요'],
  ])('%j is a person’s', (subject) => {
    expect(isResponderSubject(subject)).toBe(false);
    expect(origin(subject)).toBe('human');
  });
});

describe('absences in words that people use too', () => {
  it.each([
    ['De férias'],
    ['Estou de férias!'],
    ['Ausência temporária.'],
    ['Ausência temporária: Re: Pedido'],
    ['Férias: Re: Pedido'],
    ['FÉRIAS RES: Pedido'],
    ['Ausência - ENC: Pedido'],
    ['De férias - volto dia 10'],
    ['De férias (até 10/12)'],
    ['Ausência temporária, com retorno em 05/01'],
    ['*** De férias ***'],
  ])('%j is an absence', (subject) => expect(origin(subject)).toBe('noReply'));
  it.each([
    ['De férias - suspender meu plano'],
    ['De férias: suspender meu plano'],
    ['Estou de férias, preciso de segunda via'],
    ['Ausência temporária: suspender internet'],
    ['Férias: suspender internet'],
    ['Férias'],
    ['Ausência do técnico'],
    ['Ausência: ninguém veio'],
    ['Férias remarcadas: e agora'],
  ])('%j is a person’s', (subject) => expect(origin(subject)).toBe('human'));
});

describe('what gateways and programs put around a responder’s subject', () => {
  it.each([
    ['[EXTERNAL] Resposta automática: Pedido'],
    ['[Externo] Re: Pedido - Resposta automática'],
    ['[E-mail externo] [SPAM?] Automatic reply: Pedido'],
    ['{Spam?} Resposta automática'],
    ['*** SPAM *** Resposta automática: Pedido'],
    ['***EXTERNO*** De férias'],
    ['EXTERNAL: Out of Office'],
    ['[EXTERNAL] [自动回复] Re: Pedido'],
    ['*** Resposta automática ***'],
    ['(Resposta automática) Re: Pedido'],
    ['[EXT] Lida: Pedido'],
    ['Resposta automática | Re: Pedido'],
    ['RESPOSTA AUTOMATICA!'],
    ['Resposta automática.'],
    ['Automatic reply to: Pedido'],
    ['Resposta automática para: Pedido'],
  ])('%j is a machine’s', (subject) => expect(origin(subject)).toBe('noReply'));
  it.each([
    ['[EXTERNAL] Pedido'],
    ['[SPAM] Re: Resposta automática: Pedido'],
    ['[Extrato] Resposta automática: Pedido'],
    ['*** URGENTE *** sem internet'],
    ['*** URGENTE *** De férias - suspender'],
    ['[EXTERNAL]'],
    ['Automatic reply to my mail is wrong'],
    ['Resposta automática para quê'],
  ])('%j is a person’s', (subject) => expect(origin(subject)).toBe('human'));
});

describe('what stands before the subject that a mail answers', () => {
  it.each([
    ['resposta automatica: re: pedido', 'resposta automatica:'],
    ['re[2]: pedido', ''],
    ['aviso enc: re: pedido', 'aviso'],
    ['res：pedido', ''],
    // No mark: the end of a word, or of a number.
    ['software: falha na entrega', 'software: falha na entrega'],
    ['store: entregue', 'store: entregue'],
    ['2rv: pedido', '2rv: pedido'],
    ['pedido', 'pedido'],
  ])('of %j it is %j', (subject, own) => expect(ownWords(subject)).toBe(own));
});
