import { undeliveredReply, type UndeliveredReply } from '../../../src/contracts/interaction.ts';
import { listOf, query, type Api } from '../session/api.ts';
import type { Live } from '../session/live.ts';
import { allPages } from '../session/pages.ts';
import { createStore, type ReadStore } from '../ui/store.ts';

/**
 * Replies that failed after their contact was over. They stand at the server until somebody puts them aside, so the list is read
 * when the desk opens, when the history of live events had a gap, and when a message of it, or one that belongs there, is told.
 */
export interface UndeliveredStore {
  /** Newest first. */
  replies: ReadStore<readonly UndeliveredReply[]>;
  start: () => void;
  /** For everybody. Rejects with ApiError. */
  dismiss: (reply: UndeliveredReply) => Promise<void>;
  stop: () => void;
}

/** Pages of 100; more replies than these are no list that anybody reads. */
const MOST_PAGES = 5;

const readAll = (api: Pick<Api, 'get'>): Promise<readonly UndeliveredReply[]> =>
  allPages(
    (cursor) =>
      api.get(`/api/v1/messages/undelivered${query({ limit: 100, cursor })}`, listOf(undeliveredReply)),
    MOST_PAGES,
  );

export function createUndelivered({
  api,
  live,
}: {
  api: Pick<Api, 'get' | 'post'>;
  live: Pick<Live, 'on'>;
}): UndeliveredStore {
  const replies = createStore<readonly UndeliveredReply[]>([]);
  const releases: (() => void)[] = [];
  let asked = 0;
  const without = (id: string): void => replies.set(replies.get().filter((one) => one.id !== id));
  const reload = async (): Promise<void> => {
    asked += 1;
    const mine = asked;
    try {
      const items = await readAll(api);
      // A later question has the later answer.
      if (mine === asked) replies.set(items);
    } catch {
      // What is known stays; the desk tells by itself that the server is away, and reads anew with `resync`.
    }
  };
  return {
    replies,
    start: () => {
      releases.push(
        live.on('message', ({ message }) => {
          if (message.undelivered === true || replies.get().some(({ id }) => id === message.id))
            void reload();
        }),
        live.on('resync', () => void reload()),
      );
      void reload();
    },
    dismiss: async (reply) => {
      const contact = encodeURIComponent(reply.interactionId);
      await api.post(`/api/v1/interactions/${contact}/messages/${encodeURIComponent(reply.id)}/acknowledge`);
      without(reply.id);
    },
    stop: () => {
      for (const release of releases.splice(0)) release();
    },
  };
}
