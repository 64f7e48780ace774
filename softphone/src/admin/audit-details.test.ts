import { describe, expect, it } from 'vitest';
import { en } from '../i18n/en/index.ts';
import { pt } from '../i18n/pt/index.ts';
import { auditDetails, targetOf } from './audit-details.ts';

const names = {
  queues: [{ key: 'suporte', name: 'Suporte técnico' }],
  people: { u1: { name: 'Ana Ribeiro' } },
};

describe('details of a line of the audit log', () => {
  it.each([
    [{ queue: 'suporte' }, 'Fila: Suporte técnico', 'Queue: Suporte técnico'],
    [{ role: 'operator', queues: ['suporte', 'x-y'] }, 'Perfil: Operador · Filas: Suporte técnico, X y', ''],
    [{ agentId: 'u1' }, 'Pessoa: Ana Ribeiro', 'Person: Ana Ribeiro'],
    [{ to: { type: 'agent', id: 'u1' }, mode: 'blind' }, 'Para: Ana Ribeiro · Modo: direta', ''],
    [{ to: { type: 'queue', id: 'suporte' } }, 'Para: Suporte técnico', ''],
    [{ to: '+5511987654321' }, 'Para: +5511987654321', ''],
    [{ fields: ['name', 'queues'], queues: [] }, 'Campos: Nome, Filas', ''],
    [{ passwordReset: true, agentId: 'gone' }, 'Senha nova: sim · Pessoa: gone', ''],
    [{ code: 'apiKey.unknown' }, `Motivo da recusa: ${pt.errors.byCode['apiKey.unknown']}`, ''],
    [{ code: 'of.yore' }, 'Motivo da recusa: of.yore', 'Refused because: of.yore'],
    [{ state: 'paused', channel: 'email' }, 'Estado: Em pausa · Canal: E-mail', ''],
    [
      { disposition: 'financeiro.segundaVia' },
      `Desfecho: ${pt.finish.disposition('financeiro.segundaVia')}`,
      '',
    ],
    [{ scopes: ['audit:read'] }, 'Escopos: Auditoria: ler', ''],
    [{ odd: { a: 1 } }, 'odd: {"a":1}', 'odd: {"a":1}'],
  ])('%j', (data, portuguese, english) => {
    expect(auditDetails(pt, names, data)).toBe(portuguese);
    if (english !== '') expect(auditDetails(en, names, data)).toBe(english);
  });
});

describe('what the audit log is searched for', () => {
  it.each([
    ['suporte tecnico', 'suporte'],
    [' ANA RIBEIRO', 'u1'],
    ['Suporte', 'Suporte'],
    [' 2026110000000123 ', '2026110000000123'],
    ['', ''],
  ])('%j: %j', (typed, id) => {
    expect(targetOf(names, typed)).toBe(id);
  });
});
