import { access, mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join, relative, resolve, sep } from 'node:path';
import { AppError } from '../../shared/errors.ts';
import { copyTree, type Owner, ownerFor } from './copy-tree.ts';
import { runCopy, startEngine } from './embedded/client.ts';
import { migrations } from './migrations/index.ts';

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

/** Staging and leftovers of restore(), and the mark of the server's start: no data. */
const STAGED = '.restoring';
const isOurs = (name: string): boolean =>
  name === STAGED || name === '.writable' || name.startsWith('before-');

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
      if (name !== 'store' && !isOurs(name)) await copyTree(join(dataDir, name), join(partial, name));
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
  const refuse = (why: string): AppError =>
    new AppError('backup.notABackup', 400, `${source} is not a complete backup: ${why}.`);
  const text = await readFile(join(source, 'manifest.json'), 'utf8').catch(() => {
    throw refuse('it has no manifest.json');
  });
  let manifest: Partial<Manifest>;
  try {
    manifest = JSON.parse(text) as Partial<Manifest>;
  } catch {
    throw refuse('its manifest.json is damaged');
  }
  if (Number(manifest.format) > 1)
    throw new AppError('store.newer', 400, `${source} was made by a newer version of this program.`);
  if (manifest.format !== 1) throw refuse('its manifest.json is of something else');
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

/** True after a restore that a crash cut short: the data directory is half of each, and only another restore helps. */
export const restoreWasCut = (dataDir: string): Promise<boolean> => exists(join(dataDir, STAGED));

async function stage(source: string, dataDir: string, owner: Owner | undefined): Promise<void> {
  const staged = join(dataDir, STAGED);
  await rm(staged, { recursive: true, force: true });
  await mkdir(staged, { recursive: true, mode: 0o700 });
  try {
    for (const name of await readdir(source))
      if (name !== 'manifest.json') await copyTree(join(source, name), join(staged, name), owner);
  } catch (error) {
    await rm(staged, { recursive: true, force: true });
    throw error;
  }
}

/** Moves all of these entries, or none: a failure puts back what was moved. */
async function moveAll(names: readonly string[], from: string, to: string): Promise<void> {
  const moved: string[] = [];
  try {
    for (const name of names) {
      await rename(join(from, name), join(to, name));
      moved.push(name);
    }
  } catch (error) {
    for (const name of moved.reverse()) await rename(join(to, name), join(from, name));
    throw error;
  }
}

/**
 * Fills the data directory from a backup, checked first. Resolves to where the former data was put, if any. All of it
 * happens inside the data directory, which may be a mounted disk or stand in a folder that belongs to somebody else
 * (systemd's StateDirectory). Errors: AppError `backup.*`, `store.*`; the former data is back in its place then.
 */
export async function restore({ source, dataDir, now, force }: RestoreRequest): Promise<string | undefined> {
  const manifest = await readManifest(source);
  if (manifest.withStore)
    await runCopy({
      task: 'check',
      file: join(source, 'store', 'store.db'),
      knownSchema: migrations.at(-1)?.version ?? 0,
    });
  const owner = await ownerFor(dataDir);
  await mkdir(dataDir, { recursive: true, mode: 0o700 });
  const former = (await readdir(dataDir)).filter((name) => !isOurs(name));
  if (former.length > 0 && !force) throw new AppError('backup.occupied', 409, `${dataDir} is not empty.`);
  await ensureStopped(dataDir);
  await stage(source, dataDir, owner);
  const staged = join(dataDir, STAGED);
  const aside = join(dataDir, `before-${now.toISOString().replace(/[:.]/g, '-')}`);
  if (former.length > 0) {
    await mkdir(aside, { mode: 0o700 });
    await moveAll(former, dataDir, aside);
  }
  try {
    await moveAll(await readdir(staged), staged, dataDir);
  } catch (error) {
    if (former.length > 0) await moveAll(former, aside, dataDir);
    throw error;
  }
  await rm(staged, { recursive: true, force: true });
  return former.length > 0 ? aside : undefined;
}
