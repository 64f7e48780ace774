import type { Clock } from '../shared/clock.ts';
import type { Interaction, Interactions } from '../interactions/index.ts';
import type { DayFigures, QueueConfig } from '../queue/index.ts';
import { counted, NO_WAITS, serviceLevel, type WaitCounts } from './domain/service-level.ts';
import { dayReader, stayEnd } from './domain/stays.ts';

/** Answered and abandoned of today by queue, kept up with each change and rebuilt from the store at the start. */
export interface Day extends DayFigures {
  rebuild(companyId: string): Promise<void>;
}

const HOUR_MS = 3_600_000;

interface DayDeps {
  readonly contacts: Pick<Interactions, 'onChange' | 'queuedSince'>;
  readonly settings: (
    companyId: string,
    queue: string,
  ) => Pick<QueueConfig, 'serviceLevelMs' | 'serviceLevelFormula' | 'shortAbandonMs'>;
  readonly clock: Clock;
  readonly timeZone: (companyId: string) => string;
}

export function createDay({ contacts, settings, clock, timeZone }: DayDeps): Day {
  const counts = new Map<string, WaitCounts>();
  const startedMs = new Map<string, number>();
  /** Stays that were counted: `<contact>:<index>`; events come at least once. */
  const seen = new Map<string, Set<string>>();

  const readers = new Map<string, (at: Date) => Date>();
  const readerOf = (zone: string): ((at: Date) => Date) => {
    const read = readers.get(zone) ?? dayReader(zone);
    readers.set(zone, read);
    return read;
  };

  /** At midnight of the company the figures begin anew. */
  const today = (companyId: string): number => {
    const known = startedMs.get(companyId);
    // The shortest day of a zone with summer time has 23 hours: before that midnight cannot have come.
    if (known !== undefined && clock.now() - known < 23 * HOUR_MS) return known;
    const startMs = readerOf(timeZone(companyId))(new Date(clock.now())).getTime();
    if (known !== startMs) {
      startedMs.set(companyId, startMs);
      seen.set(companyId, new Set());
      for (const key of counts.keys()) if (key.startsWith(`${companyId}:`)) counts.delete(key);
    }
    return startMs;
  };

  const see = (interaction: Interaction): void => {
    const { companyId, id } = interaction;
    const startMs = today(companyId);
    interaction.segments.forEach((segment, i) => {
      const end = stayEnd(segment);
      const known = seen.get(companyId);
      if (end === null || segment.queuedAt.getTime() < startMs || known?.has(`${id}:${i}`) === true) return;
      known?.add(`${id}:${i}`);
      const key = `${companyId}:${segment.queue}`;
      const limits = settings(companyId, segment.queue);
      counts.set(
        key,
        counted(counts.get(key) ?? NO_WAITS, end, {
          thresholdMs: limits.serviceLevelMs,
          shortAbandonMs: limits.shortAbandonMs,
        }),
      );
    });
  };

  contacts.onChange(see);
  return {
    figures(companyId, queue) {
      today(companyId);
      const sum = counts.get(`${companyId}:${queue}`) ?? NO_WAITS;
      const { serviceLevelFormula, serviceLevelMs } = settings(companyId, queue);
      return {
        answeredToday: sum.answered,
        abandonedToday: sum.abandoned,
        serviceLevel: {
          formula: serviceLevelFormula,
          thresholdMs: serviceLevelMs,
          value: serviceLevel(serviceLevelFormula, sum),
        },
      };
    },
    async rebuild(companyId) {
      const startMs = today(companyId);
      for (const interaction of await contacts.queuedSince(
        companyId as Interaction['companyId'],
        new Date(startMs),
      ))
        see(interaction);
    },
  };
}
