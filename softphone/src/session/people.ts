import { presenceView, type PresenceView } from '../../../src/contracts/realtime.ts';
import { createStore, type ReadStore } from '../ui/store.ts';
import { listOf, type Api } from './api.ts';
import type { Live } from './live.ts';

/** Colleagues by id: the journal names people by id, and F5 finds one's own presence here. */
export interface People {
  store: ReadStore<Readonly<Record<string, PresenceView>>>;
  reload: () => Promise<void>;
  stop: () => void;
}

export function createPeople(api: Api, live: Live): People {
  const store = createStore<Readonly<Record<string, PresenceView>>>({});
  const put = (one: PresenceView): void => store.set({ ...store.get(), [one.agentId]: one });
  const unlisten = live.on('presence', put);
  return {
    store,
    reload: async () => {
      const list = await api.get('/api/v1/agents', listOf(presenceView));
      store.set(Object.fromEntries(list.items.map((one) => [one.agentId, one])));
    },
    stop: unlisten,
  };
}
