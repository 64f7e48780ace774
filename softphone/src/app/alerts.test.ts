import { describe, expect, it } from 'vitest';
import { memoryStorage } from '../../../tests/support/memory-storage.ts';
import { en } from '../i18n/en/index.ts';
import { pt } from '../i18n/pt/index.ts';
import { alertText, readAlerts, withAlert, writeAlerts, type Alert } from './alerts.ts';

const alert = (code: string, level: Alert['level'] = 'warning', message = code): Alert => ({
  code,
  message,
  level,
});
const codes = (alerts: readonly Alert[]): string[] => alerts.map(({ code }) => code);
const all = (...told: Alert[]): readonly Alert[] => told.reduce<readonly Alert[]>(withAlert, []);

describe('alerts of the server', () => {
  it('stand newest first, each once', () => {
    expect(codes(all(alert('a'), alert('b'), alert('a')))).toEqual(['a', 'b']);
    expect(all(alert('a', 'info', 'old'), alert('a', 'critical', 'new'))).toEqual([
      alert('a', 'critical', 'new'),
    ]);
  });

  it('are at most three lines above the page, and a critical one gives way to nothing lesser', () => {
    expect(codes(all(alert('a'), alert('b'), alert('c'), alert('d')))).toEqual(['d', 'c', 'b']);
    expect(codes(all(alert('a', 'critical'), alert('b'), alert('c'), alert('d')))).toEqual(['d', 'c', 'a']);
  });

  it('stay over F5 until they are closed, when they are critical', () => {
    const memory = memoryStorage();
    writeAlerts(memory, 'u1', all(alert('a', 'critical'), alert('b', 'critical'), alert('c')));
    expect(codes(readAlerts(memory, 'u1'))).toEqual(['b', 'a']);
    expect(readAlerts(memory, 'u2')).toEqual([]);
  });

  it('name the queue that is missing and where the contact went, and stand apart by queue', () => {
    const missing = (queue: string, instead?: string): Alert => ({
      ...alert('queue.missing', 'critical'),
      queue,
      ...(instead === undefined ? {} : { instead }),
    });
    const two = all(missing('Vendas', 'Suporte'), missing('Retenção'));
    expect(two.map((one) => alertText(pt, one))).toEqual([
      expect.stringMatching(/“Retenção”.* não há outra fila/),
      expect.stringMatching(/“Vendas”.* foi para “Suporte”/),
    ]);
    expect(two.map((one) => alertText(en, one))[1]).toMatch(/“Vendas”.* went to “Suporte”/);
    expect(alertText(pt, alert('nobody.knows', 'info', 'said by the server'))).toBe('said by the server');
  });
});
