import { describe, expect, it } from 'vitest';
import { en } from '../i18n/en/index.ts';
import { pt } from '../i18n/pt/index.ts';
import { cellText, nameOfRow } from './cells.ts';

const names = {
  queues: [{ key: 'suporte', name: 'Suporte técnico' }],
  calendars: [{ key: 'comercial', name: 'Horário comercial' }],
};
const office = [{ from: '08:00', to: '18:00' }];
const week = {
  ...{ monday: office, tuesday: office, wednesday: office, thursday: [], friday: office },
  ...{ saturday: [{ from: '08:00', to: '12:00' }], sunday: [] },
};

describe('cells of a table of settings', () => {
  it.each([
    ['calendar', 'calendar', 'comercial', 'Horário comercial'],
    ['calendar', 'calendar', 'gone', 'gone'],
    ['calendar', 'calendar', null, pt.admin.always],
    ['queues', 'queues', ['suporte'], 'Suporte técnico'],
    ['queues', 'queues', [], '—'],
    ['queue', 'queue', 'suporte', 'Suporte técnico'],
    ['ringMs', 'seconds', 20_000, '20 s'],
    ['number', 'text', '+551140004000', '(11) 4000-4000'],
    ['description', 'text', undefined, '—'],
    ['weekly', 'week', week, 'Seg–Qua 08:00-18:00 · Sex 08:00-18:00 · Sáb 08:00-12:00'],
    ['weekly', 'week', {}, 'Fechado'],
  ] as const)('%s (%s) %j: %s', (name, kind, value, text) => {
    expect(cellText(pt, names, name, kind, value)).toBe(text);
  });

  it('tells days in the language of the page', () => {
    expect(cellText(en, names, 'weekly', 'week', { monday: office })).toBe('Mon 08:00-18:00');
  });

  it('gives the title of a form the name of what is edited', () => {
    const title = (row: Record<string, unknown>) => pt.admin.editTitle(pt.admin.one.filas, nameOfRow(row));
    expect(title({ key: 'suporte', name: 'Suporte' })).toBe('Editar fila: Suporte');
    expect(nameOfRow({ id: 'x', number: '+551140004000' })).toBe('(11) 4000-4000');
    expect(nameOfRow({ id: 'x', address: 'suporte@exemplo.test', name: '' })).toBe('suporte@exemplo.test');
  });
});
