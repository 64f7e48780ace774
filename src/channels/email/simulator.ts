import { createTransport } from 'nodemailer';
import { z } from 'zod';
import { page, problem } from '../../contracts/common.ts';
import { unaudited, route, type Route } from '../../platform/http/index.ts';
import { AppError } from '../../shared/errors.ts';
import { bracketed } from './domain/threads.ts';
import type { EmailChannel } from './email.ts';
import type { OutboxMail } from './store.ts';

const address = z.email().max(254);
const received = z.object({
  id: z.string(),
  kind: z.string(),
  from: z.object({ address: z.string(), name: z.string() }),
  to: z.string(),
  cc: z.array(z.string()),
  subject: z.string(),
  text: z.string(),
  messageId: z.string(),
  inReplyTo: z.string().nullable(),
  references: z.array(z.string()),
  automatic: z.boolean(),
  status: z.string(),
  at: z.string(),
});
const viewOf = (mail: OutboxMail): z.infer<typeof received> => ({
  id: mail.id,
  kind: mail.kind,
  from: { ...mail.from },
  to: mail.to,
  cc: [...(mail.cc ?? [])],
  subject: mail.subject,
  text: mail.text,
  messageId: mail.messageId,
  inReplyTo: mail.inReplyTo,
  references: [...mail.references],
  automatic: mail.automatic,
  status: mail.status,
  at: mail.at.toISOString(),
});
/** What lies in this mailbox: also what it got a copy of. */
const reaches = (box: string) => {
  const one = box.toLowerCase();
  return { $or: [{ to: one }, { cc: one }] };
};
const sending = z.object({
  from: address,
  fromName: z.string().max(80).optional(),
  to: address,
  subject: z.string().max(300).default(''),
  text: z.string().max(1_000_000),
  /** Message-ID or id of a received mail: adds In-Reply-To and References as mail programs do. */
  inReplyTo: z.string().max(320).optional(),
  attachments: z
    .array(
      z.object({
        filename: z.string().max(200),
        contentType: z.string().max(100).optional(),
        contentBase64: z.string(),
      }),
    )
    .max(10)
    .default([]),
});

/** The customer's mailbox of /simulador: what we sent to an address, and mails from it through the real SMTP port. */
export function simulatorRoutes(email: EmailChannel): Route[] {
  const open = { tag: 'simulator', auth: 'public', hidden: true } as const;
  return [
    route({
      ...open,
      method: 'get',
      path: '/api/v1/simulator/mailbox',
      summary: 'Mails to a customer’s address, newest first',
      query: z.object({ address }),
      responses: { 200: page(received) },
      audit: unaudited('system'),
      handle: async ({ query }) => {
        const items = (await email.store.outbox(reaches(query.address))).map(viewOf);
        return { status: 200, body: { items, nextCursor: null } };
      },
    }),
    route({
      ...open,
      method: 'post',
      path: '/api/v1/simulator/mailbox',
      summary: 'Sends a mail as the customer',
      body: sending,
      maxBodyBytes: 30 * 1024 * 1024,
      responses: { 202: z.object({ messageId: z.string() }), 422: problem },
      audit: unaudited('system'),
      handle: async ({ body }) => ({ status: 202, body: { messageId: await send(email, body) } }),
    }),
  ];
}

async function send(email: EmailChannel, mail: z.infer<typeof sending>): Promise<string> {
  const { host, port } = email.smtp;
  if (port === 0) throw new AppError('smtp.off', 409, 'Inbound mail is off (SMTP_PORT=0).');
  const { inReplyTo: key } = mail;
  const [answered] =
    key === undefined
      ? []
      : await email.store.outbox(
          { $and: [reaches(mail.from), { $or: [{ messageId: key }, { _id: key }] }] },
          1,
        );
  const transport = createTransport({ host, port, secure: false, ignoreTLS: true });
  try {
    const { messageId } = await transport.sendMail({
      from: { address: mail.from, name: mail.fromName ?? '' },
      to: mail.to,
      subject: mail.subject,
      text: mail.text,
      ...(answered === undefined
        ? {}
        : {
            inReplyTo: bracketed(answered.messageId),
            references: [...answered.references, answered.messageId].map(bracketed),
          }),
      attachments: mail.attachments.map((a) => ({
        filename: a.filename,
        content: Buffer.from(a.contentBase64, 'base64'),
        ...(a.contentType === undefined ? {} : { contentType: a.contentType }),
      })),
      disableFileAccess: true,
      disableUrlAccess: true,
    });
    return messageId.replace(/^<|>$/g, '');
  } catch (error) {
    const response = error instanceof Error && 'response' in error ? String(error.response) : 'no answer';
    throw new AppError('simulator.refused', 422, `The mail was refused: ${response}`);
  } finally {
    transport.close();
  }
}
