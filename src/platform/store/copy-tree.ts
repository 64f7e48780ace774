import { chmod, chown, copyFile, lstat, mkdir, readdir, rm, stat, utimes } from 'node:fs/promises';
import { dirname, join } from 'node:path';

export interface Owner {
  readonly uid: number;
  readonly gid: number;
}

const gone = (error: unknown): undefined => {
  if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
  throw error;
};

/**
 * Copies a file, or a folder with all in it, with times and permissions; whatever is neither is left out. A file that
 * vanishes meanwhile is no fault: the server that is being copied goes on and clears its temporary files. `owner` is
 * who the copies belong to, where the process may say so. Errors: those of the system, ENOSPC among them.
 */
export async function copyTree(from: string, to: string, owner?: Owner): Promise<void> {
  const what = await lstat(from).catch(gone);
  if (what === undefined) return;
  if (what.isDirectory()) {
    await mkdir(to, { recursive: true });
    for (const name of (await readdir(from).catch(gone)) ?? [])
      await copyTree(join(from, name), join(to, name), owner);
  } else if (what.isFile()) {
    const copied = await copyFile(from, to).then(() => true, gone);
    if (copied === undefined) {
      await rm(to, { force: true });
      return;
    }
  } else return;
  await chmod(to, what.mode & 0o7777);
  if (owner !== undefined) await chown(to, owner.uid, owner.gid);
  await utimes(to, what.atime, what.mtime);
}

/** Whose files belong in this folder; undefined when this process may not give files away. */
export async function ownerFor(path: string): Promise<Owner | undefined> {
  if (process.getuid?.() !== 0) return undefined;
  const { uid, gid } = await stat(path).catch(() => stat(dirname(path)));
  return { uid, gid };
}
