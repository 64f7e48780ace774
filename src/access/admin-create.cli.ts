import { createInterface } from 'node:readline/promises';
import { parseArgs } from 'node:util';
import { createCompanyRoom } from '../company/index.ts';
import { readConfig } from '../config.ts';
import { openStore } from '../platform/store/index.ts';
import { toSentence } from '../platform/terminal.ts';
import { systemClock } from '../shared/clock.ts';
import { AppError } from '../shared/errors.ts';
import { systemRandom } from '../shared/random.ts';
import { createAccess } from './access.ts';
import { createKeyCheck } from './key-check-store.ts';
import { createSecrets, loadSecretKey } from './secrets.ts';
import type { FirstAdmin } from './setup.ts';

/**
 * npm run admin:create -- [--username U] [--name N] [--company C] | --reset [--username U]
 * Asks for what is missing. The password comes from the terminal or ADMIN_PASSWORD, never from the command line,
 * where other users of the machine would see it. The server must be stopped while the embedded store is used.
 */
const HELP = `npm run admin:create -- [--username ana] [--name "Ana Lima"] [--company "Minha empresa"]
npm run admin:create -- --reset [--username ana]   uma senha nova para um administrador que a perdeu
A senha é pedida, ou lida de ADMIN_PASSWORD. Use as mesmas variáveis de ambiente do servidor, que fica parado.`;

interface Asker {
  /** One line of the terminal or of the pipe; '' once the input has ended. */
  ask(label: string, secret?: boolean): Promise<string>;
  close(): void;
}

function createAsker(): Asker {
  const { stdin, stderr } = process;
  const reader = createInterface({ input: stdin, output: stderr, terminal: stdin.isTTY });
  const lines = reader[Symbol.asyncIterator]();
  let hidden = false;
  let ended = false;
  reader.once('close', () => (ended = true));
  // readline echoes what is typed through this method; a password is not shown.
  Object.assign(reader, { _writeToOutput: (text: string) => hidden || stderr.write(text) });
  return {
    async ask(label, secret = false) {
      // A pipe may be read to its end already, with lines still to be had; from Node 24 on a closed reader refuses to prompt.
      if (ended) stderr.write(`${label}: `);
      else {
        reader.setPrompt(`${label}: `);
        reader.prompt();
      }
      hidden = secret && stdin.isTTY;
      const line: IteratorResult<string, undefined> = await lines.next();
      if (hidden) stderr.write('\n');
      hidden = false;
      return line.done === true ? '' : line.value.trim();
    },
    close: () => reader.close(),
  };
}

function readOptions() {
  const text = { type: 'string' } as const;
  const options = {
    username: text,
    name: text,
    company: text,
    reset: { type: 'boolean' },
    help: { type: 'boolean' },
  } as const;
  return parseArgs({ options }).values;
}

async function gather(wanted: ReturnType<typeof readOptions>): Promise<FirstAdmin> {
  const { env } = process;
  const asker = createAsker();
  try {
    const username = wanted.username ?? env['ADMIN_USERNAME'] ?? (await asker.ask('Nome de usuário'));
    const name =
      wanted.reset === true
        ? username
        : (wanted.name ?? env['ADMIN_NAME'] ?? (await asker.ask('Nome completo')));
    const password = env['ADMIN_PASSWORD'] ?? (await asker.ask('Senha (10 caracteres ou mais)', true));
    return { username, name, password, companyName: wanted.company };
  } finally {
    asker.close();
  }
}

async function main(): Promise<void> {
  const wanted = readOptions();
  if (wanted.help === true) {
    console.log(HELP);
    return;
  }
  // Before anything is asked: nobody types a password for a configuration that cannot work.
  const config = readConfig(process.env);
  const admin = await gather(wanted);
  if (!/^[A-Za-z0-9][A-Za-z0-9._-]{1,39}$/.test(admin.username) || admin.name === '')
    throw new AppError(
      'admin.invalid',
      400,
      'Nome de usuário: 2 a 40 letras sem acento, algarismos, pontos, traços; e o nome completo.',
    );
  const { mongodbUrl, dataDir } = config;
  const store = await openStore(
    mongodbUrl === undefined ? { kind: 'embedded', dataDir } : { kind: 'mongodb', url: mongodbUrl },
  );
  const stops: (() => void)[] = [];
  try {
    const { connection } = store;
    const secrets = createSecrets(loadSecretKey(dataDir, config.secretKey));
    const key = createKeyCheck(connection, secrets);
    await key.verify();
    const base = { connection, clock: systemClock, random: systemRandom, secrets };
    const companies = await createCompanyRoom({ ...base, onFault: () => undefined });
    stops.push(() => companies.stop());
    const softphone = { realm: '-', sipDomain: () => '-', wsUrl: () => '-', iceServers: [] };
    const access = createAccess({ ...base, companies, softphone });
    await store.ensureIndexes();
    await key.plant();
    const { setup } = access;
    const user = await (wanted.reset === true
      ? setup.resetAdmin(admin.username, admin.password)
      : setup.createAdmin(admin));
    const done = wanted.reset === true ? 'tem uma senha nova' : 'criado';
    console.log(`Administrador ${user.username} ${done}. Entre em ${config.publicUrl}`);
  } finally {
    for (const stop of stops) stop();
    await store.stop();
  }
}

main().catch((error: unknown) => {
  console.error(toSentence(error));
  process.exitCode = 1;
});
