import { isResponderSubject } from './subjects.ts';
import { messageIds, type MailId } from './threads.ts';

/** Reports about a mail of ours: what became of it, told by machines (RFC 3464, RFC 8098, RFC 5965, and older forms). */

export type ReportKind = 'bounce' | 'delayed' | 'delivered' | 'receipt' | 'complaint';

export interface ReportedRecipient {
  /** As the report names it, lower case; may be an address that ours was forwarded to. */
  readonly address: string;
  readonly action: string;
  /** e.g. 5.1.1 (RFC 3463). */
  readonly status: string | null;
  /** The other server's words, cut. */
  readonly diagnostic: string | null;
}

export interface Report {
  readonly kind: ReportKind;
  readonly recipients: readonly ReportedRecipient[];
  /** Message-IDs that the report may be about, the surest first. */
  readonly about: readonly MailId[];
  /** Receipts: what the reader did, e.g. displayed, deleted, denied. */
  readonly disposition: string | null;
}

export interface ReportFacts {
  readonly header: (name: string) => string | undefined;
  readonly envelopeFrom: string;
  /** Of the From header, lower case. */
  readonly from: string;
  readonly subject: string;
  readonly text: string;
  /** Of References and In-Reply-To, newest last. */
  readonly references: readonly MailId[];
  readonly parts: readonly { readonly contentType: string; readonly text: string }[];
}

/** undefined: no report. Only what says `failed` is a bounce; a delay, a delivery and a receipt are told as such. */
export function reportOf(facts: ReportFacts): Report | undefined {
  const { declared, named } = declaredReport(facts);
  // Who forwards a report in a mail of their own is no machine.
  const isSent = declared || isMachine(facts) || POSTMASTER.test(facts.from);
  const part = (what: string) => (isSent ? partOf(facts, what) : undefined);
  const is = (what: string) => part(what) !== undefined || named === what;
  const told = recipientsOf(part('delivery-status')?.text ?? '');
  const about = idsAbout(facts, isReporter(facts, declared, told) ? answered(facts) : []);
  if (is('disposition-notification')) {
    const disposition = dispositionOf(part('disposition-notification')?.text ?? '');
    return { kind: 'receipt', recipients: [], about, disposition };
  }
  if (is('feedback-report')) return { kind: 'complaint', recipients: [], about, disposition: null };
  const kind = kindOf(told) ?? unstructured(facts);
  if (kind === undefined) return undefined;
  return { kind, recipients: told.length > 0 ? told : failedRecipients(facts), about, disposition: null };
}

/** RFC 6522: whether the mail calls itself a report, and of which kind. */
function declaredReport({ header }: ReportFacts): {
  readonly declared: boolean;
  readonly named: string | undefined;
} {
  const type = header('content-type')?.slice(0, 1000) ?? '';
  const declared = /multipart\/report/i.test(type);
  const named = declared ? /report-type="?([\w-]{1,60})/i.exec(type)?.[1] : undefined;
  return { declared, named: named?.toLowerCase() };
}

/** RFC 6533 has the same parts for addresses beyond ASCII, as `message/global-…`. */
const partOf = ({ parts }: ReportFacts, what: string) =>
  parts.find(({ contentType }) => {
    const type = contentType.toLowerCase();
    return type === `message/${what}` || type === `message/global-${what}`;
  });

/** Action decides; a report that forgets it is read by its status class (RFC 3463 §2). */
function kindOf(recipients: readonly ReportedRecipient[]): ReportKind | undefined {
  const actions = new Set(recipients.map(({ action }) => action));
  if (actions.has('failed')) return 'bounce';
  if (actions.has('delayed')) return 'delayed';
  return actions.size > 0 ? 'delivered' : undefined;
}

const MAX_RECIPIENTS = 100;

