import { ownWords, withoutGateways } from './plain-subject.ts';
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

export type ReportKind = 'bounce' | 'delayed' | 'delivered' | 'relayed' | 'receipt' | 'complaint';

export interface Report {
  readonly kind: ReportKind;
  readonly recipients: readonly ReportedRecipient[];
  /** Message-IDs that the report may be about, the surest first. */
  readonly about: readonly MailId[];
  /** Message-IDs of its conversation: what the mail that came back answers, and all before it. */
  readonly within: readonly MailId[];
  /** Of the mail that came back: its In-Reply-To. */
  readonly answers: readonly MailId[];
  /** Its subject alone says so: those may be the words of the mail that an absence answers. */
  readonly bySubject: boolean;
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
  const { declared, type } = declaredReport(facts);
  // Who forwards a report in a mail of their own is no machine.
  const isSent = declared || isMachine(facts) || POSTMASTER.test(facts.from);
  const parts = (what: string) => (isSent ? partsOf(facts, what) : []);
  const is = (what: string) => parts(what).length > 0 || type === what;
  const told = parts('delivery-status')
    .flatMap(({ text }) => recipientsOf(text))
    .slice(0, MAX_RECIPIENTS);
  const said = inWords(facts);
  const isBelieved = isReporter(facts, declared, told, said);
  const { about, isNamed } = idsAbout(facts, isBelieved ? answered(facts) : []);
  const within = [...new Set([...quotedAnswers(facts), ...(isBelieved ? facts.references : [])])];
  const answers = messageIds(quotedFields(facts, /^in-reply-to$/i));
  const ids = { about, within, answers, bySubject: false };
  if (is('disposition-notification')) {
    const disposition = dispositionOf(parts('disposition-notification')[0]?.text ?? '');
    return { kind: 'receipt', recipients: [], ...ids, disposition };
  }
  if (is('feedback-report')) return { kind: 'complaint', recipients: [], ...ids, disposition: null };
  const kind = kindOf(told) ?? said?.kind ?? (isNamed ? unforeseen(facts) : undefined);
  if (kind === undefined) return undefined;
  // Whom a report in words names failed only where it tells of a failure.
  const named = kind === 'bounce' ? failedRecipients(facts) : [];
  return {
    ...{ kind, ...ids, disposition: null },
    recipients: told.length > 0 ? told : named,
    bySubject: told.length === 0 && said?.bySubject === true,
  };
}

