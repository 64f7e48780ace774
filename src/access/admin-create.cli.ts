import { createInterface } from 'node:readline/promises';
import { parseArgs } from 'node:util';
import { createCompanyRoom } from '../company/index.ts';
import { readConfig } from '../config.ts';
import { openStore } from '../platform/store/index.ts';
import { systemClock } from '../shared/clock.ts';
import { AppError } from '../shared/errors.ts';
import { systemRandom } from '../shared/random.ts';
import { createAccess } from './access.ts';
import { createSecrets, loadSecretKey } from './secrets.ts';
import type { FirstAdmin } from './setup.ts';

/**
 * npm run admin:create -- [--username U] [--name N] [--company C]
 * Asks for what is missing. The password comes from the terminal or ADMIN_PASSWORD, never from the command line,
 * where other users of the machine would see it. The server must be stopped while the embedded store is used.
 */
const HELP = `npm run admin:create -- [--username ana] [--name "Ana Lima"] [--company "Minha empresa"]
The password is asked for, or taken from ADMIN_PASSWORD.`;

async function ask(label: string, secret: boolean): Promise<string> {
  const reader = createInterface({
    input: process.stdin,
    output: process.stderr,
    terminal: process.stdin.isTTY,
  });
  if (secret && process.stdin.isTTY) hideTyping(reader);
  try {
    return (await reader.question(`${label}: `)).trim();
  } finally {
    reader.close();
    if (secret) process.stderr.write('\n');
  }
}

/** readline echoes what is typed through this method; a password is not shown. */
function hideTyping(reader: object): void {
  let prompted = false;
  Object.assign(reader, {
    _writeToOutput: (text: string) => {
      if (!prompted) process.stderr.write(text);
      prompted = true;
    },
  });
}

async function gather(): Promise<FirstAdmin | undefined> {
  const { values } = parseArgs({
    options: {
      username: { type: 'string' },
      name: { type: 'string' },
      company: { type: 'string' },
      help: { type: 'boolean' },
    },
  });
  if (values.help === true) return undefined;
  const username = values.username ?? process.env['ADMIN_USERNAME'] ?? (await ask('User name', false));
  const name = values.name ?? process.env['ADMIN_NAME'] ?? (await ask('Full name', false));
  const password = process.env['ADMIN_PASSWORD'] ?? (await ask('Password (10 characters or more)', true));
  return { username, name, password, companyName: values.company };
}

async function main(): Promise<void> {
  const admin = await gather();
  if (admin === undefined) {
    console.log(HELP);
    return;
  }
  if (!/^[A-Za-z0-9][A-Za-z0-9._-]{1,39}$/.test(admin.username) || admin.name === '')
    throw new AppError(
      'request.invalid',
      400,
      'User name: 2 to 40 letters, digits, dots, dashes; and a full name.',
    );
  const config = readConfig(process.env);
  const { mongodbUrl, dataDir } = config;
  const store = await openStore(
    mongodbUrl === undefined ? { kind: 'embedded', dataDir } : { kind: 'mongodb', url: mongodbUrl },
  );
  const stops: (() => void)[] = [];
  try {
    const { connection } = store;
    const secrets = createSecrets(loadSecretKey(dataDir, config.secretKey));
    const base = { connection, clock: systemClock, random: systemRandom, secrets };
    const companies = await createCompanyRoom({ ...base, onFault: () => undefined });
    stops.push(() => companies.stop());
    const softphone = { realm: '-', sipDomain: () => '-', wsUrl: () => '-', iceServers: [] };
    const access = createAccess({ ...base, companies, softphone });
    await store.ensureIndexes();
    const user = await access.setup.createAdmin(admin);
    console.log(`Administrator ${user.username} was created. Sign in at ${config.publicUrl}/login`);
  } finally {
    for (const stop of stops) stop();
    await store.stop();
  }
}

main().catch((error: unknown) => {
  // Expected failures (store.locked while the server runs, password.weak, user.exists) are one plain sentence.
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
});
