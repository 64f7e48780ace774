import type { Clock } from '../../shared/clock.ts';
import type { MailFileKind, MailFiles } from './files.ts';
import { DAY_MS } from './quota.ts';
import type { MailStore } from './store.ts';

/** What nobody sent within a day is not sent any more. */
export const ORPHAN_MS = DAY_MS;
const AT_ONCE = 500;

export interface Swept {
  /** Uploads that no message took. */
  readonly uploads: number;
  /** Files that a crash left without their record. */
  readonly files: number;
}

/** Takes away what nobody can reach any more: uploads without a message, files without a record, counts of windows long past. */
export function createSweep(deps: {
  readonly store: MailStore;
  readonly files: MailFiles;
  readonly clock: Clock;
}): () => Promise<Swept> {
  const { store, files, clock } = deps;

  async function uploads(before: Date): Promise<number> {
    let gone = 0;
    for (;;) {
      const orphans = await store.orphanUploads(before, AT_ONCE);
      for (const { id, file } of orphans) {
        // A message that takes it in this very moment wins, or finds nothing; it never gets a record without its file.
        if (!(await store.removeUpload(id))) continue;
        await files.discard(file);
        gone += 1;
      }
      if (orphans.length < AT_ONCE) return gone;
    }
  }

  /** Of one folder; `left`: something in it is too young to judge. */
  async function folder(kind: MailFileKind, name: string, before: number) {
    const found = await files.list(kind, name);
    let [gone, left] = [0, false];
    for (let at = 0; at < found.length; at += AT_ONCE) {
      const some = found.slice(at, at + AT_ONCE);
      const known = await store.knownFiles(
        kind,
        some.map(({ file }) => file),
      );
      for (const { file, changedAt } of some) {
        if (known.has(file)) continue;
        if (changedAt >= before) {
          left = true;
          continue;
        }
        await files.discard(file);
        gone += 1;
      }
    }
    return { gone, left };
  }

  /** Folders go by the time of their ids: what was looked through once gets nothing new, and is not walked every hour for years. */
  async function strays(kind: MailFileKind, before: number): Promise<number> {
    let gone = 0;
    const done = await store.sweptUpTo(kind);
    for (const name of await files.folders(kind)) {
      if (name <= done) continue;
      const looked = await folder(kind, name, before);
      gone += looked.gone;
      if (looked.left || files.endOf(name) >= before) return gone;
      await store.markSwept(kind, name);
    }
    return gone;
  }

  return async () => {
    const before = clock.now() - ORPHAN_MS;
    const taken = await uploads(new Date(before));
    await store.forgetUploadCounts(new Date(before - DAY_MS));
    return {
      uploads: taken,
      files: (await strays('attachments', before)) + (await strays('raw', before)),
    };
  };
}
