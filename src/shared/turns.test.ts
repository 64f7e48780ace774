import { describe, expect, it } from 'vitest';
import { createTurns } from './turns.ts';

/** Tasks that end when the test says so. */
function rig(mostAtOnce: number) {
  const turns = createTurns(mostAtOnce);
  const begun: string[] = [];
  const ends = new Map<string, (error?: Error) => void>();
  return {
    begun,
    ask: (key: string, name: string) =>
      turns.run(key, () => {
        begun.push(name);
        return new Promise<string>((resolve, reject) =>
          ends.set(name, (error) => (error === undefined ? resolve(name) : reject(error))),
        );
      }),
    async end(name: string, error?: Error) {
      ends.get(name)?.(error);
      await new Promise<void>((done) => setImmediate(done));
    },
  };
}

describe('turns', () => {
  it('one of each key at once', async () => {
    const { begun, ask, end } = rig(10);
    const first = ask('ana', 'ana 1');
    void ask('ana', 'ana 2');
    void ask('rui', 'rui 1');
    expect(begun).toEqual(['ana 1', 'rui 1']);
    await end('ana 1');
    expect(await first).toBe('ana 1');
    expect(begun).toEqual(['ana 1', 'rui 1', 'ana 2']);
  });

  it('so many of all; who asks for much holds back nobody', async () => {
    const { begun, ask, end } = rig(1);
    for (const name of ['ana 1', 'ana 2', 'ana 3']) void ask('ana', name);
    void ask('rui', 'rui 1');
    void ask('eva', 'eva 1');
    for (const name of ['ana 1', 'rui 1', 'eva 1', 'ana 2', 'ana 3']) await end(name);
    expect(begun).toEqual(['ana 1', 'rui 1', 'eva 1', 'ana 2', 'ana 3']);
  });

  it('a task that fails gives its turn on', async () => {
    const { begun, ask, end } = rig(1);
    const failing = ask('ana', 'ana 1');
    void ask('ana', 'ana 2');
    const failed = expect(failing).rejects.toThrow('broken');
    await end('ana 1', new Error('broken'));
    await failed;
    expect(begun).toEqual(['ana 1', 'ana 2']);
  });

  it('a key whose tasks are over is as one that never asked', async () => {
    const { begun, ask, end } = rig(2);
    void ask('ana', 'ana 1');
    await end('ana 1');
    void ask('ana', 'ana 2');
    expect(begun).toEqual(['ana 1', 'ana 2']);
  });

  it('the next of a key is the one that was chosen', async () => {
    const turns = createTurns<number>(1, (line) => line.indexOf(Math.min(...line)));
    const begun: number[] = [];
    const ask = (size: number) => turns.run('ana', () => Promise.resolve(void begun.push(size)), size);
    await Promise.all([5, 4, 1, 3, 2].map(ask));
    expect(begun).toEqual([5, 1, 2, 3, 4]);
  });

  it('is idle when nothing is left, of what tasks add meanwhile either', async () => {
    const turns = createTurns(2);
    const done: string[] = [];
    const task = (name: string, then?: () => void) => async (): Promise<void> => {
      await new Promise((resolve) => void setImmediate(resolve));
      then?.();
      done.push(name);
    };
    await turns.idle();
    void turns.run(
      'ana',
      task('a', () => void turns.run('rui', task('b'))),
    );
    await turns.idle();
    expect(done).toEqual(['a', 'b']);
    await turns.idle();
  });
});
