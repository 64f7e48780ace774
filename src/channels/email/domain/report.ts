import { withoutGateways } from './plain-subject.ts';
import {
  failedRecipients,
  fieldsOf,
  MAX_RECIPIENTS,
  recipientsOf,
  type ReportedRecipient,
} from './recipients.ts';
import { isResponderSubject } from './subjects.ts';
import { messageIds, type MailId } from './threads.ts';

/** Reports about a mail of ours: what became of it, told by machines (RFC 3464, RFC 8098, RFC 5965, and older forms). */

export type ReportKind = 'bounce' | 'delayed' | 'delivered' | 'receipt' | 'complaint';

export interface Report {
  readonly kind: ReportKind;
  readonly recipients: readonly ReportedRecipient[];
  /** Message-IDs that the report may be about, the surest first. */
  readonly about: readonly MailId[];
  /** Message-IDs of its conversation: what the mail that came back answers. */
  readonly within: readonly MailId[];
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
  const parts = (what: string) => (isSent ? partsOf(facts, what) : []);
  const is = (what: string) => parts(what).length > 0 || named === what;
  const told = parts('delivery-status')
    .flatMap(({ text }) => recipientsOf(text))
    .slice(0, MAX_RECIPIENTS);
  const isBelieved = isReporter(facts, declared, told);
  const { about, isNamed } = idsAbout(facts, isBelieved ? answered(facts) : []);
  const within = [...new Set([...quotedAnswers(facts), ...(isBelieved ? facts.references : [])])];
  const ids = { about, within };
  if (is('disposition-notification')) {
    const disposition = dispositionOf(parts('disposition-notification')[0]?.text ?? '');
    return { kind: 'receipt', recipients: [], ...ids, disposition };
  }
  if (is('feedback-report')) return { kind: 'complaint', recipients: [], ...ids, disposition: null };
  const kind = kindOf(told) ?? unstructured(facts, isNamed);
  if (kind === undefined) return undefined;
  // Whom a report in words names failed only where it tells of a failure.
  const inWords = kind === 'bounce' ? failedRecipients(facts) : [];
  return { kind, recipients: told.length > 0 ? told : inWords, ...ids, disposition: null };
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
const partsOf = ({ parts }: ReportFacts, what: string) =>
  parts.filter(({ contentType }) => {
    const type = contentType.toLowerCase();
    return type === `message/${what}` || type === `message/global-${what}`;
  });

function kindOf(recipients: readonly ReportedRecipient[]): ReportKind | undefined {
  const actions = new Set(recipients.map(({ action }) => action));
  if (actions.has('failed')) return 'bounce';
  if (actions.has('delayed')) return 'delayed';
  return actions.size > 0 ? 'delivered' : undefined;
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
function idsAbout(
  facts: ReportFacts,
  answers: readonly MailId[],
): { readonly about: readonly MailId[]; readonly isNamed: boolean } {
  const named = messageIds(quotedFields(facts, ABOUT));
  const others = new Set(quotedAnswers(facts));
  const sure = named.length > 0 ? named : answers;
  const found = [...sure, ...messageIds(quotedTexts(facts)).filter((id) => !others.has(id))];
  return { about: [...new Set(found)], isNamed: sure.length > 0 };
}

const ABOUT = /^(?:original-|x-original-)?message-id$/i;
const ANSWERS = /^(?:in-reply-to|references)$/i;

/** What the mail that came back answers: the conversation that it belongs to, never the mail itself. */
const quotedAnswers = (facts: ReportFacts): MailId[] => messageIds(quotedFields(facts, ANSWERS));

const quotedTexts = ({ parts, text }: ReportFacts): string[] =>
  [...parts.map((one) => one.text), text].map((one) => one.slice(0, 65_536));

/** Values of header fields inside of what a report has, indented or quoted ones too; ids may stand on the lines below. */
const quotedFields = (facts: ReportFacts, wanted: RegExp): string[] =>
  quotedTexts(facts).flatMap((one) =>
    Array.from(one.matchAll(FIELD), ([, name = '', value = '']) => (wanted.test(name) ? value : '')),
  );

const FIELD =
  /^[ \t>|]{0,10}((?:original-|x-original-)?message-id|in-reply-to|references)[ \t]*:(.*(?:\r?\n[ \t>|]*(?:<[^<>\s]{1,500}>[ \t]*)+$)*)/gim;

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

const DAEMON = /^(mailer-daemon|mail-daemon|maildaemon|mdaemon|microsoftexchange[\da-f]*)@/i;
/** A machine writes by this address, and so does a person (RFC 5321 §4.5.1). */
const POSTMASTER = /^postmaster@/i;

/** A machine's address, or an empty return path (RFC 5321 §4.5.5). */
const isMachine = ({ envelopeFrom, from }: ReportFacts): boolean =>
  envelopeFrom.trim() === '' || DAEMON.test(from);

/**
 * Reports in words only: qmail (QSBMF), Exim, old Exchange. No single sign makes one: people write such subjects, and any header.
 * `isNamed`: the report says which mail it is about.
 */
function unstructured(facts: ReportFacts, isNamed: boolean): ReportKind | undefined {
  const { header, from, subject, text } = facts;
  const title = withoutGateways(plain(subject));
  const start = plain(text.slice(0, 1000)).trimStart();
  const quotesCode = CODE.test(start);
  const failed = FAILED.test(title) || QMAIL.test(start);
  const named = header('x-failed-recipients') !== undefined;
  const daemon = DAEMON.test(from) || POSTMASTER.test(from);
  if (!isMachine(facts)) return failed && quotesCode && (named || daemon) ? 'bounce' : undefined;
  if (named) return 'bounce';
  // An absence that answers "Re: Falha na entrega" reports nothing.
  if (!daemon && isResponderSubject(subject)) return undefined;
  const told = kindOfTitle(title, failed);
  if (told !== undefined) return told;
  if (quotesCode && daemon) return 'bounce';
  return isNamed ? unforeseen(facts, start) : undefined;
}

function kindOfTitle(title: string, failed: boolean): ReportKind | undefined {
  if (DELAYED.test(title)) return 'delayed';
  if (READ.test(title)) return 'receipt';
  if (failed) return 'bounce';
  return DELIVERED.test(title) ? 'delivered' : undefined;
}

/** What a daemon answers to a mail in words that nobody knows; behind postmaster may be a person. */
function unforeseen({ from, subject }: ReportFacts, start: string): ReportKind | undefined {
  if (!DAEMON.test(from) || isResponderSubject(subject)) return undefined;
  return WILL_TRY.test(start) ? 'delayed' : 'bounce';
}

const QMAIL = /^hi\. this is the (?:qmail-send program|mail delivery)/;
const CODE = /\b5\.\d{1,3}\.\d{1,3}\b|\b5[05]\d[ -]/;

const plain = (words: string): string =>
  words.slice(0, 1000).normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();

const DELAYED =
  /\bdelay|^warning: (?:message|could not send)|\batras(?:o|ad[ao])\b|\bretras(?:o|ad[ao])\b|still being retried|ainda nao (?:foi )?entreg|aun no (?:ha sido )?entreg|verzoger|\bretarde|\britard|\bopozn|задерж|отложен|延迟|延遲|遅延/;
/** Of a report that names neither a failure nor a delay in its subject. */
const WILL_TRY =
  /warning message only|do not need to resend|nao (?:e necessario|precisa) reenviar|will (?:keep|continue) (?:to try|trying)|will (?:be retried|retry|try again)|continua(?:remos|ra) (?:a )?tenta/;
const FAILED = new RegExp(
  [
    'undeliver|nondeliver|returned (?:mail|to sender)|failure notice|deliver\\w* (?:status notification \\()?fail',
    'delivery (?:has )?failed|mail delivery failed|message (?:blocked|rejected|not delivered)',
    '(?:could|can) ?not be delivered|couldn.t be delivered|mailbox (?:is )?full|user unknown|unknown user',
    'nao (?:foi |e |pode ser )?(?:possivel )?(?:entreg|a entrega)|falha (?:n[ao] entrega|ao enviar|no envio)|entrega falhou',
    'erro (?:no|de|ao) envi(?:o|ar)|(?:mensagem|e-?mail) devolvid|devolucao d[eo] e-?mail|e-?mail nao encontrado',
    'caixa (?:postal|de (?:correio|entrada)) cheia|no se (?:puede|pudo) entregar|no entregado|error de entrega',
    '^unzustellbar|^non remis|^non recapitabile|^onbestelbaar|недоставлен|не доставлен|无法送达|無法傳遞|退信',
  ].join('|'),
);
const READ = /^(?:read|lida|lido|leida|leido|confirmacao de leitura|read receipt|return receipt)\s*[:(]/;
const DELIVERED =
  /^(?:delivered|relayed|expanded|entregue|retransmitid[ao]|entregad[ao]|zugestellt|remis|consegnato|доставлено|已送达)\s*[:：]|successful mail delivery|\((?:success|relay|relayed|delivered)\)|(?:mensagem|e-?mail) entregue|entrega (?:bem[- ]sucedida|concluida|realizada)/;
