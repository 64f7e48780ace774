import { createHash } from 'node:crypto';
import { mkdir, open, readdir, rename, rm, unlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Readable } from 'node:stream';

/** contract.md: mails up to 25 MB. */
export const MAX_MAIL_BYTES = 25 * 1024 * 1024;

export interface SpooledMail {
  /** Relative to the mail folder. */
  readonly file: string;
  readonly sha256: string;
  readonly bytes: number;
  /** Then there is no file. */
  readonly tooLarge: boolean;
}

/** Raw mails and attachments under DATA_DIR/mail. */
export interface MailFiles {
  /** Reads the stream to its end; the file is on the disk (fsync) when it resolves. */
  spool(id: string, stream: Readable): Promise<SpooledMail>;
  path(file: string): string;
  discard(file: string): Promise<void>;
  /** Stores an attachment's bytes; idempotent by id. */
  attach(id: string, content: Buffer): Promise<string>;
  /** Removes what a crash left half written. */
  clean(): Promise<void>;
}

export function createMailFiles(dir: string): MailFiles {
  const path = (file: string) => join(dir, file);
  return {
    path,
    async spool(id, stream) {
      const file = join('raw', folder(id), `${id}.eml`);
      await mkdir(dirname(path(file)), { recursive: true, mode: 0o700 });
      const partial = join(dir, 'incoming', `${id}.part`);
      await mkdir(dirname(partial), { recursive: true, mode: 0o700 });
      const { sha256, bytes } = await write(partial, stream);
      const tooLarge = bytes > MAX_MAIL_BYTES;
      if (tooLarge) await unlink(partial);
      else await rename(partial, path(file));
      if (!tooLarge) await syncFolder(dirname(path(file)));
      return { file, sha256, bytes, tooLarge };
    },
    discard: (file) => rm(path(file), { force: true }),
    async attach(id, content) {
      const file = join('attachments', folder(id), id);
      await mkdir(dirname(path(file)), { recursive: true, mode: 0o700 });
      await writeFile(`${path(file)}.part`, content, { mode: 0o600 });
      await rename(`${path(file)}.part`, path(file));
      return file;
    },
    async clean() {
      const incoming = join(dir, 'incoming');
      const left = await readdir(incoming).catch(() => [] as string[]);
      await Promise.all(left.map((name) => rm(join(incoming, name), { force: true })));
    },
  };
}

/** The first characters of a ULID are its time: one folder holds about nine hours. */
const folder = (id: string) => id.slice(0, 5);

async function write(file: string, stream: Readable): Promise<{ sha256: string; bytes: number }> {
  const hash = createHash('sha256');
  const handle = await open(file, 'w', 0o600);
  let bytes = 0;
  const failures: unknown[] = [];
  try {
    // The stream is read to its end even when the mail is too large or the disk is full: SMTP answers after the last dot.
    for await (const chunk of stream as AsyncIterable<Buffer>) {
      bytes += chunk.length;
      if (failures.length > 0 || bytes > MAX_MAIL_BYTES) continue;
      hash.update(chunk);
      await handle.write(chunk).catch((error: unknown) => failures.push(error));
    }
    await handle.sync();
  } finally {
    await handle.close();
  }
  if (failures.length === 0) return { sha256: hash.digest('hex'), bytes };
  await rm(file, { force: true });
  throw failures[0];
}

async function syncFolder(dir: string): Promise<void> {
  const handle = await open(dir);
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
