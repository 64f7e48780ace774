import { type Asker, may, type Place } from '../../access/index.ts';
import type { MessageView } from '../../contracts/interaction.ts';
import type { Clock } from '../../shared/clock.ts';
import { AppError } from '../../shared/errors.ts';
import { attachedName } from './domain/endings.ts';
import { safeFilename } from './domain/words.ts';
import type { MailFiles } from './files.ts';
import type { ParsedAttachment } from './parse.ts';
import type { MailStore, StoredAttachment } from './store.ts';

type View = MessageView['attachments'][number];

const MAX_COUNT = 20;
const MAX_TOTAL_BYTES = 25 * 1024 * 1024;
export const MAX_UPLOAD_BYTES = 15 * 1024 * 1024;

export interface Attachments {
  /** Stores a mail's files; idempotent by mail. `dropped`: how many were beyond the limits (the raw mail has them). */
  ofMail(
    mail: { readonly id: string; readonly companyId: string },
    interactionId: string,
    files: readonly ParsedAttachment[],
  ): Promise<{ readonly views: View[]; readonly dropped: number }>;
  /** A file from the desk, to be sent with a message. Errors: those of the quota. */
  upload(
    by: { readonly companyId: string; readonly userId: string },
    file: { readonly filename: string; readonly contentType: string; readonly content: Buffer },
  ): Promise<View>;
  /** For a download. Errors: attachment.notFound 404, also for what this person may not see. */
  open(asker: Asker, id: string): Promise<StoredAttachment>;
  /**
   * Files that this person sends with a message of this contact: own uploads, which become the contact's, and files of
   * contacts that the person may see, of which it gets a copy of its own. Errors: attachment.notFound 404, also for what
   * this person may not see.
   */
  forMessage(asker: Asker, ids: readonly string[], contact: { readonly id: string }): Promise<View[]>;
  /** Absolute paths for sending. */
  sendable(
    companyId: string,
    ids: readonly string[],
  ): Promise<{ filename: string; path: string; contentType: string }[]>;
}

const NOT_FOUND = (): AppError => new AppError('attachment.notFound', 404, 'There is no such attachment.');

interface Deps {
  readonly store: MailStore;
  readonly files: MailFiles;
  readonly clock: Clock;
  readonly newId: () => string;
  /** The quota of uploads: rejects what is too much. */
  readonly admit: (
    by: { readonly companyId: string; readonly userId: string },
    bytes: number,
  ) => Promise<void>;
  /** Where a contact stands; null: there is no such contact. */
  readonly placeOf: (companyId: string, interactionId: string) => Promise<Place | null>;
}

export function createAttachments(deps: Deps): Attachments {
  const { store, files, clock } = deps;
  const { open, taken } = createDoor(deps);
  const keep = async (
    file: Omit<StoredAttachment, 'file' | 'at' | 'sizeBytes'>,
    content: Buffer,
  ): Promise<View> => {
    const path = await files.attach(file.id, content);
    await store.insertAttachment({
      ...file,
      sizeBytes: content.length,
      file: path,
      at: new Date(clock.now()),
    });
    return { id: file.id, filename: file.filename, contentType: file.contentType, sizeBytes: content.length };
  };
  const found = async (companyId: string, ids: readonly string[]) => {
    const stored = new Map((await store.attachments(companyId, ids)).map((f) => [f.id, f]));
    return ids.flatMap((id) => stored.get(id) ?? []);
  };
  return {
    async ofMail(mail, interactionId, parsed) {
      const views: View[] = [];
      let total = 0;
      for (const [i, file] of parsed.entries()) {
        total += file.content.length;
        if (views.length >= MAX_COUNT || total > MAX_TOTAL_BYTES) continue;
        const about = {
          id: `${mail.id}-${i}`,
          companyId: mail.companyId,
          interactionId,
          uploadedBy: null,
          filename: attachedName(file, i),
          contentType: safeType(file.contentType),
        };
        views.push(await keep(about, file.content));
      }
      return { views, dropped: parsed.length - views.length };
    },
    async upload(by, { filename, contentType, content }) {
      await deps.admit(by, content.length);
      return keep(
        {
          id: deps.newId(),
          companyId: by.companyId,
          interactionId: null,
          uploadedBy: by.userId,
          filename: safeFilename(filename, 'anexo'),
          contentType: safeType(contentType),
        },
        content,
      );
    },
    open,
    async forMessage(asker, ids, contact) {
      // All or none: the message must not take along what it is refused for.
      const wanted = await Promise.all(ids.map((id) => open(asker, id)));
      const own = await Promise.all(wanted.map((file) => taken(file, contact.id)));
      return own.map(({ id, filename, contentType, sizeBytes }) => ({
        id,
        filename,
        contentType,
        sizeBytes,
      }));
    },
    async sendable(companyId, ids) {
      return (await found(companyId, ids)).map((f) => ({
        filename: f.filename,
        path: files.path(f.file),
        contentType: f.contentType,
      }));
    },
  };
}

/** Who may have a file, and whose it becomes. */
function createDoor({ store, clock, placeOf }: Deps) {
  const open = async (asker: Asker, id: string): Promise<StoredAttachment> => {
    const [file] = await store.attachments(asker.companyId, [id]);
    if (file === undefined) throw NOT_FOUND();
    const place = file.interactionId === null ? null : await placeOf(file.companyId, file.interactionId);
    const places = file.interactionId === null ? null : place === null ? [] : [place];
    if (!may(asker, 'see', { ...file, kind: 'file', places })) throw NOT_FOUND();
    return file;
  };
  /** The file as one of this contact: what is another contact's stays with that one, too. */
  const taken = async (file: StoredAttachment, interactionId: string): Promise<StoredAttachment> => {
    if (file.interactionId === interactionId) return file;
    if (file.interactionId === null) {
      if (await store.claimAttachment(file.companyId, file.id, interactionId))
        return { ...file, interactionId };
      // Another message took it, or its day was over and it is gone.
      if ((await store.attachments(file.companyId, [file.id])).length === 0) throw NOT_FOUND();
    }
    // The id says whose copy it is: a message that is sent twice makes one.
    const [root = file.id] = file.id.split('~');
    const copy = { ...file, id: `${root}~${interactionId}`, interactionId, at: new Date(clock.now()) };
    await store.insertAttachment(copy);
    return copy;
  };
  return { open, taken };
}

const safeType = (type: string) =>
  /^[\w.+-]{1,60}\/[\w.+-]{1,80}$/.test(type) ? type.toLowerCase() : 'application/octet-stream';
