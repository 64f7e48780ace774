import type { Api } from '../session/api.ts';
import { randomKey } from '../session/drafts.ts';
import type { DeskStore } from './desk-store.ts';
import { partsOf } from './note-parts.ts';
import type { WorkEvent } from './work-events.ts';

/** How a contact is closed; `hangup` ends a live call first. */
export interface Closing {
  disposition: string;
  note: string | null;
  hangup?: boolean;
}

export const path = (id: string, action = ''): string =>
  `/api/v1/interactions/${encodeURIComponent(id)}${action}`;

type Commands = Pick<
  DeskStore,
  | 'accept'
  | 'reject'
  | 'close'
  | 'extendWrapUp'
  | 'take'
  | 'assign'
  | 'end'
  | 'hangUp'
  | 'hold'
  | 'dtmf'
  | 'note'
  | 'reply'
  | 'transfer'
  | 'call'
  | 'retryContext'
  | 'linkCustomer'
>;

/** One command, one request: HTTP answers with a problem document even when the live connection is away. */
export function commands(
  api: Api,
  tell: (event: WorkEvent) => void,
  refresh: (id: string) => Promise<void>,
): Commands {
  const leave = async (id: string, action: '/accept' | '/reject'): Promise<void> => {
    // The ring stops with the key, not with the answer; what the server says afterwards is the truth.
    tell({ type: 'offerGone', interactionId: id });
    await api.post(path(id, action));
  };
  const andRefresh = async (id: string, doing: Promise<void>): Promise<void> => {
    await doing;
    await refresh(id);
  };
  /** Of notes that no answer came for: whoever sends one again writes it once. */
  const noteKeys = new Map<string, string>();
  /** One after the other: they stand in the order of the text. */
  const writeNotes = async (id: string, text: string): Promise<void> => {
    const written: string[] = [];
    for (const [index, part] of partsOf(text).entries()) {
      const what = JSON.stringify([id, part, index]);
      const key = noteKeys.get(what) ?? randomKey();
      noteKeys.set(what, key);
      await api.post(path(id, '/notes'), { text: part }, key);
      written.push(what);
    }
    // Not before the last one: whoever sends the text again after a refusal sends the first ones again, too.
    for (const what of written) noteKeys.delete(what);
  };
  return {
    accept: async (id) => {
      await leave(id, '/accept');
      tell({ type: 'select', id });
      await refresh(id);
    },
    reject: (id) => leave(id, '/reject'),
    close: (id, { disposition, note, hangup }) =>
      andRefresh(
        id,
        api.post(path(id, '/close'), {
          disposition,
          ...(note === null ? {} : { note }),
          ...(hangup === true ? { hangup } : {}),
        }),
      ),
    extendWrapUp: (id) => andRefresh(id, api.post(path(id, '/wrap-up/extend'))),
    take: async (id) => {
      await andRefresh(id, api.post(path(id, '/take')));
      tell({ type: 'select', id });
    },
    assign: (id, agent) => andRefresh(id, api.post(path(id, '/assign'), { agent })),
    end: (id, reason) => andRefresh(id, api.post(path(id, '/end'), { reason })),
    hangUp: (id) => api.post(path(id, '/hangup')),
    hold: (id, on) => andRefresh(id, api.post(path(id, on ? '/hold' : '/resume'))),
    dtmf: (id, digits) => api.post(path(id, '/dtmf'), { digits }),
    note: (id, text) => andRefresh(id, writeNotes(id, text)),
    reply: (id, text, attachments, cc, key) =>
      andRefresh(
        id,
        api.post(
          path(id, '/messages'),
          {
            text,
            ...(attachments.length > 0 ? { attachments } : {}),
            ...(cc === undefined ? {} : { cc }),
          },
          key,
        ),
      ),
    transfer: (id, to) => api.post(path(id, '/transfer'), { to, mode: 'blind' }),
    call: (to, queue) => api.post('/api/v1/calls', { to, ...(queue === null ? {} : { queue }) }),
    retryContext: (id) => refresh(id),
    linkCustomer: (id, customerId, confirmed) =>
      andRefresh(id, api.post(path(id, '/customer'), { customerId, confirmed })),
  };
}
