import { resolve } from 'node:path';
import { backup } from './backup.ts';
import { toSentence } from './cli-sentences.ts';

/** npm run backup [-- PASTA]: copies DATA_DIR while the server may be running. */
const now = new Date();
const dataDir = resolve(process.env['DATA_DIR'] ?? 'data');
const target = resolve(process.argv[2] ?? `backup-${now.toISOString().slice(0, 19).replace(/[:T]/g, '-')}`);
const withStore = process.env['MONGODB_URL'] === undefined;
try {
  await backup({ dataDir, target, now, withStore });
  console.log(`Cópia completa em ${target}`);
  if (!withStore)
    console.log('Só os arquivos: os documentos estão no MongoDB (MONGODB_URL); copie-os com mongodump.');
} catch (error) {
  console.error(toSentence(error));
  process.exitCode = 1;
}