/** RFC 6522: whether the mail calls itself a report, and of which kind. */
function declaredReport({ header }: ReportFacts): {
  readonly declared: boolean;
  readonly type: string | undefined;
} {
  const content = header('content-type')?.slice(0, 1000) ?? '';
  const declared = /multipart\/report/i.test(content);
  const type = declared ? /report-type="?([\w-]{1,60})/i.exec(content)?.[1] : undefined;
  return { declared, type: type?.toLowerCase() };
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
  if (actions.has('delivered')) return 'delivered';
  // Passed on to where nothing more is told of it (RFC 3464 §2.3.3).
  return actions.size > 0 ? 'relayed' : undefined;
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
 * of those alone who say in a machine's form or words whom they failed to reach, or who write by a daemon's address.
 */
function isReporter(
  facts: ReportFacts,
  declared: boolean,
  told: readonly ReportedRecipient[],
  said: Said | undefined,
): boolean {
  if (DAEMON.test(facts.from) || (declared && told.length > 0)) return true;
  const names = told.length > 0 || facts.header('x-failed-recipients') !== undefined;
  return facts.envelopeFrom.trim() === '' && (names || said !== undefined || POSTMASTER.test(facts.from));
}

const DAEMON = /^(mailer-daemon|mail-daemon|maildaemon|mdaemon|microsoftexchange[\da-f]*)@/i;
/** A machine writes by this address, and so does a person (RFC 5321 §4.5.1). */
const POSTMASTER = /^postmaster@/i;

/** A machine's address, or an empty return path (RFC 5321 §4.5.5). */
const isMachine = ({ envelopeFrom, from }: ReportFacts): boolean =>
  envelopeFrom.trim() === '' || DAEMON.test(from);

interface Said {
  readonly kind: ReportKind;
  readonly bySubject: boolean;
}

/**
 * Reports in words only: qmail (QSBMF), Exim, old Exchange. No single sign makes one: people write such subjects, and any header.
 * What stands behind a reply mark in its subject are the words of the mail that it answers.
 */
function inWords(facts: ReportFacts): Said | undefined {
  const { header, from, subject, text } = facts;
  const title = ownWords(withoutGateways(plain(subject)));
  const start = startOf(text);
  const quotesCode = CODE.test(start);
  const isQmail = QMAIL.test(start);
  const failed = FAILED.test(title) || isQmail;
  const named = header('x-failed-recipients') !== undefined;
  const daemon = DAEMON.test(from) || POSTMASTER.test(from);
  const bounce = { kind: 'bounce', bySubject: false } as const;
  if (!isMachine(facts)) return failed && quotesCode && (named || isProgram(facts, title)) ? bounce : undefined;
  if (named) return bounce;
  // An absence that answers "Re: Falha na entrega" reports nothing.
  if (!daemon && isResponderSubject(subject)) return undefined;
  const kind = kindOfTitle(title, failed);
  if (kind !== undefined) return { kind, bySubject: !daemon && !quotesCode && !isQmail };
  return quotesCode && daemon ? bounce : undefined;
}

/** Behind postmaster with a return path is a person, unless it says that it is none (RFC 3834 §5) or has a program's title. */
const isProgram = ({ header, from }: ReportFacts, title: string): boolean =>
  POSTMASTER.test(from) && (/^\s*auto-/i.test(header('auto-submitted') ?? '') || OF_PROGRAMS.test(title));
const OF_PROGRAMS =
  /^(?:undeliver|nao e possivel entregar|no se puede entregar|delivery (?:status|failure|has failed)|mail delivery|returned mail|failure notice|unzustellbar|non remis)/;

const startOf = (text: string): string => plain(text.slice(0, 1000)).trimStart();

function kindOfTitle(title: string, failed: boolean): ReportKind | undefined {
  if (DELAYED.test(title)) return 'delayed';
  if (READ.test(title)) return 'receipt';
  if (failed) return 'bounce';
  if (RELAYED.test(title)) return 'relayed';
  return DELIVERED.test(title) ? 'delivered' : undefined;
}

/** What a daemon answers to a mail in words that nobody knows; behind postmaster may be a person. */
function unforeseen({ from, subject, text }: ReportFacts): ReportKind | undefined {
  if (!DAEMON.test(from) || isResponderSubject(subject)) return undefined;
  return WILL_TRY.test(startOf(text)) ? 'delayed' : 'bounce';
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
    '(?:mensagem|e-?mail) (?:bloquead|rejeitad|recusad|nao entreg)|(?:mensaje|correo) (?:bloquead|rechazad|devuelt)',
    'erro (?:no|de|ao) envi(?:o|ar)|(?:mensagem|e-?mail) devolvid|devolucao d[eo] e-?mail|e-?mail nao encontrado',
    'caixa (?:postal|de (?:correio|entrada)) cheia|no se (?:puede|pudo) entregar|no entregado|error de entrega',
    '^unzustellbar|^non remis|^non recapitabile|^onbestelbaar|недоставлен|не доставлен|无法送达|無法傳遞|退信',
  ].join('|'),
);
const READ = /^(?:read|lida|lido|leida|leido|confirmacao de leitura|read receipt|return receipt)\s*[:(]/;
const RELAYED = /^(?:relayed|expanded|retransmitid[ao])\s*[:：]|\((?:relay|relayed|expanded)\)/;
const DELIVERED =
  /^(?:delivered|entregue|entregad[ao]|zugestellt|remis|consegnato|доставлено|已送达)\s*[:：]|successful mail delivery|\((?:success|delivered)\)|(?:mensagem|e-?mail) entregue|entrega (?:bem[- ]sucedida|concluida|realizada)/;
