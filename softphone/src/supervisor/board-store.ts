import {
  board as boardSchema,
  type Board,
  type BoardDelta,
  type ChannelLive,
} from '../../../src/contracts/realtime.ts';

/** The board with the moment, by this page's clock, at which each queue's figures came. */
export interface LiveBoard extends Board {
  readAt: Readonly<Record<string, number>>;
}

export function liveBoard(board: Board, now: number): LiveBoard {
  return { ...board, readAt: readNow(board.queues, now) };
}

/** A delta tells the queues and people that changed; those it does not name stay as they were, what it names as closed goes. Trunks and engines come whole. */
export function applyDelta(board: Board, delta: BoardDelta): Board {
  return {
    at: delta.at ?? board.at,
    queues: withoutClosed(
      merged(board.queues, delta.queues, (one) => one.key),
      delta.closed,
    ),
    people: merged(board.people, delta.people, (one) => one.agentId),
    trunks: delta.trunks ?? board.trunks,
    engines: delta.engines ?? board.engines,
  };
}

const withoutClosed = (queues: Board['queues'], closed: BoardDelta['closed']): Board['queues'] =>
  closed === undefined ? queues : queues.filter(({ key }) => !closed.includes(key));

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
  const gone = Math.max(0, now - readAt);
  const later = <T extends Waits>(one: T): T =>
    one.waiting === 0 ? one : { ...one, longestWaitMs: one.longestWaitMs + gone };
  return later({ ...queue, channels: channelsOf(queue).map(later) });
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

/** What waits, and how long the first of it has. */
interface Waits {
  waiting: number;
  longestWaitMs: number;
}

/** Voice first, then mail; the rest as soon as anything of it came. */
export function channelsOf(queue: Board['queues'][number]): ChannelLive[] {
  const lines = (queue.channels ?? []).filter(
    ({ channel, waiting, answeredToday, abandonedToday }) =>
      channel === 'voice' || channel === 'email' || waiting + answeredToday + abandonedToday > 0,
  );
  const rank = ({ channel }: ChannelLive): number => (channel === 'voice' ? 0 : channel === 'email' ? 1 : 2);
  return lines.sort((a, b) => rank(a) - rank(b));
}

export type Tone = 'good' | 'warn' | 'bad' | 'none';

/** The longest wait of a channel against its threshold: amber from half of it on. */
export function waitTone({ waiting, longestWaitMs, serviceLevel }: ChannelLive): Tone {
  if (waiting === 0) return 'none';
  if (longestWaitMs > serviceLevel.thresholdMs) return 'bad';
  return longestWaitMs > serviceLevel.thresholdMs / 2 ? 'warn' : 'good';
}

/** The level of a channel against its goal of 80 %; nothing to judge has no colour. */
export function levelTone({ serviceLevel: { value } }: ChannelLive): Tone {
  if (value === null) return 'none';
  return value < 0.75 ? 'bad' : value < 0.8 ? 'warn' : 'good';
}

/** The worst of what its channels say: of their waits and of their levels. */
export function queueTone(queue: Board['queues'][number]): Tone {
  const tones = channelsOf(queue).flatMap((one) => [waitTone(one), levelTone(one)]);
  return (['bad', 'warn', 'good'] as const).find((tone) => tones.includes(tone)) ?? 'none';
}

export { boardSchema };
