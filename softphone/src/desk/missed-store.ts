import {
  interaction as interactionSchema,
  type InteractionView,
} from '../../../src/contracts/interaction.ts';
import { listOf, query, type Api } from '../session/api.ts';
import type { Live } from '../session/live.ts';
import { createStore, type ReadStore } from '../ui/store.ts';
import { missedCalls, type MissedCall } from './missed.ts';

/**
 * Calls that we lost and owe a call back. The alert of a crash is told before any screen is connected, so the list is
 * read when the desk opens and each time the history of live events had a gap.
 */
export interface MissedStore {
  calls: ReadStore<readonly MissedCall[]>;
  start: () => void;
  reload: () => Promise<void>;
  stop: () => void;
}

export interface MissedDeps {
  api: Api;
  live: Pick<Live, 'on'>;
  now: () => number;
}

const PAGE = 200;
/** How far back later contacts are looked for; beyond it a lost call counts as not called back, which errs to the safe side. */
const PAGES = 5;

export function createMissed({ api, live, now }: MissedDeps): MissedStore {
  const calls = createStore<readonly MissedCall[]>([]);
  let known: ReadonlyMap<string, InteractionView> = new Map();
  const releases: (() => void)[] = [];
  const put = (contacts: readonly InteractionView[]): void => {
    known = new Map([...known, ...contacts.map((one) => [one.id, one] as const)]);
    calls.set(missedCalls([...known.values()], now()));
  };
  const page = (search: Parameters<typeof query>[0]) =>
    api.get(
      `/api/v1/interactions${query({ channel: 'voice', limit: PAGE, ...search })}`,
      listOf(interactionSchema),
    );

  const reload = async (): Promise<void> => {
    try {
      const { items } = await page({ state: 'missed' });
      put(items);
      const oldest = calls.get().reduce<string | null>((first, { contact }) => {
        const at = contact.timestamps.arrivedAt;
        return first === null || at < first ? at : first;
      }, null);
      let cursor: string | null = null;
      for (let count = 0; oldest !== null && count < PAGES; count += 1) {
        const later: Awaited<ReturnType<typeof page>> = await page({ cursor });
        put(later.items);
        cursor = later.nextCursor;
        if (cursor === null || (later.items.at(-1)?.timestamps.arrivedAt ?? '') < oldest) return;
      }
    } catch {
      // What is known stays; the desk tells by itself that the server is away, and reads anew with `resync`.
    }
  };
  return {
    calls,
    start: () => {
      releases.push(
        live.on('interaction', ({ interaction }) => {
          if (interaction.channel !== 'voice') return;
          const ours = calls.get().some((one) => one.contact.contact.address === interaction.contact.address);
          if (ours || interaction.state === 'missed') put([interaction]);
        }),
        live.on('alert', ({ code }) => {
          if (code === 'callback.due') void reload();
        }),
        live.on('resync', () => void reload()),
      );
      void reload();
    },
    reload,
    stop: () => {
      for (const release of releases.splice(0)) release();
    },
  };
}
