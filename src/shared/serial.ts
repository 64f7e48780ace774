/**
 * Runs tasks of one key one after another, tasks of different keys side by side.
 * It spares conflicts inside one process; between processes the compare-and-set of the store decides.
 */
export interface Serial {
  run<T>(key: string, task: () => Promise<T>): Promise<T>;
  /** Resolves when no task is left, including those that tasks add meanwhile. */
  idle(): Promise<void>;
}

export function createSerial(): Serial {
  const tails = new Map<string, Promise<unknown>>();
  const run = <T>(key: string, task: () => Promise<T>): Promise<T> => {
    const before = tails.get(key);
    const turn = before === undefined ? task() : before.then(task, task);
    const tail = turn.catch(() => undefined);
    tails.set(key, tail);
    void tail.then(() => {
      if (tails.get(key) === tail) tails.delete(key);
    });
    return turn;
  };
  return {
    run,
    async idle() {
      while (tails.size > 0) await Promise.all(tails.values());
    },
  };
}
