import parser from 'cron-parser';
import { AppError } from '../../shared/errors.ts';

/** When a job recurs: a cron line (5 fields, or 6 with seconds) in a time zone, or every so many ms. */
export type Schedule =
  | { readonly cron: string /** IANA name, e.g. America/Sao_Paulo */; readonly timeZone: string }
  | { readonly everyMs: number };

/** First instant after `afterMs` (ms since the epoch). Errors: `jobs.badSchedule`. */
export function nextTick(schedule: Schedule, afterMs: number): number {
  if ('everyMs' in schedule) {
    if (!(schedule.everyMs >= 1)) throw new AppError('jobs.badSchedule', 400, 'everyMs must be at least 1.');
    // Multiples since the epoch: all copies of the process agree on the tick, and its key makes it run once.
    return (Math.floor(afterMs / schedule.everyMs) + 1) * schedule.everyMs;
  }
  try {
    return parser
      .parseExpression(schedule.cron, { currentDate: new Date(afterMs), tz: schedule.timeZone })
      .next()
      .getTime();
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new AppError(
      'jobs.badSchedule',
      400,
      `The schedule "${schedule.cron}" is not understood: ${reason}`,
    );
  }
}

export const scheduleText = (schedule: Schedule): string =>
  'everyMs' in schedule ? `every ${schedule.everyMs}` : `${schedule.cron} ${schedule.timeZone}`;
