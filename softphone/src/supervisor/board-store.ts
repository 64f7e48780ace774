import { board as boardSchema, type Board, type BoardDelta } from '../../../src/contracts/realtime.ts';

/** The board with the moment, by this page's clock, at which each queue's figures came. */
export interface LiveBoard extends Board {
  readAt: Readonly<Record<string, number>>;
}

export function liveBoard(board: Board, now: number): LiveBoard {
  return { ...board, readAt: readNow(board.queues, now) };
}

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

export function liveDelta(board: LiveBoard, delta: BoardDelta, now: number): LiveBoard {
  const readAt = { ...board.readAt, ...readNow(delta.queues ?? [], now) };
  return { ...applyDelta(board, delta), readAt };
}

const readNow = (queues: Board['queues'], now: number): Record<string, number> =>
  Object.fromEntries(queues.map((one) => [one.key, now]));

/** A queue as it is at `now`: nobody tells that somebody still waits, so the longest wait is counted on from its last reading. */
export function queueNow(
  queue: Board['queues'][number],
  readAt: number,
  now: number,
): Board['queues'][number] {
  if (queue.waiting === 0) return queue;
  return { ...queue, longestWaitMs: queue.longestWaitMs + Math.max(0, now - readAt) };
}

/** Who is on the floor: an account without queues (an administrator's, as a rule) is not, unless it has something in hand. */
export const peopleOfFloor = (people: Board['people']): Board['people'] =>
  people.filter((one) => one.queues.length > 0 || one.work.length > 0);

function merged<T>(known: T[], changed: readonly T[] | undefined, idOf: (one: T) => string): T[] {
  if (changed === undefined) return known;
  const all = new Map(known.map((one) => [idOf(one), one]));
  for (const one of changed) all.set(idOf(one), one);
  return [...all.values()];
}

export type Tone = 'good' | 'warn' | 'bad' | 'none';

/** The longest wait against the threshold: amber from half of it on. */
export function waitTone({ waiting, longestWaitMs, serviceLevel }: Board['queues'][number]): Tone {
  if (waiting === 0) return 'none';
  if (longestWaitMs > serviceLevel.thresholdMs) return 'bad';
  return longestWaitMs > serviceLevel.thresholdMs / 2 ? 'warn' : 'good';
}

/** Colours of a queue: the level against its goal of 80 %, the wait against the threshold. The worse of both shows. */
export function queueTone(queue: Board['queues'][number]): Tone {
  const { value } = queue.serviceLevel;
  const wait = waitTone(queue);
  if (wait === 'bad' || (value !== null && value < 0.75)) return 'bad';
  if (wait === 'warn' || (value !== null && value < 0.8)) return 'warn';
  return value === null && wait === 'none' ? 'none' : 'good';
}

export { boardSchema };
