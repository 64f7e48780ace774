import { z } from 'zod';
import { clearable, nameLine, page, problem, prose, wholeQuery } from '../../contracts/common.ts';
import { fault } from '../../contracts/field-words.ts';
import { attachment } from '../../contracts/interaction.ts';
import { ranges, whole } from '../../contracts/ranges.ts';
import { does, reads, unaudited, fileToSave, route, type Route } from '../../platform/http/index.ts';
import { AppError } from '../../shared/errors.ts';
import { MAX_UPLOAD_BYTES } from './attachments.ts';
import type { EmailChannel } from './email.ts';
import { originalRoutes } from './originals.http.ts';
import { setAsideRoutes } from './set-aside.http.ts';
import { simulatorRoutes } from './simulator.ts';
import type { Mailbox } from './store.ts';

export interface EmailRoutesDeps {
  readonly email: EmailChannel;
  /** Can contacts wait in this queue? Default: in any. */
  readonly queueServes?: (companyId: string, queue: string) => boolean;
  /** Demo only: the customer's side. */
  readonly simulator: boolean;
}

const address = z.email().max(254);
const queue = z
  .string()
  .min(1, { error: fault('chooseOne'), abort: true })
  .regex(/^[a-z0-9][a-z0-9-]{0,39}$/, fault('key'));
const settings = {
  name: nameLine(80, 0),
  queue,
  priority: whole(ranges.priority),
  acknowledge: z.boolean(),
  /** Text with {protocol} and {date}; null: the product's own. No links. */
  acknowledgeText: prose(4000)
    .refine((t) => t.includes('{protocol}'), fault('needsProtocol'))
    .refine((t) => !/https?:\/\/|www\./i.test(t), fault('noLinks'))
    .nullable(),
};
const create = z.object(settings).partial().extend({ address, queue });
const patch = z
  .object({ ...settings, active: z.boolean() })
  .partial()
  .extend({
    name: settings.name.nullable().optional(),
    acknowledgeText: clearable(settings.acknowledgeText.unwrap()),
  });
const view = z.object({
  id: z.string(),
  address: z.string(),
  ...settings,
  acknowledgeText: z.string().nullable(),
  queue: z.string(),
  active: z.boolean(),
});
const viewOf = ({ companyId: _company, ...rest }: Mailbox): z.infer<typeof view> => ({ ...rest });
const byId = z.object({ id: z.string().max(64) });
export const emailRoutes = (deps: EmailRoutesDeps): Route[] => [
  ...mailboxRoutes(deps),
  ...setAsideRoutes(deps.email.setAside),
  ...originalRoutes(deps.email.originals),
  ...attachmentRoutes(deps),
  ...(deps.simulator ? simulatorRoutes(deps.email) : []),
];

function mailboxRoutes({ email, queueServes }: EmailRoutesDeps): Route[] {
  const assertServed = (companyId: string, wanted: string): void => {
    if (queueServes?.(companyId, wanted) ?? true) return;
    throw new AppError(
      'mailbox.queueUnknown',
      422,
      `The queue ${wanted} does not exist or is inactive: its mails would wait for nobody.`,
      { queues: [wanted], fields: ['queue'] },
    );
  };
  const admin = { tag: 'admin', auth: 'session', roles: ['admin'], scope: 'admin:mailboxes' } as const;
  return [
    route({
      ...admin,
      method: 'get',
      path: '/api/v1/admin/mailboxes',
      summary: 'Mailboxes of the company',
      query: wholeQuery,
      responses: { 200: page(view) },
      audit: unaudited('settings'),
      handle: async ({ principal }) => ({
        status: 200,
        body: { items: (await email.mailboxes.list(principal.companyId)).map(viewOf), nextCursor: null },
      }),
    }),
    route({
      ...admin,
      method: 'post',
      path: '/api/v1/admin/mailboxes',
      summary: 'New mailbox',
      body: create,
      responses: { 201: view, 409: problem, 422: problem },
      audit: does('mailbox.create', 'mailbox'),
      handle: async ({ principal, body }) => {
        assertServed(principal.companyId, body.queue);
        const made = await email.mailboxes.create(principal.companyId, body);
        return { status: 201, body: viewOf(made), audit: { target: made.address } };
      },
    }),
    route({
      ...admin,
      method: 'patch',
      path: '/api/v1/admin/mailboxes/{id}',
      summary: 'Changes a mailbox; nothing is deleted, active: false turns it off',
      params: byId,
      body: patch,
      responses: { 200: view, 404: problem, 422: problem },
      audit: does('mailbox.update', 'mailbox'),
      handle: async ({ principal, params, body }) => {
        if (body.queue !== undefined) assertServed(principal.companyId, body.queue);
        else if (body.active === true) {
          const before = await email.mailboxes.byId(principal.companyId, params.id);
          if (before !== undefined) assertServed(principal.companyId, before.queue);
        }
        const named = body.name === null ? { ...body, name: '' } : body;
        const given = Object.fromEntries(Object.entries(named).filter(([, value]) => value !== undefined));
        const changed = await email.mailboxes.update(principal.companyId, params.id, given);
        const data = { fields: Object.keys(given) };
        return { status: 200, body: viewOf(changed), audit: { target: changed.address, data } };
      },
    }),
  ];
}

function attachmentRoutes({ email }: EmailRoutesDeps): Route[] {
  return [
    route({
      method: 'get',
      path: '/api/v1/attachments/{id}',
      tag: 'interactions',
      summary: 'Downloads an attachment; never shown inside the page',
      auth: 'session',
      scope: 'interactions:read',
      params: byId,
      responses: { 200: null, 404: problem },
      audit: reads('attachment.read', 'attachment'),
      handle: async ({ principal, params }) => {
        const file = await email.attachments.open(principal, params.id);
        return fileToSave(email.path(file.file), 'application/octet-stream', file.filename);
      },
    }),
    route({
      method: 'post',
      path: '/api/v1/attachments',
      tag: 'interactions',
      summary: 'Uploads a file to be sent with a message; the body is the file',
      auth: 'session',
      scope: 'interactions:write',
      query: z.object({ filename: z.string().min(1).max(255) }),
      body: z.instanceof(Buffer),
      bodyKind: 'raw',
      maxBodyBytes: MAX_UPLOAD_BYTES,
      responses: { 201: attachment, 413: problem, 429: problem },
      audit: does('attachment.upload', 'attachment'),
      handle: async ({ principal, query, body, request }) => {
        const contentType = (request.headers['content-type'] ?? '').split(';', 1)[0]?.trim() ?? '';
        const made = await email.attachments.upload(principal, {
          filename: query.filename,
          contentType,
          content: body,
        });
        const { id, sizeBytes, contentType: type } = made;
        return { status: 201, body: made, audit: { target: id, data: { sizeBytes, contentType: type } } };
      },
    }),
  ];
}
