import { resolve } from 'node:path';
import { restore } from './backup.ts';
import { toSentence } from './cli-sentences.ts';

/** npm run restore -- PASTA [--force]: fills DATA_DIR from a backup, with the server stopped. */
const args = process.argv.slice(2);
const source = args.find((arg) => !arg.startsWith('--'));
const dataDir = resolve(process.env['DATA_DIR'] ?? 'data');
if (source === undefined) {
  console.error('Diga qual cópia restaurar: npm run restore -- PASTA [--force]');
  process.exitCode = 1;
} else {
  try {
    const aside = await restore({
      source: resolve(source),
      dataDir,
      now: new Date(),
      force: args.includes('--force'),
    });
    console.log(`Restaurado em ${dataDir}`);
    if (aside !== undefined) console.log(`Os dados anteriores estão em ${aside}`);
  } catch (error) {
    console.error(toSentence(error));
    process.exitCode = 1;
  }
}
