/** `About`: what is known of a task when its place in the line is chosen. */
export interface Turns<About = void> {
  /** Runs the task when its turn comes: one of each key at once, and so many of all. Its failure is the caller's alone. */
  run<T>(key: string, task: () => Promise<T>, about: About): Promise<T>;
  /** Resolves when no task is left, including those that tasks add meanwhile. */
  idle(): Promise<void>;
}

interface Waiting<About> {
  readonly about: About;
  readonly start: () => Promise<void>;
}

/**
 * Lets few tasks run at once, so that a flood of them is a line and not a heap on the main loop. Keys take turns: who asks for a
 * hundred things holds back nobody who asks for one. Within a key the oldest is next, unless `choose` says which one is: it is
 * given the line, oldest first and never empty, with its key, and answers a place in it.
 */
export function createTurns<About = void>(
  mostAtOnce: number,
  choose: (line: readonly About[], key: string) => number = () => 0,
): Turns<About> {
  /** Of each key that runs or waits: what it has waiting. */
  const lines = new Map<string, Waiting<About>[]>();
  /** Keys that wait and run nothing, in order. */
  const ready: string[] = [];
  let idlers: (() => void)[] = [];
  let running = 0;

  function take(key: string): (() => Promise<void>) | undefined {
    const line = lines.get(key) ?? [];
    const place =
      line.length > 1
        ? choose(
            line.map(({ about }) => about),
            key,
          )
        : 0;
    return line.splice(place, 1)[0]?.start;
  }

  function next(): void {
    while (running < mostAtOnce) {
      const key = ready.shift();
      const start = key === undefined ? undefined : take(key);
      if (key === undefined || start === undefined) return;
      running++;
      void start().then(() => {
        running--;
        if (lines.get(key)?.length === 0) lines.delete(key);
        else ready.push(key);
        next();
        if (lines.size > 0) return;
        for (const done of idlers) done();
        idlers = [];
      });
    }
  }

  return {
    run: (key, task, about) =>
      new Promise((resolve) => {
        const start = async (): Promise<void> => {
          const result = (async () => await task())();
          resolve(result);
          await result.catch(() => undefined);
        };
        const line = lines.get(key);
        if (line !== undefined) {
          line.push({ about, start });
          return;
        }
        lines.set(key, [{ about, start }]);
        ready.push(key);
        next();
      }),
    idle: () =>
      lines.size === 0 ? Promise.resolve() : new Promise<void>((resolve) => void idlers.push(resolve)),
  };
}
