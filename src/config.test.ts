import { describe, expect, it } from 'vitest';
import { ConfigError, readConfig } from './config.ts';

function faultsOf(variables: Record<string, string>): readonly string[] {
  try {
    readConfig(variables);
  } catch (error) {
    if (error instanceof ConfigError) return error.faults;
    throw error;
  }
  return [];
}

describe('readConfig', () => {
  it('needs nothing in development', () => {
    const config = readConfig({});
    expect(config.http).toMatchObject({ host: '127.0.0.1', port: 3000 });
    expect(config.publicUrl).toBe('http://127.0.0.1:3000');
    expect(config.seed.mode).toBe('auto');
    expect(Object.isFrozen(config)).toBe(true);
  });

  it('names every bad variable at once', () => {
    const faults = faultsOf({ HTTP_PORT: 'many', SMTP_URL: 'http://mail', SIP_PORT: '70000' });
    expect(faults.map((fault) => fault.split(':')[0])).toEqual(
      expect.arrayContaining(['HTTP_PORT', 'SMTP_URL', 'SIP_PORT']),
    );
  });

  it('stops production without its secret and a public host without TLS, both named', () => {
    const faults = faultsOf({ NODE_ENV: 'production', HTTP_HOST: '10.0.0.5' }).join('\n');
    expect(faults).toContain('SECRET_KEY');
    expect(faults).toContain('HTTP_HOST');
  });

  it('takes an empty variable as unset', () => {
    expect(readConfig({ REDIS_URL: '', HTTP_PORT: '' }).redisUrl).toBeUndefined();
  });
});
