import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { passwordFault } from './domain/password-policy.ts';
import { createPasswords } from './passwords.ts';
import { createSecrets, loadSecretKey } from './secrets.ts';
import { digestHa1 } from './softphone.ts';

describe('secrets', () => {
  it('opens what it sealed, only with the same key and context', () => {
    const secrets = createSecrets('k'.repeat(32));
    const sealed = secrets.seal('senha do tronco', 'trunk:1');
    expect(sealed).not.toContain('senha');
    expect(secrets.seal('senha do tronco', 'trunk:1')).not.toBe(sealed);
    expect(secrets.open(sealed, 'trunk:1')).toBe('senha do tronco');
    const unreadable = expect.objectContaining({ code: 'secrets.unreadable' }) as Error;
    expect(() => secrets.open(sealed, 'trunk:2')).toThrow(unreadable);
    expect(() => createSecrets('j'.repeat(32)).open(sealed, 'trunk:1')).toThrow(unreadable);
    expect(() => secrets.open('rubbish', 'trunk:1')).toThrow(unreadable);
  });

  it('keeps its key in a file that only the owner reads', () => {
    const dir = mkdtempSync(join(tmpdir(), 'ramal-key-'));
    const key = loadSecretKey(dir, undefined);
    expect(key.length).toBeGreaterThanOrEqual(32);
    expect(loadSecretKey(dir, undefined)).toBe(key);
    expect(loadSecretKey(dir, 'given')).toBe('given');
    expect(statSync(join(dir, 'secret-key')).mode & 0o777).toBe(0o600);
    rmSync(dir, { recursive: true });
  });

  it('computes HA1 as RFC 2617 §3.5 prints it', () => {
    expect(digestHa1('Mufasa', 'testrealm@host.com', 'Circle Of Life')).toBe(
      '939e7578ed9e3c518a452acee763bce9',
    );
  });
});

describe('passwords', () => {
  it('verifies, and costs an unknown user the same work', async () => {
    const passwords = createPasswords();
    const stored = await passwords.hash('quatro cavalos verdes');
    expect(stored).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
    expect(await passwords.verify(stored, 'quatro cavalos verdes')).toBe(true);
    expect(await passwords.verify(stored, 'cinco cavalos verdes')).toBe(false);
    expect(await passwords.verify(undefined, 'nobody has this password')).toBe(false);
  });

  it.each([
    ['curta', 'tooShort'],
    ['x'.repeat(129), 'tooLong'],
    ['ababababab', 'repetitive'],
    ['Mudar@12345', 'common'],
    ['ana.lima.123', 'containsUsername'],
    ['quatro cavalos verdes', undefined],
    ['çãéíõ üöä ñ', undefined],
  ])('judges %s: %s', (password, fault) => {
    expect(passwordFault(password, 'ana.lima')).toBe(fault);
  });
});
