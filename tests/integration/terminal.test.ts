import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createSecrets } from '../../src/access/index.ts';
import { createCompanyRoom } from '../../src/company/index.ts';
import { openStore } from '../../src/platform/store/index.ts';
import { systemClock } from '../../src/shared/clock.ts';
import { systemRandom } from '../../src/shared/random.ts';
import { runEntry } from '../support/command.ts';
import { freePort } from '../support/ports.ts';

let dir: string;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'ramal-terminal-'));
});
afterAll(() => rm(dir, { recursive: true, force: true }));

/** What an installer reads: one sentence with its code, a reason, and no stack trace. */
function expectSentence(out: string, code: string): void {
  expect(out).toContain(`(${code})\n`);
  expect(out).not.toMatch(/^\s+at .+:\d+/m);
}

describe('the server tells at the terminal why it cannot start', () => {
  const env = async (): Promise<Record<string, string>> => ({
    HTTP_PORT: String(await freePort()),
    SIP_PORT: String(await freePort()),
    SMTP_PORT: String(await freePort()),
    SAMPLE_ERP_PORT: String(await freePort()),
    RTP_PORT_MIN: '39000',
    RTP_PORT_MAX: '39099',
    DATA_DIR: join(dir, 'server'),
    SEED: 'none',
    LOG_LEVEL: 'silent',
  });

  it('every bad variable, and what only shows in their pairs, in one go', async () => {
    const { code, out } = await runEntry('main.ts', {
      env: {
        HTTP_PORT: 'many',
        NODE_ENV: 'production',
        TLS_CERT: '/x',
        SIP_HOST: 'trunk',
        TRUST_PROXY: 'nginx',
      },
    });
    expect(code).toBe(1);
    expectSentence(out, 'config.invalid');
    for (const name of ['HTTP_PORT', 'SIP_HOST', 'TRUST_PROXY', 'TLS_CERT e TLS_KEY', 'SECRET_KEY'])
      expect(out).toContain(`· ${name}: `);
  });

  it.each([
    ['HTTP_PORT', 'http.portInUse', 'tcp'],
    ['SIP_PORT', 'sip.portInUse', 'tcp'],
    ['SIP_PORT', 'sip.portInUse', 'udp'],
    ['SMTP_PORT', 'smtp.portInUse', 'tcp'],
  ] as const)(
    'another program on %s: %s (%s)',
    async (name, code, protocol) => {
      const variables = await env();
      const hog = protocol === 'tcp' ? createServer() : createSocket('udp4');
      if ('listen' in hog) hog.listen(Number(variables[name]), '127.0.0.1');
      else hog.bind(Number(variables[name]), '127.0.0.1');
      await once(hog, 'listening');
      const ran = await runEntry('main.ts', { env: variables });
      hog.close();
      expect(ran.code).toBe(1);
      expectSentence(ran.out, code);
      expect(ran.out).toContain(variables[name]);
    },
    60_000,
  );

  it.each([
    ['data.unwritable', { DATA_DIR: '/dev/null/data' }],
    // Node's own recursive mkdir never comes back from here.
    ['data.unwritable', { DATA_DIR: '/proc/ramal' }],
    // TEST-NET-1 (RFC 5737): nobody's address.
    ['sip.address', { SIP_HOST: '192.0.2.77' }],
    ['voice.engineNotBuilt', { DRACHTIO_URL: 'drachtio://:secret@127.0.0.1:9022' }],
    ['tls.unreadable', { TLS_CERT: '/no/cert', TLS_KEY: '/no/key' }],
    [
      'http.address',
      { HTTP_HOST: 'no-such-host.invalid', ADVERTISE_ADDRESS: '127.0.0.1', TRUST_PROXY: 'true' },
    ],
    ['redis.unreachable', { REDIS_URL: 'redis://127.0.0.1:1' }],
  ] as const)(
    '%s',
    async (code, bad) => {
      const ran = await runEntry('main.ts', { env: { ...(await env()), ...bad } });
      expect(ran.code).toBe(1);
      expectSentence(ran.out, code);
    },
    60_000,
  );

  it('a certificate that is none, and a restore that was cut short', async () => {
    const junk = join(dir, 'junk.pem');
    await writeFile(junk, 'not a certificate');
    const tls = await runEntry('main.ts', { env: { ...(await env()), TLS_CERT: junk, TLS_KEY: junk } });
    expectSentence(tls.out, 'tls.invalid');
    const half = join(dir, 'half');
    await mkdir(join(half, '.restoring'), { recursive: true });
    const cut = await runEntry('main.ts', { env: { ...(await env()), DATA_DIR: half } });
    expectSentence(cut.out, 'data.restoring');
    expect(await readdir(half)).not.toContain('store');
  }, 60_000);

  it('production: a link for the first administrator, a private data folder, and a quiet end', async () => {
    const DATA_DIR = join(dir, 'production');
    const variables = { ...(await env()), DATA_DIR, NODE_ENV: 'production', SECRET_KEY: 's'.repeat(40) };
    const { code, out } = await runEntry('main.ts', { env: variables, until: '/primeiro-acesso?token=' });
    expect([code, out]).toEqual([0, expect.stringContaining('/primeiro-acesso?token=')]);
    expect(out).not.toContain('Senha');
    expect((await readdir(dir, { withFileTypes: true })).map(({ name }) => name)).toContain('production');
  }, 60_000);
});