function recipientsOf(text: string): ReportedRecipient[] {
  return text
    .slice(0, 65_536)
    .split(/\r?\n[ \t]*\r?\n/)
    .slice(0, MAX_RECIPIENTS)
    .map(fieldsOf)
    .flatMap((fields) => {
      const status = /\d\.\d{1,3}\.\d{1,3}/.exec(fields.get('status') ?? '')?.[0] ?? null;
      const action =
        fields
          .get('action')
          ?.split(/[\s;(]/, 1)[0]
          ?.toLowerCase() ?? actionOf(status);
      const named = fields.get('original-recipient') ?? fields.get('final-recipient') ?? '';
      if (action === undefined) return [];
      const address = (named.split(';').at(-1) ?? '').trim().replace(/^<|>$/g, '').toLowerCase();
      return [{ address: address.slice(0, 254), action, status, diagnostic: diagnosticOf(fields) }];
    });
}

const actionOf = (status: string | null): string | undefined =>
  status === null ? undefined : { 2: 'delivered', 4: 'delayed', 5: 'failed' }[Number(status[0])];

function diagnosticOf(fields: ReadonlyMap<string, string>): string | null {
  const said =
    fields
      .get('diagnostic-code')
      ?.replace(/^\s*[\w-]{1,20}\s*;\s*/, '')
      .trim() ?? '';
  return said === '' ? null : said.slice(0, 300);
}

/** A block of header lines; folded lines are one. */
function fieldsOf(block: string): Map<string, string> {
  const fields = new Map<string, string>();
  for (const line of block.replace(/\r?\n[ \t]+/g, ' ').split(/\r?\n/)) {
    const colon = line.indexOf(':');
    const name = line.slice(0, colon).trim().toLowerCase();
    if (colon > 0 && !fields.has(name)) fields.set(name, line.slice(colon + 1).trim());
  }
  return fields;
}

/** RFC 8098 §3.2.6: `manual-action/MDN-sent-manually; displayed`. */
function dispositionOf(text: string): string | null {
  const value = fieldsOf(text.slice(0, 65_536)).get('disposition') ?? '';
  return /;\s*([a-z]{1,20})/i.exec(value)?.[1]?.toLowerCase() ?? null;
}

/**
 * Ids of the mail that the report is about: its own field, the quoted mail's header, then whatever is named. `answers` counts only
 * where nothing was quoted: a copy says which mail it is.
 */
function idsAbout({ parts, text }: ReportFacts, answers: readonly MailId[]): MailId[] {
  const quoted = parts.map((one) => one.text.slice(0, 65_536));
  const lines = [...quoted, text.slice(0, 65_536)].flatMap((one) =>
    Array.from(
      one.matchAll(/^(?:original-|x-original-)?message-id:\s{0,20}(<[^<>\s]{1,500}>)/gim),
      ([, id]) => id ?? '',
    ),
  );
  const named = messageIds(lines);
  const found = [
    ...named,
    ...(named.length > 0 ? [] : answers),
    ...messageIds(text.slice(0, 65_536), quoted),
  ];
  return [...new Set(found)];
}

/** What it answers: In-Reply-To, else the last of References (RFC 5322 §3.6.4). The others before it went their way. */
function answered({ header, references }: ReportFacts): readonly MailId[] {
  const ids = messageIds(header('in-reply-to'));
  return ids.length > 0 ? ids : references.slice(-1);
}

/**
 * Every answer of a person, and every out-of-office with its empty return path, names our mail in In-Reply-To. There it is believed
 * of those alone who say in a machine's form whom they failed to reach, or who write by a daemon's address.
 */
function isReporter(facts: ReportFacts, declared: boolean, told: readonly ReportedRecipient[]): boolean {
  if (DAEMON.test(facts.from) || (declared && told.length > 0)) return true;
  const names = told.length > 0 || facts.header('x-failed-recipients') !== undefined;
  return facts.envelopeFrom.trim() === '' && (names || POSTMASTER.test(facts.from));
}

/** Exim and Gmail name them in a header. */
const failedRecipients = ({ header }: ReportFacts): ReportedRecipient[] =>
  (header('x-failed-recipients') ?? '')
    .slice(0, 4000)
    .split(/[\s,]+/)
    .map((address) => address.replace(/^<|>$/g, ''))
    .filter((address) => address.includes('@'))
    .slice(0, MAX_RECIPIENTS)
    .map((address) => ({ address: address.toLowerCase(), action: 'failed', status: null, diagnostic: null }));

const DAEMON = /^(mailer-daemon|mail-daemon|maildaemon|mdaemon|microsoftexchange[\da-f]*)@/i;
/** A machine writes by this address, and so does a person (RFC 5321 §4.5.1). */
const POSTMASTER = /^postmaster@/i;

/** A machine's address, or an empty return path (RFC 5321 §4.5.5). */
const isMachine = ({ envelopeFrom, from }: ReportFacts): boolean =>
  envelopeFrom.trim() === '' || DAEMON.test(from);

/** Reports in words only: qmail (QSBMF), Exim, old Exchange. No single sign makes one: people write such subjects, and any header. */
function unstructured(facts: ReportFacts): ReportKind | undefined {
  const { header, from, subject, text } = facts;
  const title = plain(subject);
  const start = plain(text.slice(0, 1000)).trimStart();
  const quotesCode = CODE.test(start);
  const failed = FAILED.test(title) || QMAIL.test(start);
  const named = header('x-failed-recipients') !== undefined;
  if (!isMachine(facts)) {
    const signs = [failed, quotesCode, named || POSTMASTER.test(from)];
    return signs.every(Boolean) ? 'bounce' : undefined;
  }
  if (named) return 'bounce';
  const daemon = DAEMON.test(from) || POSTMASTER.test(from);
  // An absence that answers "Re: Falha na entrega" reports nothing.
  if (!daemon && isResponderSubject(subject)) return undefined;
  if (DELAYED.test(title)) return 'delayed';
  if (READ.test(title)) return 'receipt';
  return failed || (quotesCode && daemon) ? 'bounce' : undefined;
}

const QMAIL = /^hi\. this is the (?:qmail-send program|mail delivery)/;
const CODE = /\b5\.\d{1,3}\.\d{1,3}\b|\b5[05]\d[ -]/;

const plain = (words: string): string =>
  words.slice(0, 1000).normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();

const DELAYED =
  /\bdelay|^warning: (?:message|could not send)|\batras(?:o|ad[ao])\b|\bretras(?:o|ad[ao])\b|still being retried|ainda nao (?:foi )?entreg/;
const FAILED =
  /undeliver|returned (?:mail|to sender)|failure notice|deliver\w* (?:status notification \()?fail|delivery (?:has )?failed|mail delivery failed|message (?:blocked|rejected|not delivered)|nao (?:foi |e |pode ser )?(?:possivel )?(?:entreg|a entrega)|falha n[ao] entrega|(?:mensagem|e-?mail) devolvid|no se (?:puede|pudo) entregar|no entregado|error de entrega/;
const READ = /^(?:read|lida|lido|leida|leido|confirmacao de leitura|read receipt|return receipt)\s*[:(]/;
