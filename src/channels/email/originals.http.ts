import { z } from 'zod';
import { problem } from '../../contracts/common.ts';
import { fileToSave, reads, route, type Route } from '../../platform/http/index.ts';
import type { Originals } from './originals.ts';

/** "Show original": the bytes of the mail behind a message. */
export const originalRoutes = (originals: Originals): Route[] => [
  route({
    method: 'get',
    path: '/api/v1/messages/{id}/original',
    tag: 'interactions',
    summary:
      'The mail behind a message as it came (.eml), to be saved; by a message, or by the mailId of a line',
    auth: 'session',
    scope: 'interactions:read',
    params: z.object({ id: z.string().min(1).max(64) }),
    responses: { 200: null, 404: problem },
    audit: reads('mail.original', 'mail'),
    handle: async ({ principal, params: { id } }) => {
      const { path, filename } = await originals.open(principal, id);
      return fileToSave(path, 'message/rfc822', filename);
    },
  }),
];
