import { keywordOf } from './keyword.ts';
import type { Report } from './report.ts';
import { plainSubject } from './plain-subject.ts';
import { isResponderSubject, mayBeMachineSubject } from './subjects.ts';
import { canonicalAddress } from './threads.ts';

/**
 * What kind of writer sent a mail. `human`, `list` and `noReply` go to the queue, and only `human` is acknowledged: a list may carry
 * a person's words, and who wants no automatic answer may still have typed. The others open nothing.
 */
export type Origin =
  | 'human'
  | 'list'
  | 'noReply'
  | 'self'
  | 'bounce'
  | 'delayed'
  | 'delivered'
  | 'relayed'
  | 'receipt'
  | 'complaint'
  | 'autoReply'
  | 'bulk';

const QUEUED: ReadonlySet<Origin> = new Set(['human', 'list', 'noReply']);
export const opensContact = (origin: Origin): boolean => QUEUED.has(origin);

export interface OriginFacts {
  /** Header names in lower case. */
  readonly header: (name: string) => string | undefined;
  /** MAIL FROM of the envelope; empty for bounces and automatic answers (RFC 5321 §4.5.5). */
  readonly envelopeFrom: string;
  /** Canonical address of the From header. */
  readonly from: string;
  /** Whom an answer would reach; absent: From itself. */
  readonly writer?: string;
  readonly replyTo?: readonly string[];
  /** The header does not say plainly whom an answer reaches. */
  readonly writerInDoubt?: boolean;
  readonly subject?: string;
  readonly report?: Report | undefined;
  /** Canonical addresses that are ours. */
  readonly ours: ReadonlySet<string>;
}

/**
 * What only looks like a machine's is queued without an acknowledgement: a person's words set aside are worse than a machine's queued.
 * RFC 3834 (automatic responses), RFC 3464 (delivery reports), RFC 8098 (receipts), RFC 2369 and 2919 (lists), and products' own.
 */
export function originOf(facts: OriginFacts): Origin {
  const { header, from, ours, report } = facts;
  if (report !== undefined) return report.kind;
  const writer = facts.writer ?? from;
  // A form of our own site writes as the mailbox itself and names the customer in Reply-To.
  if (ours.has(writer)) return 'self';
  if (isAutomatic(facts, writer)) return 'autoReply';
  const listed = LIST_HEADERS.some((name) => header(name) !== undefined);
  const precedence = header('precedence')?.trim().toLowerCase() ?? '';
  if (precedence === 'bulk' || precedence === 'junk') return bulkOf(facts, writer);
  if (listed || precedence === 'list') return 'list';
  return wantsNoAnswer(facts, writer) || isDoubtful(facts, writer) ? 'noReply' : 'human';
}

/** What calls itself bulk: a newsletter, or a person behind an old list or a program that writes for many. */
function bulkOf(facts: OriginFacts, writer: string): Origin {
  if (PERSON_BY_LIST.some((name) => facts.header(name) !== undefined)) return 'list';
  return isWrittenForOne(facts, writer) ? 'noReply' : 'bulk';
}

/**
 * A program sends what one person typed: a web form, a CRM. Reply-To names that person and From the program (RFC 3834 §5 has
 * `auto-generated` for it). A newsletter has a list's headers, and a responder names the mail that it answers.
 */
function isWrittenForOne(facts: OriginFacts, writer: string): boolean {
  const { header, from, replyTo = [] } = facts;
  if (writer === from || isNoReply(writer) || isResponderSubject(facts.subject)) return false;
  if ([...LIST_HEADERS, 'in-reply-to', 'references'].some((name) => header(name) !== undefined)) return false;
  return replyTo.some((address) => canonicalAddress(address) === writer);
}

const submittedAs = ({ header }: OriginFacts): string =>
  keywordOf(header('auto-submitted') ?? '')
    .trim()
    .toLowerCase();

function isAutomatic(facts: OriginFacts, writer: string): boolean {
  const { header, envelopeFrom, from } = facts;
  const value = (name: string): string => header(name)?.trim() ?? '';
  // A report whose machine-readable part is missing says nothing, and nobody typed it.
  if (/^multipart\/report/i.test(value('content-type'))) return true;
  if (envelopeFrom.trim() === '' || DAEMON.test(from)) return true;
  const submitted = submittedAs(facts);
  if (!isNo(submitted) && (submitted !== 'auto-generated' || !isWrittenForOne(facts, writer))) return true;
  if (AUTO_HEADERS.some((name) => !isNo(value(name)))) return true;
  if (PRECEDENCE.some((name) => /^auto[_-]?reply$/i.test(value(name)))) return true;
  if (/autoresponder/i.test(value('x-post-messageclass'))) return true;
  return isResponderSubject(facts.subject) && wantsNoAnswer(facts, writer);
}

