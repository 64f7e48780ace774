import type { StayEnd } from './service-level.ts';

/** A stay in a queue as the contact's document tells it. */
export interface Stay {
  readonly queue: string;
  readonly queuedAt: Date;
  readonly talkAt: Date | null;
  readonly endedAt: Date | null;
  readonly outcome: string | null;
}

/** Answered at the first word, abandoned when hung up while waiting; what was moved or lost by us is neither. */
export function stayEnd(stay: Stay): StayEnd | null {
  if (stay.talkAt !== null)
    return { outcome: 'answered', waitMs: stay.talkAt.getTime() - stay.queuedAt.getTime() };
  if (stay.outcome === 'abandoned' && stay.endedAt !== null)
    return { outcome: 'abandoned', waitMs: stay.endedAt.getTime() - stay.queuedAt.getTime() };
  return null;
}

/** Midnight of the day of an instant in a time zone. Building one is slow, asking it is not. */
export function dayReader(timeZone: string): (at: Date) => Date {
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone,
    hourCycle: 'h23',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
  });
  return (at) => {
    const parts = format.formatToParts(at);
    const part = (type: string): number => Number(parts.find((piece) => piece.type === type)?.value ?? 0);
    const sinceMs = ((part('hour') * 60 + part('minute')) * 60 + part('second')) * 1000;
    return new Date(at.getTime() - sinceMs - (at.getTime() % 1000));
  };
}

export const startOfDay = (timeZone: string, at: Date): Date => dayReader(timeZone)(at);
