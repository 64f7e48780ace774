import type { MailId } from './threads.ts';

export type ReportKind = 'bounce' | 'delayed' | 'delivered' | 'relayed' | 'receipt' | 'complaint';

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

/** In words, a status (RFC 3463 §2) of the classes given, e.g. `45`; four numbers are the address of a host. */
export const statusOf = (classes: string): string =>
  `(?<![\\w.])[${classes}]\\.\\d{1,3}\\.\\d{1,3}(?!\\w|\\.\\d)`;

export const DAEMON = /^(mailer-daemon|mail-daemon|maildaemon|mdaemon|microsoftexchange[\da-f]*)@/i;
/** A machine writes by this address, and so does a person (RFC 5321 §4.5.1). */
export const POSTMASTER = /^postmaster@/i;

/** A machine's address, or an empty return path (RFC 5321 §4.5.5). */
export const isMachine = ({ envelopeFrom, from }: ReportFacts): boolean =>
  envelopeFrom.trim() === '' || DAEMON.test(from);
