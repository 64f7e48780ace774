import { resolve } from 'node:path';
import { AppError } from '../../shared/errors.ts';
import { toSentence } from '../terminal.ts';
import { restore } from './backup.ts';

/** npm run restore -- PASTA [--force]: fills DATA_DIR from a backup, with the server stopped. */
const args = process.argv.slice(2);
const source = args.find((arg) => !arg.startsWith('--'));
/** An empty variable counts as absent, as it does for the server: an empty DATA_DIR is not this folder. */
const dataDir = resolve(process.env['DATA_DIR'] === '' ? 'data' : (process.env['DATA_DIR'] ?? 'data'));
try {
  if (source === undefined) throw new AppError('backup.noSource', 400, 'No folder was named.');
  const force = args.includes('--force');
  const aside = await restore({ source: resolve(source), dataDir, now: new Date(), force });
  console.log(`Restaurado em ${dataDir}`);
  if (aside !== undefined)
    console.log(`Os dados anteriores estão em ${aside}: apague-os quando não precisar mais deles.`);
} catch (error) {
  console.error(toSentence(error));
  process.exitCode = 1;
}
