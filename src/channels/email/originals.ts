import { type Asker, may, type Place } from '../../access/index.ts';
import { AppError } from '../../shared/errors.ts';
import { safeFilename } from './domain/words.ts';
import type { MailFiles } from './files.ts';
import type { MailRecord, MailStore } from './store.ts';

/** The mail behind a message, as it came. */
export interface Originals {
  /**
   * Absolute path and name, by the id of a message or by a journal line's `mailId`. Errors: mail.noOriginal 404, also for what
   * this person may not see, and for what we sent (it is made anew for each attempt and not kept).
   */
  open(asker: Asker, id: string): Promise<{ readonly path: string; readonly filename: string }>;
}

interface Deps {
  readonly store: MailStore;
  readonly files: MailFiles;
  /** Where a contact stands; null: there is no such contact. */
  readonly placeOf: (companyId: string, interactionId: string) => Promise<Place | null>;
}

export function createOriginals({ store, files, placeOf }: Deps): Originals {
  const found = async (companyId: string, id: string): Promise<MailRecord | undefined> =>
    (await store.mailOfMessage(companyId, id)) ?? (await store.mail(id));
  return {
    async open(asker, id) {
      const mail = await found(asker.companyId, id);
      const place = mail?.interactionId == null ? null : await placeOf(mail.companyId, mail.interactionId);
      // It shows no more than the message and its files do, to nobody else than they do.
      const visible =
        mail !== undefined &&
        place !== null &&
        may(asker, 'see', { ...place, companyId: mail.companyId, kind: 'contact' });
      if (!visible || mail.file === null)
        throw new AppError('mail.noOriginal', 404, 'There is no mail kept as it came behind this message.');
      const subject = (mail.subject ?? '').trim();
      const filename = safeFilename(`${subject === '' ? mail.id : subject}.eml`, `${mail.id}.eml`);
      return { path: files.path(mail.file), filename };
    },
  };
}
