import { describe, expect, it } from 'vitest';
import { withAlert, type Alert } from './alerts.ts';

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
});
