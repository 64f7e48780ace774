export interface Turns {
  /** Runs the task when its turn comes: one of each key at once, and so many of all. Its failure is the caller's alone. */
  run<T>(key: string, task: () => Promise<T>): Promise<T>;
}

/**
 * Lets few tasks run at once, so that a flood of them is a line and not a heap on the main loop. Keys take turns: who asks for a
 * hundred things holds back nobody who asks for one.
 */
export function createTurns(mostAtOnce: number): Turns {
  /** Of each key that runs or waits: what it has waiting. */
  const lines = new Map<string, (() => Promise<void>)[]>();
  /** Keys that wait and run nothing, in order. */
  const ready: string[] = [];
  let running = 0;

  function next(): void {
    while (running < mostAtOnce) {
      const key = ready.shift();
      const start = key === undefined ? undefined : lines.get(key)?.shift();
      if (key === undefined || start === undefined) return;
      running++;
      void start().then(() => {
        running--;
        if (lines.get(key)?.length === 0) lines.delete(key);
        else ready.push(key);
        next();
      });
    }
  }

  return {
    run: (key, task) =>
      new Promise((resolve) => {
        const start = async (): Promise<void> => {
          const result = (async () => await task())();
          resolve(result);
          await result.catch(() => undefined);
        };
        const line = lines.get(key);
        if (line !== undefined) {
          line.push(start);
          return;
        }
        lines.set(key, [start]);
        ready.push(key);
        next();
      }),
  };
}
