import { board as boardSchema, type Board, type BoardDelta } from '../../../src/contracts/realtime.ts';

/** A delta carries whole lists of what changed; what it does not name stays as it was. */
export function applyDelta(board: Board, delta: BoardDelta): Board {
  const named = Object.entries(delta).filter(([, value]) => value !== undefined);
  return { ...board, ...Object.fromEntries(named) };
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
