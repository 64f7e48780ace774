import type { MessageView } from '../../contracts/interaction.ts';
import type { Clock } from '../../shared/clock.ts';
import { AppError } from '../../shared/errors.ts';
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
  /** A file from the desk, to be sent with a message. */
  upload(
    by: { readonly companyId: string; readonly userId: string },
    file: { readonly filename: string; readonly contentType: string; readonly content: Buffer },
  ): Promise<View>;
  /** Errors: attachment.notFound 404. */
  get(companyId: string, id: string): Promise<StoredAttachment>;
  views(companyId: string, ids: readonly string[]): Promise<View[]>;
  /** Absolute paths for sending. */
  sendable(
    companyId: string,
    ids: readonly string[],
    interactionId: string,
  ): Promise<{ filename: string; path: string; contentType: string }[]>;
}

export function createAttachments(deps: {
  readonly store: MailStore;
  readonly files: MailFiles;
  readonly clock: Clock;
  readonly newId: () => string;
}): Attachments {
  const { store, files, clock } = deps;
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
          filename: safeFilename(file.filename, `anexo-${i + 1}`),
          contentType: safeType(file.contentType),
        };
        views.push(await keep(about, file.content));
      }
      return { views, dropped: parsed.length - views.length };
    },
    upload: (by, { filename, contentType, content }) =>
      keep(
        {
          id: deps.newId(),
          companyId: by.companyId,
          interactionId: null,
          uploadedBy: by.userId,
          filename: safeFilename(filename, 'anexo'),
          contentType: safeType(contentType),
        },
        content,
      ),
    async get(companyId, id) {
      const [file] = await store.attachments(companyId, [id]);
      if (file === undefined) throw new AppError('attachment.notFound', 404, 'There is no such attachment.');
      return file;
    },
    views: async (companyId, ids) =>
      (await found(companyId, ids)).map(({ id, filename, contentType, sizeBytes }) => ({
        id,
        filename,
        contentType,
        sizeBytes,
      })),
    async sendable(companyId, ids, interactionId) {
      await store.claimAttachments(companyId, ids, interactionId);
      return (await found(companyId, ids)).map((f) => ({
        filename: f.filename,
        path: files.path(f.file),
        contentType: f.contentType,
      }));
    },
  };
}

const safeType = (type: string) =>
  /^[\w.+-]{1,60}\/[\w.+-]{1,80}$/.test(type) ? type.toLowerCase() : 'application/octet-stream';
