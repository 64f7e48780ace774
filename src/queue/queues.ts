import { AppError } from '../shared/errors.ts';
import { QUEUE_DEFAULTS, type QueueConfig } from './domain/config.ts';
import { nameKeyOf, nameTaken, type QueueStore } from './store.ts';

export type QueueSettings = Partial<Omit<QueueConfig, 'companyId' | 'key' | 'version'>>;

/** The queues of every company, kept in memory; few, and asked for with each contact. */
export interface Queues {
  list(companyId: string): readonly QueueConfig[];
  get(companyId: string, key: string): QueueConfig | undefined;
  /** The queue, or its defaults when nobody configured it: work is never lost for a missing setting. */
  settings(companyId: string, key: string): QueueConfig;
  /** Errors: queue.exists, queue.nameTaken 409. */
  create(
    companyId: string,
    key: string,
    settings: QueueSettings & { readonly name: string },
  ): Promise<QueueConfig>;
  /** Errors: queue.notFound 404, queue.conflict, queue.nameTaken 409. */
  patch(companyId: string, key: string, settings: QueueSettings): Promise<QueueConfig>;
  onChange(listener: (queue: QueueConfig) => void): void;
  start(): Promise<void>;
}

export function createQueues(store: QueueStore): Queues {
  const known = new Map<string, QueueConfig>();
  const listeners: ((queue: QueueConfig) => void)[] = [];
  const id = (companyId: string, key: string): string => `${companyId}:${key}`;
  const remember = (queue: QueueConfig): QueueConfig => {
    known.set(id(queue.companyId, queue.key), queue);
    for (const listener of listeners) listener(queue);
    return queue;
  };
  const get = (companyId: string, key: string): QueueConfig | undefined => known.get(id(companyId, key));
  /** Also one that is not in use: it may come back. */
  const isTaken = (companyId: string, key: string, name: string): boolean =>
    [...known.values()].some(
      (one) => one.companyId === companyId && one.key !== key && nameKeyOf(one.name) === nameKeyOf(name),
    );
  return {
    list: (companyId) =>
      [...known.values()]
        .filter((queue) => queue.companyId === companyId)
        .sort((a, b) => (a.key < b.key ? -1 : 1)),
    get,
    settings: (companyId, key) => get(companyId, key) ?? { ...QUEUE_DEFAULTS, companyId, key, name: key },
    async create(companyId, key, settings) {
      const queue: QueueConfig = { ...QUEUE_DEFAULTS, ...settings, companyId, key, version: 1 };
      const exists = (): AppError =>
        new AppError('queue.exists', 409, 'There is a queue of this key already.', { fields: ['key'] });
      if (get(companyId, key) !== undefined) throw exists();
      if (isTaken(companyId, key, queue.name)) throw nameTaken();
      // Two at once: whoever came first is known by now.
      if ((await store.insert(queue)) === 'duplicate')
        throw isTaken(companyId, key, queue.name) ? nameTaken() : exists();
      return remember(queue);
    },
    async patch(companyId, key, settings) {
      const queue = get(companyId, key);
      if (queue === undefined) throw new AppError('queue.notFound', 404, 'There is no such queue.');
      const next: QueueConfig = { ...queue, ...settings, version: queue.version + 1 };
      // Queues that are alike from earlier days may be changed in everything else.
      const renamed = nameKeyOf(next.name) !== nameKeyOf(queue.name);
      if (renamed && isTaken(companyId, key, next.name)) throw nameTaken();
      if (!(await store.replace(queue.version, next, renamed)))
        throw new AppError('queue.conflict', 409, 'The queue was changed elsewhere; load it again.');
      return remember(next);
    },
    onChange: (listener) => void listeners.push(listener),
    async start() {
      for (const queue of await store.all()) remember(queue);
    },
  };
}
