import type { Interactions } from '../../interactions/index.ts';
import type { Logger } from '../../platform/log/index.ts';
import type { Clock } from '../../shared/clock.ts';
import type { Attachments } from './attachments.ts';
import { originOf, type Origin } from './domain/automatic.ts';
import { senderKey } from './domain/limits.ts';
import { isReplyToUnclear, writerOf, type Writer } from './domain/people.ts';
import { reportOf, type Report } from './domain/report.ts';
import { canonicalAddress, subjectKey } from './domain/threads.ts';
import type { MailFiles } from './files.ts';
import type { ThreadFacts } from './find-thread.ts';
import type { Mailboxes } from './mailboxes.ts';
import type { Outbound } from './outbound.ts';
import type { ParsedMail } from './parse.ts';
import type { MailParser } from './parser.ts';
import type { CustomerByEmail, ProtocolFacts, QueueFor } from './ports.ts';
import type { Mailbox, MailRecord, MailStore } from './store.ts';

export interface ImporterDeps {
  readonly store: MailStore;
  readonly files: MailFiles;
  readonly parser: MailParser;
  readonly mailboxes: Mailboxes;
  readonly attachments: Attachments;
  readonly outbound: Outbound;
  readonly interactions: Interactions;
  readonly customerByEmail: CustomerByEmail;
  readonly queueFor?: QueueFor;
  readonly protocolFacts: ProtocolFacts;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** One mail with everything that is known of it. */
export interface Arrival {
  readonly mail: MailRecord;
  readonly parsed: ParsedMail;
  readonly mailbox: Mailbox;
  readonly ours: ReadonlySet<string>;
  /** Whom we would answer. */
  readonly writer: Writer;
  /** How plainly the header says who that is; what follows from it is decided by these alone. */
  readonly doubts: Doubts;
  readonly origin: Origin;
  readonly report: Report | undefined;
  readonly facts: Partial<MailRecord>;
}

export interface Doubts {
  /** Neither From nor Reply-To says plainly who wrote: the envelope's address may be anybody's. */
  readonly answersNobody: boolean;
  readonly replyToUnclear: boolean;
  readonly severalFrom: boolean;
  /** The writer's name in the mail is, or holds, an address that is not theirs. */
  readonly misnamed: boolean;
  /** No From and no Reply-To: whoever brought it gave the address of the envelope. */
  readonly noFrom: boolean;
}

/** Reads who wrote and what kind of mail it is; changes nothing. */
export function arrivalOf(
  mail: MailRecord,
  parsed: ParsedMail,
  mailbox: Mailbox,
  ours: ReadonlySet<string>,
): Arrival {
  const { header, subject, text, references, replyTo } = parsed;
  const from = canonicalAddress(parsed.from?.address ?? mail.envelopeFrom);
  const { envelopeFrom } = mail;
  const writer = writerOf({ ...parsed, ours, envelopeFrom });
  const report = reportOf({
    header,
    envelopeFrom,
    from,
    subject,
    text,
    references,
    parts: parsed.attachments
      .filter(({ contentType }) => REPORT_PARTS.test(contentType))
      .slice(0, MAX_REPORT_PARTS)
      .map(({ contentType, content }) => ({
        contentType,
        text: content.subarray(0, 65_536).toString('latin1'),
      })),
  });
  const doubts = {
    answersNobody: parsed.fromUnclear && replyTo.length === 0,
    replyToUnclear: isReplyToUnclear(parsed),
    severalFrom: parsed.severalFrom,
    misnamed: parsed.misnamed.includes(writer.address),
    // RFC 5322 §3.6 wants one; without it the envelope alone says who wrote.
    noFrom: parsed.from === undefined && replyTo.length === 0,
  };
  const origin = originOf({
    header,
    envelopeFrom,
    from,
    writer: canonicalAddress(writer.address),
    replyTo: replyTo.map(({ address }) => address),
    writerInDoubt: doubts.replyToUnclear || doubts.severalFrom || doubts.noFrom,
    subject,
    report,
    ours,
  });
  const facts = {
    sender: writer.address,
    senderKey: senderKey(writer.address),
    origin,
    subject,
    subjectKey: subjectKey(subject),
    references,
  };
  return { mail, parsed, mailbox, ours, writer, doubts, origin, report, facts };
}

/** A report has three parts; what a stranger adds is not read outside of the thread for mails. */
const MAX_REPORT_PARTS = 10;
const REPORT_PARTS = /^(?:message\/|text\/rfc822)/i;

export const threadFacts = ({ mail, parsed, writer, doubts }: Arrival): ThreadFacts => ({
  mail,
  subject: parsed.subject,
  references: parsed.references,
  writer: writer.address,
  writerKey: senderKey(writer.address),
  ownSubject: writer.via === undefined && !doubts.replyToUnclear,
});
