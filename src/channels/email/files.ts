import { createHash } from 'node:crypto';
import { mkdir, open, readdir, rename, rm, stat, unlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Readable } from 'node:stream';
import { createBodyHash } from './content-hash.ts';

/** contract.md: mails up to 25 MB. */
export const MAX_MAIL_BYTES = 25 * 1024 * 1024;

export interface SpooledMail {
  /** Relative to the mail folder. */
  readonly file: string;
  readonly sha256: string;
  /** Of the body alone. */
  readonly bodySha256: string;
  readonly bytes: number;
  /** Then there is no file. */
  readonly tooLarge: boolean;
}

/** Mails as they came, and files of messages. */
export type MailFileKind = 'raw' | 'attachments';

/** Raw mails and attachments under DATA_DIR/mail. */
export interface MailFiles {
  /** Reads the stream to its end; the file is on the disk (fsync) when it resolves. */
  spool(id: string, stream: Readable): Promise<SpooledMail>;
  path(file: string): string;
  discard(file: string): Promise<void>;
  /** Stores an attachment's bytes; idempotent by id. */
  attach(id: string, content: Buffer): Promise<string>;
  /** Folders of one kind, oldest first. */
  folders(kind: MailFileKind): Promise<readonly string[]>;
  /** Every file of a folder, and when it was written. */
  list(
    kind: MailFileKind,
    folder: string,
  ): Promise<readonly { readonly file: string; readonly changedAt: number }[]>;
  /** When the last id of a folder was made, at the latest. */
  endOf(folder: string): number;
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
      const written = await write(partial, stream);
      const tooLarge = written.bytes > MAX_MAIL_BYTES;
      if (tooLarge) await unlink(partial);
      else await rename(partial, path(file));
      if (!tooLarge) await syncFolder(dirname(path(file)));
      return { file, ...written, tooLarge };
    },
    discard: (file) => rm(path(file), { force: true }),
    async attach(id, content) {
      const file = join('attachments', folder(id), id);
      await mkdir(dirname(path(file)), { recursive: true, mode: 0o700 });
      await writeFile(`${path(file)}.part`, content, { mode: 0o600 });
      await rename(`${path(file)}.part`, path(file));
      return file;
    },
    async folders(kind) {
      const names = await readdir(join(dir, kind)).catch(() => [] as string[]);
      return names.filter((name) => FOLDER.test(name)).sort();
    },
    async list(kind, name) {
      const found = await readdir(join(dir, kind, name));
      const all = await Promise.all(
        found.map(async (entry) => {
          const file = join(kind, name, entry);
          // One that went meanwhile is nobody's.
          const facts = await stat(path(file)).catch(() => undefined);
          return facts?.isFile() === true ? [{ file, changedAt: facts.mtimeMs }] : [];
        }),
      );
      return all.flat();
    },
    endOf: (name) => (timeOf(name) + 1) * FOLDER_MS,
    async clean() {
      const incoming = join(dir, 'incoming');
      const left = await readdir(incoming).catch(() => [] as string[]);
      await Promise.all(left.map((name) => rm(join(incoming, name), { force: true })));
    },
  };
}

/** The first characters of a ULID are its time: one folder holds about nine hours. */
const folder = (id: string) => id.slice(0, 5);
const FOLDER = /^[0-9A-HJKMNP-TV-Z]{5}$/;
/** The five characters of the time that the folder leaves out. */
const FOLDER_MS = 2 ** 25;
const timeOf = (name: string): number =>
  Array.from(name).reduce((sum, letter) => sum * 32 + '0123456789ABCDEFGHJKMNPQRSTVWXYZ'.indexOf(letter), 0);

async function write(
  file: string,
  stream: Readable,
): Promise<Pick<SpooledMail, 'sha256' | 'bodySha256' | 'bytes'>> {
  const body = createBodyHash();
  const hash = createHash('sha256');
  const handle = await open(file, 'w', 0o600);
  let bytes = 0;
  const failures: unknown[] = [];
  let whole = false;
  try {
    // The stream is read to its end even when the mail is too large or the disk is full: SMTP answers after the last dot.
    for await (const chunk of stream as AsyncIterable<Buffer>) {
      bytes += chunk.length;
      if (failures.length > 0 || bytes > MAX_MAIL_BYTES) continue;
      hash.update(chunk);
      body.update(chunk);
      await handle.write(chunk).catch((error: unknown) => failures.push(error));
    }
    await handle.sync();
    whole = true;
  } finally {
    await handle.close();
    // Who goes away in the middle of a mail leaves nothing here.
    if (!whole) await rm(file, { force: true });
  }
  if (failures.length === 0) return { sha256: hash.digest('hex'), bodySha256: body.digest(), bytes };
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
