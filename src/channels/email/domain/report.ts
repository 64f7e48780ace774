import {
  failedRecipients,
  fieldsOf,
  MAX_RECIPIENTS,
  recipientsOf,
  type ReportedRecipient,
} from './recipients.ts';
import { DAEMON, isMachine, POSTMASTER, type ReportFacts, type ReportKind } from './report-facts.ts';
import { inWords, type Said, unforeseen } from './report-words.ts';
import { messageIds, type MailId } from './threads.ts';

/** Reports about a mail of ours: what became of it, told by machines (RFC 3464, RFC 8098, RFC 5965, and older forms). */

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
  const { isNamed, ...ids } = idsOf(facts, isReporter(facts, declared, told), said);
  const plain = { ...ids, recipients: [], bySubject: false, disposition: null };
  if (is('disposition-notification')) {
    const disposition = dispositionOf(parts('disposition-notification')[0]?.text ?? '');
    return { ...plain, kind: 'receipt', disposition };
  }
  if (is('feedback-report')) return { ...plain, kind: 'complaint' };
  const kind = kindOf(told);
  return kind === undefined ? toldInWords(facts, said, isNamed, plain) : { ...plain, kind, recipients: told };
}

/** Whom a report in words names failed only where it tells of a failure. */
function toldInWords(
  facts: ReportFacts,
  said: Said | undefined,
  isNamed: boolean,
  plain: Omit<Report, 'kind'>,
): Report | undefined {
  const kind = said?.kind ?? (isNamed ? unforeseen(facts) : undefined);
  if (kind === undefined) return undefined;
  const recipients = kind === 'bounce' ? failedRecipients(facts) : [];
  return { ...plain, kind, recipients, bySubject: said?.bySubject === true };
}

/** `isBelieved`: what the mail itself answers counts. What has words alone names our mail so, and no conversation. */
function idsOf(facts: ReportFacts, isBelieved: boolean, said: Said | undefined) {
  const names = isBelieved || (said !== undefined && facts.envelopeFrom.trim() === '');
  const fields = quotedFields(facts);
  // What the mail that came back answers: the conversation that it belongs to, never the mail itself.
  const before = idsIn(fields, ANSWERS);
  return {
    ...idsAbout(facts, idsIn(fields, ABOUT), before, names ? answered(facts) : []),
    within: [...new Set([...before, ...(isBelieved ? facts.references : [])])],
    answers: idsIn(fields, /^in-reply-to$/i),
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
  named: readonly MailId[],
  before: readonly MailId[],
  answers: readonly MailId[],
): { readonly about: readonly MailId[]; readonly isNamed: boolean } {
  const others = new Set(before);
  const sure = named.length > 0 ? named : answers;
  const found = [...sure, ...messageIds(quotedTexts(facts)).filter((id) => !others.has(id))];
  return { about: [...new Set(found)], isNamed: sure.length > 0 };
}

const ABOUT = /^(?:original-|x-original-)?message-id$/i;
const ANSWERS = /^(?:in-reply-to|references)$/i;

const quotedTexts = ({ parts, text }: ReportFacts): string[] =>
  [...parts.map((one) => one.text), text].map((one) => one.slice(0, 65_536));

type QuotedField = readonly [name: string, value: string];

/** Header fields inside of what a report has, indented or quoted ones too; ids may stand on the lines below. */
const quotedFields = (facts: ReportFacts): QuotedField[] =>
  quotedTexts(facts).flatMap((one) =>
    Array.from(one.matchAll(FIELD), ([, name = '', value = '']): QuotedField => [name, value]),
  );

const idsIn = (fields: readonly QuotedField[], wanted: RegExp): MailId[] =>
  messageIds(fields.flatMap(([name, value]) => (wanted.test(name) ? [value] : [])));

const FIELD =
  /^[ \t>|]{0,10}((?:original-|x-original-)?message-id|in-reply-to|references)[ \t]*:(.*(?:\r?\n[ \t>|]*(?:<[^<>\s]{1,500}>[ \t]*)+$)*)/gim;

/** What it answers: In-Reply-To, else the last of References (RFC 5322 §3.6.4). The others before it went their way. */
function answered({ header, references }: ReportFacts): readonly MailId[] {
  const ids = messageIds(header('in-reply-to'));
  return ids.length > 0 ? ids : references.slice(-1);
}

/**
 * Every answer of a person, and every out-of-office with its empty return path, names our mail in In-Reply-To. There it is believed
 * of those alone who say in a machine's form whom they failed to reach, or who write by a daemon's address; a report in words only
 * names our mail, and its conversation says nothing.
 */
function isReporter(facts: ReportFacts, declared: boolean, told: readonly ReportedRecipient[]): boolean {
  if (DAEMON.test(facts.from) || (declared && told.length > 0)) return true;
  const names = told.length > 0 || facts.header('x-failed-recipients') !== undefined;
  return facts.envelopeFrom.trim() === '' && (names || POSTMASTER.test(facts.from));
}