describe('a SECRET_KEY that is not the one of the data', () => {
  it('stops the start with a sentence, and whoever lost the key has a way on', async () => {
    const DATA_DIR = join(dir, 'sealed');
    const admin = (key: string, ...args: string[]) =>
      runEntry('access/admin-create.cli.ts', {
        env: { DATA_DIR, SECRET_KEY: key.repeat(32), ADMIN_PASSWORD: 'cavalo azul na varanda' },
        args: ['--username', 'ana', '--name', 'Ana', ...args],
      });
    expect((await admin('a')).code).toBe(0);
    const store = await openStore({ kind: 'embedded', dataDir: DATA_DIR });
    const company = await createCompanyRoom({
      connection: store.connection,
      clock: systemClock,
      random: systemRandom,
      secrets: createSecrets('a'.repeat(32)),
      onFault: (error) => expect.unreachable(String(error)),
    });
    const [first] = company.directory.companies();
    await company.trunks.create(first!._id, {
      name: 'Operadora',
      peers: ['192.0.2.4'],
      channels: 2,
      direction: 'both',
      digest: { username: 'u', password: 'p' },
      trustsAssertedIdentity: false,
    });
    company.stop();
    await store.stop();

    const wrong = await admin('b', '--reset');
    expect(wrong.code).toBe(1);
    expectSentence(wrong.out, 'secret.wrong');
    const forget = await runEntry('company/secret-forget.cli.ts', {
      env: { DATA_DIR, SECRET_KEY: 'b'.repeat(32) },
    });
    expect([forget.code, forget.out]).toEqual([0, expect.stringContaining('tronco Operadora: desativado')]);
    expect((await admin('b', '--reset')).code).toBe(0);
    expectSentence((await admin('a', '--reset')).out, 'secret.wrong');
  }, 60_000);
});

