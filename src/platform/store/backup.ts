import { access, cp, mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join, relative, resolve, sep } from 'node:path';
import { AppError } from '../../shared/errors.ts';
import { runCopy, startEngine } from './embedded/client.ts';

/**
 * A backup is a folder: `manifest.json`, `store/store.db` (a consistent copy) and every other file of the data
 * directory (recordings, attachments, keys). It appears under its name only when it is complete.
 */
interface Manifest {
  readonly format: 1;
  readonly createdAt: string;
  readonly withStore: boolean;
}

export interface BackupRequest {
  readonly dataDir: string;
  readonly target: string;
  readonly now: Date;
  /** False when the documents are in MongoDB. */
  readonly withStore: boolean;
}

const exists = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  );

const inside = (child: string, parent: string): boolean => {
  const way = relative(resolve(parent), resolve(child));
  return way === '' || !(way.startsWith('..') || way.startsWith(sep));
};

/** Copies everything, the store while it may be running. Errors: AppError `backup.*`, `store.*`; nothing is left behind then. */
export async function backup({ dataDir, target, now, withStore }: BackupRequest): Promise<void> {
  if (!(await exists(dataDir)))
    throw new AppError('backup.noData', 404, `There is no data directory at ${dataDir}.`);
  if (await exists(target)) throw new AppError('backup.exists', 409, `${target} exists already.`);
  if (inside(target, dataDir))
    throw new AppError('backup.inside', 400, `${target} is inside the data directory ${dataDir}.`);
  const partial = `${target}.partial`;
  await rm(partial, { recursive: true, force: true });
  await mkdir(join(partial, 'store'), { recursive: true, mode: 0o700 });
  try {
    const store = join(dataDir, 'store');
    // The store first: files that documents speak of are there when the documents are.
    const file = join(store, 'store.db');
    const copied = withStore && (await exists(file));
    if (copied) await runCopy({ task: 'copy', file, to: join(partial, 'store', 'store.db') });
    for (const name of await readdir(dataDir))
      if (name !== 'store')
        await cp(join(dataDir, name), join(partial, name), { recursive: true, preserveTimestamps: true });
    const manifest: Manifest = { format: 1, createdAt: now.toISOString(), withStore: copied };
    await writeFile(join(partial, 'manifest.json'), JSON.stringify(manifest, null, 2));
    await rename(partial, target);
  } catch (error) {
    await rm(partial, { recursive: true, force: true });
    throw error;
  }
}

export interface RestoreRequest {
  readonly source: string;
  readonly dataDir: string;
  readonly now: Date;
  /** Put aside what is in the data directory; without it only an empty one is filled. */
  readonly force: boolean;
}

async function readManifest(source: string): Promise<Manifest> {
  const text = await readFile(join(source, 'manifest.json'), 'utf8').catch(() => {
    throw new AppError(
      'backup.notABackup',
      400,
      `${source} is not a complete backup: it has no manifest.json.`,
    );
  });
  const manifest = JSON.parse(text) as { format?: unknown };
  if (manifest.format !== 1)
    throw new AppError('store.newer', 400, `${source} was made by a newer version of this program.`);
  return manifest as Manifest;
}

/** Takes the store's lock for a moment, so that nobody restores under a running server. */
async function ensureStopped(dataDir: string): Promise<void> {
  const dir = join(dataDir, 'store');
  if (!(await exists(join(dir, 'store.db')))) return;
  const engine = await startEngine({
    file: join(dir, 'store.db'),
    lockFile: join(dir, 'lock.db'),
    checkpointPages: 1000,
  }).catch((error: unknown) => {
    if (error instanceof AppError && error.code === 'store.locked') throw error;
    // A damaged store is a reason to restore, not against it.
    return undefined;
  });
  await engine?.stop();
}

/**
 * Fills the data directory from a backup, checked first. Resolves to where the former data was put, if any.
 * Errors: AppError `backup.*`, `store.*`; the former data is back in its place then.
 */
export async function restore({ source, dataDir, now, force }: RestoreRequest): Promise<string | undefined> {
  const manifest = await readManifest(source);
  if (manifest.withStore) await runCopy({ task: 'check', file: join(source, 'store', 'store.db') });
  const occupied = (await exists(dataDir)) && (await readdir(dataDir)).length > 0;
  if (occupied && !force) throw new AppError('backup.occupied', 409, `${dataDir} is not empty.`);
  if (occupied) await ensureStopped(dataDir);
  const staged = `${dataDir}.restoring`;
  await rm(staged, { recursive: true, force: true });
  await cp(source, staged, {
    recursive: true,
    preserveTimestamps: true,
    filter: (from) => from !== join(source, 'manifest.json'),
  });
  const aside = occupied ? `${dataDir}.before-${now.toISOString().replace(/[:.]/g, '-')}` : undefined;
  if (aside !== undefined) await rename(dataDir, aside);
  else await rm(dataDir, { recursive: true, force: true });
  await rename(staged, dataDir);
  return aside;
}
