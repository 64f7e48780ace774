import { createTransport } from 'nodemailer';
import { bracketed } from './domain/threads.ts';
import type { OutboxMail } from './store.ts';

/** A recipient that was not taken while others were. */
export interface Left {
  readonly address: string;
  readonly reason: string;
  /** 4xx: worth another try. */
  readonly later: boolean;
}

export type Sent =
  | { readonly kind: 'sent'; readonly left: readonly Left[] }
  /** Permanently (5xx): trying again would only annoy. */
  | { readonly kind: 'refused'; readonly reason: string; readonly detail: string }
  | { readonly kind: 'later'; readonly reason: string; readonly detail: string };

/** The way out (SMTP_URL). Never rejects. */
export interface Relay {
  /** To `recipients`, whatever the header says. */
  send(
    mail: OutboxMail,
    recipients: readonly string[],
    files: readonly { filename: string; path: string; contentType: string }[],
  ): Promise<Sent>;
  verify(): Promise<boolean>;
  close(): void;
}

export function createRelay(url: string): Relay {
  const transport = createTransport(url, {
    connectionTimeout: 10_000,
    greetingTimeout: 10_000,
    socketTimeout: 60_000,
    disableUrlAccess: true,
  } as Record<string, unknown>);
  return {
    async send(mail, recipients, files) {
      try {
        const info: unknown = await transport.sendMail({
          from: mail.from,
          to: named(mail.to, mail.toName ?? ''),
          ...(mail.cc === undefined || mail.cc.length === 0 ? {} : { cc: mail.cc.map((one) => named(one)) }),
          subject: mail.subject,
          text: mail.text,
          messageId: bracketed(mail.messageId),
          date: mail.at,
          ...(mail.inReplyTo === null ? {} : { inReplyTo: bracketed(mail.inReplyTo) }),
          references: mail.references.map(bracketed),
          attachments: [...files],
          // RFC 3834: automatic answers have an empty return path, so that nothing bounces back into a loop.
          envelope: {
            from: mail.automatic ? '' : mail.from.address,
            to: recipients.map((one) => named(one)),
          },
          ...(mail.automatic
            ? { headers: { 'Auto-Submitted': 'auto-replied', 'X-Auto-Response-Suppress': 'All' } }
            : {}),
        });
        return { kind: 'sent', left: leftOf(info) };
      } catch (error) {
        return failure(error);
      }
    },
    verify: () =>
      transport.verify().then(
        () => true,
        () => false,
      ),
    close: () => transport.close(),
  };
}

/** As one address, not as text to be read anew: `"a b"@cliente.test` would come out as a name. */
const named = (address: string, name = '') => ({ name, address });

interface SmtpFault {
  readonly code?: string;
  readonly command?: string;
  readonly response?: string;
  readonly responseCode?: number;
  readonly recipient?: string;
  readonly rejectedErrors?: readonly SmtpFault[];
}

const isFault = (value: unknown): value is SmtpFault => typeof value === 'object' && value !== null;

function leftOf(info: unknown): Left[] {
  const faults = isFault(info) ? (info.rejectedErrors ?? []) : [];
  return faults.map((fault) => ({
    address: (fault.recipient ?? '').toLowerCase(),
    reason: `smtp.${fault.responseCode ?? 550}`,
    later: (fault.responseCode ?? 550) < 500,
  }));
}

const AUTH_CODES = new Set([530, 534, 535, 538]);
/** Said before any mail was named: the server has something against us, not against this mail. */
const BEFORE_MAIL = /^(?:CONN|EHLO|HELO|LHLO|STARTTLS)/;

function failure(error: unknown): Sent {
  const fault: SmtpFault = isFault(error) ? error : {};
  const { code = '', response } = fault;
  const status = statusOf(fault);
  const detail = (response ?? code).replace(/\s+/g, ' ').slice(0, 300);
  const relayWide = relayFault(fault, status);
  if (relayWide !== undefined) return { kind: 'later', reason: relayWide, detail };
  return { kind: status >= 500 && status < 600 ? 'refused' : 'later', reason: `smtp.${status}`, detail };
}

/** Every recipient was refused: one that may be tried again keeps the mail alive. */
function statusOf({ rejectedErrors = [], responseCode = 0 }: SmtpFault): number {
  const later = rejectedErrors.find((one) => (one.responseCode ?? 0) < 500);
  return later?.responseCode ?? responseCode;
}

/** What the server, or the way to it, has against all our mails. */
function relayFault({ code = '', command = '' }: SmtpFault, status: number): string | undefined {
  if (AUTH_FAULTS.has(code) || AUTH_CODES.has(status)) return 'smtp.auth';
  if (code === 'ETLS' || TLS.test(code)) return 'smtp.tls';
  if (status === 0) return 'smtp.unreachable';
  return BEFORE_MAIL.test(command) && status >= 500 ? 'smtp.rejectsUs' : undefined;
}

const AUTH_FAULTS = new Set(['EAUTH', 'ENOAUTH', 'EOAUTH2']);
/** Node's names for a certificate that does not hold. */
const TLS = /CERT|SELF_SIGNED|UNABLE_TO_|^ERR_(?:SSL|TLS)|^EPROTO$/;
