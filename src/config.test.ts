import { join } from 'node:path';
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
    // In the repository, not in the folder where one happens to be.
    expect(config.dataDir).toBe(join(import.meta.dirname, '../data'));
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

  it('knows no demonstration in production: its users and their password are written down', () => {
    const production = { NODE_ENV: 'production', SECRET_KEY: 's'.repeat(32) };
    expect(faultsOf({ ...production, SEED: 'demo' })).toEqual([expect.stringContaining('SEED')]);
    expect(readConfig(production).seed.mode).toBe('none');
    expect(readConfig({ ...production, SEED: 'none' }).seed.mode).toBe('none');
  });

  it('tells what pairs lack beside what is wrong alone', () => {
    const faults = faultsOf({
      NODE_ENV: 'production',
      HTTP_PORT: 'many',
      TLS_CERT: '/cert.pem',
      RTP_PORT_MIN: '9000',
      RTP_PORT_MAX: '8000',
      SMTP_PORT: '5060',
    });
    expect(faults.map((fault) => fault.split(':')[0]).sort()).toEqual([
      'HTTP_PORT',
      'RTP_PORT_MIN',
      'SECRET_KEY',
      'SMTP_PORT',
      'TLS_CERT e TLS_KEY',
    ]);
  });

  it.each([
    [{ HTTP_PORT: '3e3' }, 'HTTP_PORT: precisa ser uma porta, de 0 a 65535'],
    [{ HTTP_PORT: ' ' }, 'HTTP_PORT: precisa ser uma porta, de 0 a 65535'],
    [{ SIP_HOST: 'trunk.example' }, 'SIP_HOST: precisa ser um endereço IP'],
    [{ ADVERTISE_ADDRESS: 'banana' }, 'ADVERTISE_ADDRESS: precisa ser um endereço IP'],
    [{ HTTP_HOST: '999.1.1.1', TRUST_PROXY: 'true' }, 'HTTP_HOST: precisa ser um endereço IP ou o nome'],
    [{ HTTP_HOST: 'desk.example', TRUST_PROXY: '1' }, 'ADVERTISE_ADDRESS: obrigatório quando HTTP_HOST'],
    [{ TRUST_PROXY: 'nginx' }, 'TRUST_PROXY: precisa ser true, o número de proxies'],
    [{ ALLOWED_ORIGINS: 'intranet.exemplo' }, 'ALLOWED_ORIGINS: precisa ser uma lista de origens'],
    [{ ALLOWED_ORIGINS: 'https://a.example/path' }, 'ALLOWED_ORIGINS: precisa ser uma lista de origens'],
    [{ ALLOWED_ORIGINS: '*' }, 'ALLOWED_ORIGINS: precisa ser uma lista de origens'],
    [{ TRUST_PROXY: '10.0.0.0/99' }, 'TRUST_PROXY: precisa ser true, o número de proxies'],
    [{ SEED: 'maybe' }, 'SEED: precisa ser um destes: demo, none'],
    [{ SECRET_KEY: 'short' }, 'SECRET_KEY: precisa ter 32 caracteres ou mais'],
    [{ MONGODB_URL: 'localhost:27017' }, 'MONGODB_URL: precisa ser uma URL com mongodb'],
    [
      { FREESWITCH_URLS: 'esl://:x@10.0.0.1:8021,http://y' },
      'FREESWITCH_URLS: precisa ser uma lista de URLs com esl',
    ],
    [{ REDIS_URL: 'redis://u:50%@10.0.0.1:6379' }, 'REDIS_URL: tem um % que não é um escape'],
    [{ REDIS_URL: 'redis://50%:p@10.0.0.1:6379' }, 'REDIS_URL: tem um % que não é um escape'],
    [{ DRACHTIO_URL: 'drachtio://:a%zz@10.0.0.1:9022' }, 'DRACHTIO_URL: tem um % que não é um escape'],
    [{ TWILIO_API_BASE: 'twilio' }, 'TWILIO_API_BASE: precisa ser uma URL com http ou https'],
  ])('%j', (variables, fault) => {
    expect(faultsOf(variables)).toEqual([expect.stringContaining(fault)]);
  });

  it('takes what installations have: a replica set, a proxy, a wildcard, IPv6, several FreeSWITCHes', () => {
    const MONGODB_URL = 'mongodb://u:p@a:27017,b:27017,c:27017/ramal?replicaSet=rs0';
    const config = readConfig({
      MONGODB_URL,
      HTTP_HOST: '::',
      ADVERTISE_ADDRESS: '192.0.2.10',
      TRUST_PROXY: 'loopback, 10.0.0.0/8, fd00::/8',
      FREESWITCH_URLS: 'esl://:x@10.0.0.1:8021, esl://:x@10.0.0.2:8021',
      SIP_HOST: 'localhost',
      REDIS_URL: 'redis://u:50%25@10.0.0.1:6379/2?x=%',
      ALLOWED_ORIGINS: 'https://Intranet.example/, http://crm.example:8080',
    });
    expect(config.allowedOrigins).toEqual(['https://intranet.example', 'http://crm.example:8080']);
    expect(config.mongodbUrl).toBe(MONGODB_URL);
    expect(config.publicUrl).toBe('http://[::]:3000');
    expect(config.freeswitchUrls).toHaveLength(2);
    expect(config.sip).toMatchObject({ host: '127.0.0.1', advertiseAddress: '192.0.2.10' });
  });

  it('takes an empty variable as unset', () => {
    expect(readConfig({ REDIS_URL: '', HTTP_PORT: '' }).redisUrl).toBeUndefined();
  });
});
