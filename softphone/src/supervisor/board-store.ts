import { board as boardSchema, type Board, type BoardDelta } from '../../../src/contracts/realtime.ts';

/** A delta tells the queues and people that changed; those it does not name stay as they were. Trunks and engines come whole. */
export function applyDelta(board: Board, delta: BoardDelta): Board {
  return {
    at: delta.at ?? board.at,
    queues: merged(board.queues, delta.queues, (one) => one.key),
    people: merged(board.people, delta.people, (one) => one.agentId),
    trunks: delta.trunks ?? board.trunks,
    engines: delta.engines ?? board.engines,
  };
}

function merged<T>(known: T[], changed: readonly T[] | undefined, idOf: (one: T) => string): T[] {
  if (changed === undefined) return known;
  const all = new Map(known.map((one) => [idOf(one), one]));
  for (const one of changed) all.set(idOf(one), one);
  return [...all.values()];
}

export type Tone = 'good' | 'warn' | 'bad' | 'none';

/** Colours of a queue: the level against its goal of 80 %, the wait against the threshold. The worse of both shows. */
export function queueTone(queue: Board['queues'][number]): Tone {
  const { value, thresholdMs } = queue.serviceLevel;
  if (queue.waiting > 0 && queue.longestWaitMs > thresholdMs) return 'bad';
  if (value !== null && value < 0.75) return 'bad';
  if ((queue.waiting > 0 && queue.longestWaitMs > thresholdMs / 2) || (value !== null && value < 0.8))
    return 'warn';
  return value === null && queue.waiting === 0 ? 'none' : 'good';
}

export { boardSchema };
