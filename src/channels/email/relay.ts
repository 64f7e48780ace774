import { createTransport } from 'nodemailer';
import type { OutboxMail } from './store.ts';

export type Sent =
  | { readonly kind: 'sent' }
  /** Permanently (5xx): trying again would only annoy. */
  | { readonly kind: 'refused'; readonly reason: string }
  | { readonly kind: 'later'; readonly reason: string };

/** The way out (SMTP_URL). Never rejects. */
export interface Relay {
  send(
    mail: OutboxMail,
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
    async send(mail, files) {
      try {
        await transport.sendMail({
          from: mail.from,
          to: mail.to,
          subject: mail.subject,
          text: mail.text,
          messageId: `<${mail.messageId}>`,
          date: mail.at,
          ...(mail.inReplyTo === null ? {} : { inReplyTo: `<${mail.inReplyTo}>` }),
          references: mail.references.map((id) => `<${id}>`),
          attachments: [...files],
          // RFC 3834: automatic answers have an empty return path, so that nothing bounces back into a loop.
          envelope: { from: mail.automatic ? '' : mail.from.address, to: mail.to },
          ...(mail.automatic
            ? { headers: { 'Auto-Submitted': 'auto-replied', 'X-Auto-Response-Suppress': 'All' } }
            : {}),
        });
        return { kind: 'sent' };
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

function failure(error: unknown): Sent {
  const code = error instanceof Error && 'responseCode' in error ? Number(error.responseCode) : 0;
  const name = error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
  const reason = code > 0 ? `smtp.${code}` : `smtp.${name}`;
  return code >= 500 && code < 600 ? { kind: 'refused', reason } : { kind: 'later', reason };
}
