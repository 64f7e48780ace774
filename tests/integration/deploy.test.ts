import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const root = join(import.meta.dirname, '../..');
const guide = readFileSync(join(root, 'docs/instalacao.md'), 'utf8');

describe('the command of the installation, deploy/ramal', () => {
  let folder = '';
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'ramal-deploy-'));
    // In the place of runuser: tells what it was given.
    const program = join(folder, 'runuser');
    writeFileSync(
      program,
      `#!${process.execPath}\nconsole.log(JSON.stringify([process.argv.slice(2), process.env]))\n`,
    );
    chmodSync(program, 0o755);
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const run = (file: string, ...args: string[]) => {
    const path = join(folder, 'ramal.env');
    writeFileSync(path, file);
    const env = { PATH: `${folder}:${process.env['PATH'] ?? ''}`, RAMAL_ENV: path, RAMAL_HOME: folder };
    const ended = spawnSync('sh', [join(root, 'deploy/ramal'), ...args], { encoding: 'utf8', env });
    expect(ended.stderr).toBe('');
    const [given, variables] = JSON.parse(ended.stdout) as [string[], Record<string, string>];
    return { given, variables };
  };

  it.each([
    ['TRUST_PROXY=loopback, 10.0.0.0/8', 'loopback, 10.0.0.0/8'],
    ['SMTP_URL=smtp://u:a$HOME&b;c(d)`id`@m.test:587', 'smtp://u:a$HOME&b;c(d)`id`@m.test:587'],
    ['SECRET_KEY=YWJj+/8==', 'YWJj+/8=='],
    ['NAME="two words"', 'two words'],
    ["NAME='two words'", 'two words'],
    ['NAME = spaces around', 'spaces around'],
    ['NAME=  spaces around \t', 'spaces around'],
    ['NAME=*', '*'],
    ['NAME=', ''],
    ['# NAME=comment', undefined],
    ['; NAME=comment', undefined],
    ['no value', undefined],
  ])('reads %s as the service does', (text, value) => {
    const name = (text.split('=')[0] ?? '').trim();
    for (const file of [`FIRST=1\n${text}\nLAST=2\n`, `FIRST=1\nLAST=2\n${text}`]) {
      const { variables } = run(file, 'backup');
      expect([variables['FIRST'], variables['LAST']]).toEqual(['1', '2']);
      expect(variables[name]).toBe(value);
    }
  });

  it('hands on what it was given, as the user of the service', () => {
    const { given } = run('A=1\n', 'admin:create', '--', '--name', 'Ana $Lima "x"');
    expect(given.slice(0, 3)).toEqual(['-u', 'ramal', '--']);
    expect(given.slice(-4)).toEqual(['admin:create', '--', '--name', 'Ana $Lima "x"']);
  });

  it('the example has only lines that both readers take alike', () => {
    const example = readFileSync(join(root, 'deploy/ramal.env.example'), 'utf8');
    const lines = example.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
    const { variables } = run(example, 'backup');
    for (const line of lines) {
      expect(line).toMatch(/^[A-Z_]+=[^\\"']*$/);
      expect(variables[line.split('=')[0] ?? '']).toBe(line.slice(line.indexOf('=') + 1));
    }
    expect(lines.length).toBeGreaterThan(8);
  });
});

describe('the guide of the installation', () => {
  const at = (text: string): number => {
    expect(guide).toContain(text);
    return guide.indexOf(text);
  };
  it('makes each folder before a command of the service’s user writes there', () => {
    expect(at('-o ramal -g ramal /var/lib/ramal\n')).toBeLessThan(at('\nramal admin:create'));
    expect(at('-o ramal -g ramal /mnt/copias')).toBeLessThan(at('\nramal backup -- /mnt/copias'));
    expect(at('\nramal backup -- /mnt/copias')).toBeLessThan(at('## Atualização'));
    expect(at('deploy/ramal /usr/local/bin/ramal')).toBeLessThan(at('\nramal admin:create'));
  });
  it('copies nothing for the service that the service cannot read', () =>
    expect(guide).not.toMatch(/\b(?:cp|mkdir)\b[^\n]*\/var\/lib\/ramal/));
});