/** One sign of a machine alone; or nobody knows whom an answer would reach (RFC 3834 §4). */
const isDoubtful = (facts: OriginFacts, writer: string): boolean =>
  facts.writerInDoubt === true ||
  isResponderSubject(facts.subject) ||
  mayBeMachineSubject(facts.subject) ||
  !isNo(submittedAs(facts)) ||
  /^postmaster@/i.test(facts.from) ||
  (writer === facts.from && PROGRAM.test(plainSubject(writer))) ||
  /autoresponder/i.test(facts.header('delivered-to') ?? '') ||
  facts.header('return-path')?.trim() === '<>' ||
  MAYBE_HEADERS.some((name) => facts.header(name) !== undefined);

/** Absent, empty, or a plain no. */
const isNo = (text: string): boolean => /^(?:no|none|false|0)?$/i.test(text.trim());
/** RFC 5321 §4.5.1: behind postmaster stands a person. */
const DAEMON = /^(mailer-daemon|mail-daemon|maildaemon|mdaemon)@/i;

/** Of responders that know no RFC 3834: cPanel, Lotus, old Exchange, FirstClass, Amazon, hosting panels. */
const AUTO_HEADERS = [
  'x-autoreply',
  'x-autoreply-from',
  'x-auto-reply',
  'x-auto-reply-from',
  'x-mail-autoreply',
  'x-autorespond',
  'x-autoresponse',
  'x-autoresponder',
  'x-amazon-auto-reply',
  'x-fc-machinegenerated',
  'auto-response',
];

/** Exchange's rules, ticket systems and filters put these on what people wrote, too. */
const MAYBE_HEADERS = [
  'x-failed-recipients',
  'x-otrs-loop',
  'x-loop',
  'x-ms-exchange-generated-message-source',
];

/** RFC 2076 §3.9, and names that old responders took instead. */
const PRECEDENCE = ['precedence', 'x-precedence', 'preference'];

/** Programs that write as themselves; behind most is a mailbox that nobody answers from. */
const PROGRAM =
  /^(?:notificac(?:ao|oes)|notifications?|mailer|automatico|nf-?e|boletos?|alertas?|alerts?|robot?|root|cron)@/;

const LIST_HEADERS = [
  'list-id',
  'list-post',
  'list-help',
  'list-unsubscribe',
  'list-subscribe',
  'list-owner',
  'mailing-list',
  'x-mailing-list',
  'x-beenthere',
  'x-google-group-id',
];
/** Old discussion lists call themselves bulk too; a newsletter has none of these. */
const PERSON_BY_LIST = [
  'list-post',
  'x-beenthere',
  'x-google-group-id',
  'x-original-from',
  'x-original-sender',
];

function wantsNoAnswer({ header, replyTo = [] }: OriginFacts, writer: string): boolean {
  const suppressed = (header('x-auto-response-suppress') ?? '').toLowerCase().split(/[\s,;]+/);
  if (suppressed.some((what) => what === 'all' || what === 'autoreply' || what === 'oof')) return true;
  return isNoReply(writer) || replyTo.some((address) => isNoReply(address));
}

const NO_REPLY = new RegExp(
  `(?:^|[-_.+])(?:${[
    'no[-_.]?reply',
    'do[-_.]?not[-_.]?reply',
    'dont[-_.]?reply',
    'never[-_.]?reply',
    'nao[-_.]?(?:respond[ae]r?|resposta)',
    'no[-_.]?respond(?:a|er)',
    'no[-_.]?contest(?:ar|e)',
    'no[-_.]?response',
    'sem[-_.]?resposta',
    'unattended',
    'auto(?:matic)?[-_.]?(?:reply|responder|confirm)',
    'bounces?',
    'mailer[-_.]?daemon',
  ].join('|')})(?:$|[-_.+\\d])`,
);

/** Nobody reads what is sent to this address, as its own name says. */
export function isNoReply(address: string): boolean {
  const local = address.slice(0, Math.max(0, address.lastIndexOf('@'))).slice(0, 64);
  return NO_REPLY.test(plainSubject(local));
}
