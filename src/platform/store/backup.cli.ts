import { resolve } from 'node:path';
import { toSentence } from '../terminal.ts';
import { backup } from './backup.ts';

/** npm run backup [-- PASTA]: copies DATA_DIR while the server may be running. */
const now = new Date();
/** An empty variable counts as absent, as it does for the server: an empty DATA_DIR is not this folder. */
const given = (name: string): string | undefined =>
  process.env[name] === '' ? undefined : process.env[name];
const dataDir = resolve(given('DATA_DIR') ?? 'data');
const target = resolve(process.argv[2] ?? `backup-${now.toISOString().slice(0, 19).replace(/[:T]/g, '-')}`);
const withStore = given('MONGODB_URL') === undefined;
try {
  await backup({ dataDir, target, now, withStore });
  console.log(`Cópia completa em ${target}`);
  if (!withStore)
    console.log('Só os arquivos: os documentos estão no MongoDB (MONGODB_URL); copie-os com mongodump.');
} catch (error) {
  console.error(toSentence(error));
  process.exitCode = 1;
}
