import { describe, expect, it } from 'vitest';
import { auditActs, auditTargets } from '../../../src/contracts/audit.ts';
import { en } from './en/index.ts';
import { pt } from './pt/index.ts';

describe.each([
  ['pt', pt.audit],
  ['en', en.audit],
])('the words of the audit log in %s', (_language, { acts, targets }) => {
  it('tell every act and target, each act in words of its own', () => {
    const told: Readonly<Record<string, string>> = acts;
    expect(auditActs.filter((act) => (told[act] ?? '') === '')).toEqual([]);
    expect(new Set(Object.values(acts)).size).toBe(auditActs.length);
    expect(Object.keys(targets).sort()).toEqual([...auditTargets].sort());
  });
});
