import { z } from 'zod';
import { page, pageQuery, problem } from '../../contracts/common.ts';
import { does, reads, fileToSave, route, type Route } from '../../platform/http/index.ts';
import type { SetAside } from './set-aside.ts';
import type { MailRecord } from './store.ts';

const base = '/api/v1/admin/mailboxes/set-aside';
const params = z.object({ id: z.string().min(1).max(64) });
const person = z.object({ address: z.string(), name: z.string().optional() });

const line = z.object({
  id: z.string(),
  from: z.string().nullable(),
  subject: z.string().nullable(),
  /** What the mail was taken for, or why it could not be read. */
  reason: z.string().nullable(),
  /** The same, as older clients know it. */
  origin: z.string().nullable(),
  /** The first words. */
  preview: z.string().nullable(),
  at: z.string(),
});

const whole = line.extend({
  mailbox: z.string(),
  sender: person.nullable(),
  replyTo: z.array(person),
  to: z.array(person),
  cc: z.array(person),
  text: z.string(),
  /** As on a message; empty: there is no other. */
  otherText: z.string(),
  attachments: z.array(
    z.object({ filename: z.string(), contentType: z.string(), sizeBytes: z.number().int().nonnegative() }),
  ),
  /** False: the structure is broken, the text is the raw body. */
  whole: z.boolean(),
  /** As on a message. */
  notices: z.array(z.string()),
});

const lineView = (mail: MailRecord): z.infer<typeof line> => ({
  id: mail.id,
  from: mail.sender,
  subject: mail.subject,
  reason: mail.reason ?? mail.origin,
  origin: mail.origin,
  preview: mail.preview ?? null,
  at: mail.at.toISOString(),
});

const personView = ({ address, name }: { readonly address: string; readonly name: string | undefined }) => ({
  address,
  ...(name === undefined ? {} : { name }),
});

/** Mails that became no contact: the list, one with its content, the original, and the way into the queue. */
export function setAsideRoutes(setAside: SetAside): Route[] {
  const admin = { tag: 'admin', auth: 'session', roles: ['admin'], scope: 'admin:mailboxes' } as const;
  return [
    route({
      ...admin,
      method: 'get',
      path: base,
      summary: 'Mails set aside: automatic and of no thread, or unreadable; kept, not queued, not answered',
      query: pageQuery,
      responses: { 200: page(line) },
      audit: reads('mail.list', 'mail'),
      handle: async ({ principal, query }) => {
        const { items, nextCursor } = await setAside.list(principal.companyId, query);
        return { status: 200, body: { items: items.map(lineView), nextCursor } };
      },
    }),
    route({
      ...admin,
      method: 'get',
      path: `${base}/{id}`,
      summary: 'One mail set aside, with its content as plain text',
      params,
      responses: { 200: whole, 404: problem },
      audit: reads('mail.read', 'mail'),
      handle: async ({ principal, params: { id } }) => {
        const { mail, from, replyTo, to, cc, notices, ...rest } = await setAside.read(
          principal.companyId,
          id,
        );
        const body = {
          ...lineView(mail),
          ...rest,
          attachments: [...rest.attachments],
          notices: [...notices],
          sender: from === undefined ? null : personView(from),
          replyTo: replyTo.map(personView),
          to: to.map(personView),
          cc: cc.map(personView),
        };
        return { status: 200, body };
      },
    }),
    route({
      ...admin,
      method: 'get',
      path: `${base}/{id}/original`,
      summary: 'The mail as it came (.eml), to be saved',
      params,
      responses: { 200: null, 404: problem },
      audit: reads('mail.original', 'mail'),
      handle: async ({ principal, params: { id } }) => {
        const { path, filename } = await setAside.original(principal.companyId, id);
        return fileToSave(path, 'application/octet-stream', filename);
      },
    }),
    route({
      ...admin,
      method: 'post',
      path: `${base}/{id}/queue`,
      summary: 'Makes a contact of it, without an acknowledgement',
      params,
      responses: {
        200: z.object({ id: z.string(), interactionId: z.string().nullable() }),
        404: problem,
        409: problem,
      },
      audit: does('mail.queue', 'mail'),
      handle: async ({ principal, params: { id } }) => {
        const interactionId = await setAside.toQueue(principal.companyId, id);
        return { status: 200, body: { id, interactionId } };
      },
    }),
  ];
}
