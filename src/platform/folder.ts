import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';

/**
 * A folder for this user alone, with its parents. Node's own `recursive` never returns where the system answers ENOENT although
 * the parent is there (/proc, some network mounts): here the second refusal counts. Rejects as the system refuses.
 */
export async function makeFolder(dir: string): Promise<void> {
  const once = (): Promise<unknown> => mkdir(dir, { mode: 0o700 });
  await once().catch(async (error: unknown) => {
    const code = codeOf(error);
    if (code === 'EEXIST') return;
    if (code !== 'ENOENT' || dirname(dir) === dir) throw error;
    await makeFolder(dirname(dir));
    await once().catch((again: unknown) => {
      // Somebody else was as fast.
      if (codeOf(again) !== 'EEXIST') throw again;
    });
  });
}

const codeOf = (error: unknown): unknown =>
  error instanceof Error && 'code' in error ? error.code : undefined;
