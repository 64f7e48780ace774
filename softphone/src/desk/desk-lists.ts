import {
  interaction as interactionSchema,
  type InteractionView,
} from '../../../src/contracts/interaction.ts';
import { listOf, query, type Api } from '../session/api.ts';
import { allPages } from '../session/pages.ts';
import type { User } from '../session/session.ts';

/** What is in hand or offered. */
const held = 'offered,active,wrapUp';
/** Who waits comes in pages, oldest first; calls are asked for apart, so that no mail stands before one. */
const PAGE = 200;
const MOST_PAGES = 20;

export interface DeskLists {
  all: () => Promise<{ interactions: InteractionView[]; more: boolean }>;
  /** The next page of who waits; null when there is none. */
  next: () => Promise<{ interactions: InteractionView[]; more: boolean } | null>;
}

/** An operator's desk needs the own work; who leads also sees on the board what others have in hand. */
export function createDeskLists(
  api: Pick<Api, 'get'>,
  me: () => { readonly id: string; readonly role: User['role'] },
): DeskLists {
  let cursor: string | null = null;
  const contacts = (wanted: Parameters<typeof query>[0]) =>
    api.get(`/api/v1/interactions${query({ limit: PAGE, ...wanted })}`, listOf(interactionSchema));
  const whose = (): { agent?: string } => (me().role === 'operator' ? { agent: me().id } : {});
  /** Nobody has more pages in hand than this, and a server that always has another one ends here. */
  const inHands = (): Promise<InteractionView[]> =>
    allPages((after) => contacts({ state: held, cursor: after, ...whose() }), MOST_PAGES);
  return {
    all: async () => {
      const [inHand, calls, waiting] = await Promise.all([
        inHands(),
        contacts({ state: 'queued', channel: 'voice', order: 'oldest' }),
        contacts({ state: 'queued', order: 'oldest' }),
      ]);
      cursor = waiting.nextCursor;
      return { interactions: [...inHand, ...calls.items, ...waiting.items], more: cursor !== null };
    },
    next: async () => {
      if (cursor === null) return null;
      const page = await contacts({ state: 'queued', order: 'oldest', cursor });
      cursor = page.nextCursor;
      return { interactions: page.items, more: cursor !== null };
    },
  };
}
