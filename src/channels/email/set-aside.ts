import { AppError } from '../../shared/errors.ts';
import { attachedName } from './domain/endings.ts';
import { safeText } from './domain/words.ts';
import type { MailFiles } from './files.ts';
import type { Importer } from './importer.ts';
import type { Mailboxes } from './mailboxes.ts';
import type { ParsedAddress, ParsedMail } from './parse.ts';
import type { MailParser } from './parser.ts';
import type { MailRecord, MailStore } from './store.ts';

export interface SetAsideMail {
  readonly mail: MailRecord;
  /** Address of the mailbox that it was written to. */
  readonly mailbox: string;
  readonly from: ParsedAddress | undefined;
  readonly replyTo: readonly ParsedAddress[];
  readonly to: readonly ParsedAddress[];
  readonly cc: readonly ParsedAddress[];
  readonly text: string;
  /** As on a message; empty: there is no other. */
  readonly otherText: string;
  readonly attachments: readonly { filename: string; contentType: string; sizeBytes: number }[];
  /** False: the structure is broken, the text is the raw body. */
  readonly whole: boolean;
  /** How else it could not be read plainly. */
  readonly notices: readonly string[];
}

/** What the importer took for automatic, or could not read: kept, shown to an administrator, and put into the queue by one. */
export interface SetAside {
  /** Newest first; the cursor is the id of the last one seen. */
  list(
    companyId: string,
    page: { readonly limit: number; readonly cursor?: string | undefined },
  ): Promise<{ readonly items: readonly MailRecord[]; readonly nextCursor: string | null }>;
  /** Errors: mail.notFound 404. */
  read(companyId: string, id: string): Promise<SetAsideMail>;
  /** Absolute path and name of the mail as it came. Errors: mail.notFound 404. */
  original(companyId: string, id: string): Promise<{ readonly path: string; readonly filename: string }>;
  /**
   * Makes a contact of it, without an acknowledgement. Resolves when it was imported, with the contact; null: the import goes on by
   * itself. Errors: mail.notFound 404, mail.notSetAside 409 (somebody was faster).
   */
  toQueue(companyId: string, id: string): Promise<string | null>;
}

export function createSetAside(deps: {
  readonly store: MailStore;
  readonly files: MailFiles;
  readonly mailboxes: Mailboxes;
  readonly importer: Importer;
  readonly parser: MailParser;
}): SetAside {
  const { store, files, mailboxes, importer, parser } = deps;
  const found = async (companyId: string, id: string): Promise<MailRecord & { readonly file: string }> => {
    const mail = await store.mail(id);
    if (mail?.companyId !== companyId || mail.file === null || !wasSetAside(mail))
      throw new AppError('mail.notFound', 404, 'There is no such mail set aside.');
    return { ...mail, file: mail.file };
  };
  return {
    async list(companyId, { limit, cursor }) {
      const mails = await store.setAside(companyId, limit + 1, cursor);
      const items = mails.slice(0, limit);
      return { items, nextCursor: mails.length > limit ? (items.at(-1)?.id ?? null) : null };
    },
    async read(companyId, id) {
      const mail = await found(companyId, id);
      const outcome = await parser.parse(files.path(mail.file));
      const parsed = outcome.ok ? outcome.mail : UNREADABLE;
      const { from, authors, replyTo, to, cc, whole, notices } = parsed;
      return {
        mail,
        mailbox: (await mailboxes.byId(companyId, mail.mailbox))?.address ?? mail.recipient,
        from,
        replyTo,
        to,
        cc: [...authors, ...cc],
        text: safeText(parsed.text),
        otherText: safeText(parsed.otherText),
        attachments: parsed.attachments.map((file, at) => ({
          filename: attachedName(file, at),
          contentType: file.contentType,
          sizeBytes: file.content.length,
        })),
        whole,
        notices,
      };
    },
    async original(companyId, id) {
      const mail = await found(companyId, id);
      return { path: files.path(mail.file), filename: `${mail.id}.eml` };
    },
    async toQueue(companyId, id) {
      await found(companyId, id);
      const mail = await store.releaseMail(companyId, id);
      if (mail === undefined)
        throw new AppError('mail.notSetAside', 409, 'This mail is in the queue already.');
      await importer.now(mail);
      return (await store.mail(id))?.interactionId ?? null;
    },
  };
}

/** What even the plain reading could not read: the original is all there is. */
const UNREADABLE: Omit<SetAsideMail, 'mail' | 'mailbox' | 'attachments'> &
  Pick<ParsedMail, 'authors' | 'attachments'> = {
  from: undefined,
  authors: [],
  replyTo: [],
  to: [],
  cc: [],
  text: '',
  otherText: '',
  attachments: [],
  whole: false,
  notices: [],
};

/** Still aside, or taken out of there: who was second reads that, not "not found". */
const wasSetAside = ({ status, released }: MailRecord): boolean => status === 'setAside' || released === true;
