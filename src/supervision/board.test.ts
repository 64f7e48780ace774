import { describe, expect, it } from 'vitest';
import type { BoardDelta } from '../contracts/realtime.ts';
import type { QueueConfig } from '../queue/index.ts';
import type { Clock } from '../shared/clock.ts';
import { type BoardDeps, createBoard } from './board.ts';

const C = 'c1';
const NOW = Date.parse('2026-11-27T15:00:00Z');

function ground() {
  const timers: (() => void)[] = [];
  const clock: Clock = {
    now: () => NOW,
    steady: () => NOW,
    after: (_ms, fn) => {
      timers.push(fn);
      return { cancel: () => undefined };
    },
  };
  const listeners: ((queue: QueueConfig) => void)[] = [];
  const deltas: BoardDelta[] = [];
  let moves: (agent: object, before: object) => void = () => undefined;
  let thresholdMs = 20_000;
  const known: QueueConfig[] = [];
  const deps = {
    contacts: { onChange: () => undefined },
    agents: {
      list: () => [],
      view: () => ({}),
      onChange: (listener: typeof moves) => (moves = listener),
    },
    queues: { list: () => known, onChange: (listener) => void listeners.push(listener) },
    router: { live: (_company: string, key: string) => ({ key, serviceLevel: { thresholdMs } }) },
    day: { onRead: () => undefined },
    clock,
    publisher: {
      toUser: () => undefined,
      toSupervisors: (_company: string, event: string, delta: BoardDelta) =>
        event === 'board' && deltas.push(delta),
    },
    engines: (company: string) => (company === C ? [{ name: 'store', ok: true }] : []),
  } as Partial<Record<keyof BoardDeps, unknown>> & {
    queues: Pick<BoardDeps['queues'], 'list' | 'onChange'>;
  };
  const board = createBoard(deps as unknown as BoardDeps);
  return {
    board,
    deltas,
    moves: (before: readonly string[], after: readonly string[]) => {
      moves({ companyId: C, id: 'ana', queues: after }, { queues: before });
    },
    flush: () => timers.splice(0).forEach((send) => send()),
    /** As the settings of a queue are saved. */
    save(levelMs: number, active = true): void {
      thresholdMs = levelMs;
      const queue = { companyId: C, key: 'suporte', active } as unknown as QueueConfig;
      known.splice(0, 1, queue);
      for (const listener of listeners) listener(queue);
      for (const send of timers.splice(0)) send();
    },
  };
}

describe('the live board', () => {
  it('tells a new promise of a queue at once, with no contact and no person changed', () => {
    const { board, deltas, save } = ground();
    board.watch(C, 'sara', true);
    save(30_000);
    expect(deltas).toMatchObject([{ queues: [{ key: 'suporte', serviceLevel: { thresholdMs: 30_000 } }] }]);
  });

  it('tells of the queue that an operator left, and of the one it went to', () => {
    const { board, deltas, moves, flush } = ground();
    board.watch(C, 'sara', true);
    moves(['suporte', 'vendas'], ['vendas', 'retencao']);
    flush();
    expect(deltas[0]?.queues?.map(({ key }) => key).sort()).toEqual(['retencao', 'suporte', 'vendas']);
  });

  it('asks for the engines of each company: snapshot and delta tell a guest of none', () => {
    const { board, deltas, flush } = ground();
    for (const company of [C, 'guest']) {
      board.watch(company, 'sara', true);
      board.touch(company);
      flush();
    }
    expect([C, 'guest'].map((company) => board.snapshot(company).engines.length)).toEqual([1, 0]);
    expect(deltas.map(({ engines }) => engines?.length)).toEqual([1, 0]);
  });

  it('tells nobody when nobody looks', () => {
    const { deltas, save } = ground();
    save(30_000);
    expect(deltas).toEqual([]);
  });

  it('takes a queue that was closed off the boards that are open, and brings it back when it opens', () => {
    const { board, deltas, save } = ground();
    board.watch(C, 'sara', true);
    save(30_000, false);
    save(30_000);
    expect(deltas.map(({ queues, closed }) => [queues?.map(({ key }) => key), closed])).toEqual([
      [undefined, ['suporte']],
      [['suporte'], undefined],
    ]);
  });
});