describe('commands of the installer', () => {
  const at = (name: string): string => join(dir, name);
  const password = { ADMIN_PASSWORD: 'cavalo azul na varanda' };

  it('admin:create: makes one, refuses the rest with a code, never asks in vain', async () => {
    const env = { DATA_DIR: at('admins'), ...password };
    const args = ['--username', 'ana', '--name', 'Ana'];
    const entry = 'access/admin-create.cli.ts';
    const made = await runEntry(entry, { env: { ...env, HTTP_PORT: '3999' }, args });
    // The address is one that answers with the sign-in form.
    expect([made.code, made.out]).toEqual([0, expect.stringMatching(/http:\/\/127\.0\.0\.1:3999\n/)]);
    const anew = { ...env, ADMIN_PASSWORD: 'outro cavalo na varanda' };
    const reset = await runEntry(entry, { env: anew, args: ['--reset', '--username', 'Ana'] });
    expect([reset.code, reset.out]).toEqual([0, expect.stringContaining('senha nova')]);
    for (const [code, ran] of [
      ['user.exists', { env, args }],
      [
        'password.weak',
        { env: { ...env, ADMIN_PASSWORD: 'curta' }, args: ['--username', 'bia', '--name', 'B'] },
      ],
      ['admin.invalid', { env, args: ['--username', 'é', '--name', 'B'] }],
      // Nobody at the terminal: the questions end at once.
      ['admin.invalid', { env, args: [] }],
      ['user.unknown', { env, args: ['--reset', '--username', 'ninguem'] }],
      ['command.usage', { env, args: ['--what'] }],
      ['config.invalid', { env: { ...env, NODE_ENV: 'production' }, args: [] }],
    ] as const) {
      const { code: exit, out } = await runEntry(entry, ran);
      expect([code, exit]).toEqual([code, 1]);
      expectSentence(out, code);
    }
    const store = await openStore({ kind: 'embedded', dataDir: at('admins') });
    const held = await runEntry(entry, { env, args: ['--username', 'caio', '--name', 'C'] });
    await store.stop();
    expect(held.code).toBe(1);
    expectSentence(held.out, 'store.locked');
  }, 60_000);

  it('backup and restore: round trip of documents and files, and every refusal with its code', async () => {
    const env = { DATA_DIR: at('data') };
    const run = (entry: string, ...args: string[]) =>
      runEntry(`platform/store/${entry}.cli.ts`, { env, args });
    const store = await openStore({ kind: 'embedded', dataDir: at('data') });
    await store.connection.collection('things').insertOne({ _id: 'a' as never, n: 1 });
    await mkdir(join(at('data'), 'recordings'));
    await writeFile(join(at('data'), 'recordings', '1.wav'), 'sound');
    expect(await run('backup', at('copy'))).toMatchObject({ code: 0 });
    expectSentence((await run('backup', at('copy'))).out, 'backup.exists');
    expectSentence((await run('backup', join(at('data'), 'x'))).out, 'backup.inside');
    expectSentence((await run('restore', at('copy'), '--force')).out, 'store.locked');
    await store.stop();
    expectSentence((await run('restore')).out, 'backup.noSource');
    expectSentence((await run('restore', at('nothing'))).out, 'backup.notABackup');
    expectSentence((await run('restore', at('copy'))).out, 'backup.occupied');
    await writeFile(join(at('data'), 'recordings', '1.wav'), 'lost');
    expect(await run('restore', at('copy'), '--force')).toMatchObject({ code: 0 });
    expect(await readFile(join(at('data'), 'recordings', '1.wav'), 'utf8')).toBe('sound');
    const again = await openStore({ kind: 'embedded', dataDir: at('data') });
    expect(await again.connection.collection('things').countDocuments({})).toBe(1);
    await again.stop();
  }, 60_000);

  it('an empty DATA_DIR is the default one, never the folder that one stands in', async () => {
    const cwd = at('elsewhere');
    await mkdir(cwd);
    await writeFile(join(cwd, 'mine.txt'), 'mine');
    for (const [entry, ...args] of [
      ['backup', at('copy-of-nothing')],
      ['restore', at('nothing'), '--force'],
    ] as const) {
      const options = { env: { DATA_DIR: '' }, args, cwd };
      expect(await runEntry(`platform/store/${entry}.cli.ts`, options)).toMatchObject({ code: 1 });
    }
    expect(await readdir(cwd)).toEqual(['mine.txt']);
  }, 30_000);

  it('golive: a server that is not there, and a key that is refused', async () => {
    const HTTP_PORT = String(await freePort());
    const env = { HTTP_PORT, GOLIVE_TOKEN: 'rk_x' };
    const away = await runEntry('voice/golive.cli.ts', { env });
    expect(away.code).toBe(1);
    expect(away.out).toContain('não responde');
    expect(away.out).not.toMatch(/^\s+at .+:\d+/m);
    expectSentence(
      (await runEntry('voice/golive.cli.ts', { env, args: ['--queue', 'x'] })).out,
      'command.usage',
    );
  }, 30_000);
});
