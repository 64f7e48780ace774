import { channel } from '../contracts/common.ts';
import type { Clock } from '../shared/clock.ts';
import type { CompanyId } from '../shared/ids.ts';
import type { Interactions, Stays } from '../interactions/index.ts';
import type { Logger } from '../platform/log/index.ts';
import { levelMsOf, type DayFigures, type QueueConfig } from '../queue/index.ts';
import {
  counted,
  NO_WAITS,
  serviceLevel,
  together,
  without,
  type WaitCounts,
} from './domain/service-level.ts';
import { dayReader, stayEnd } from './domain/stays.ts';
import { createReading } from './reading.ts';

/**
 * Answered and abandoned of today by queue and channel, kept up with each change. What earlier processes saw is read back from the contacts
 * themselves, in turns, while the work goes on: nobody waits for a figure.
 */
export interface Day extends DayFigures {
  /** Begins to read today back. Until it is done the counts are those so far and there is no service level. */
  read(companyId: string): void;
  /** Today of this company was read back. */
  onRead(listener: (companyId: string) => void): void;
  /** Resolves when nothing is being read. */
  idle(): Promise<void>;
  stop(): void;
}

const HOUR_MS = 3_600_000;
/** Contacts a turn: some milliseconds of the main loop. */
const TURN = 200;

interface DayDeps {
  readonly contacts: Pick<Interactions, 'onChange' | 'staysSince'>;
  readonly settings: (
    companyId: string,
    queue: string,
  ) => Pick<QueueConfig, 'serviceLevelMs' | 'textLevelMs' | 'serviceLevelFormula' | 'shortAbandonMs'>;
  readonly clock: Clock;
  readonly timeZone: (companyId: string) => string;
  readonly logger: Pick<Logger, 'warn'>;
}

export function createDay({ contacts, settings, clock, timeZone, logger }: DayDeps): Day {
  const counts = new Map<string, WaitCounts>();
  const startedMs = new Map<string, number>();
  /** Stays that were counted, `<contact>:<index>`, and as what; events come at least once, and not always in order. */
  const seen = new Map<string, Map<string, WaitCounts>>();

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
      seen.set(companyId, new Map());
      for (const key of counts.keys()) if (key.startsWith(`${companyId}:`)) counts.delete(key);
    }
    return startMs;
  };

  const see = (interaction: Stays): void => {
    const { companyId, id } = interaction;
    const startMs = today(companyId);
    const known = seen.get(companyId);
    interaction.segments.forEach((segment, i) => {
      if (segment.queuedAt.getTime() < startMs) return;
      const stay = `${id}:${i}`;
      const before = known?.get(stay);
      const end = stayEnd(segment);
      // Taken, and lost before a word: what counted as answered meanwhile does not any more, also when told late.
      const bounced = end === null && segment.endedAt !== null;
      if (bounced ? before === NO_WAITS : end === null || before !== undefined) return;
      const key = `${companyId}:${segment.queue}:${interaction.channel}`;
      const limits = settings(companyId, segment.queue);
      const now =
        end === null
          ? NO_WAITS
          : counted(NO_WAITS, end, {
              thresholdMs: levelMsOf(limits, interaction.channel),
              shortAbandonMs: limits.shortAbandonMs,
            });
      known?.set(stay, now);
      counts.set(key, together(without(counts.get(key) ?? NO_WAITS, before ?? NO_WAITS), now));
    });
  };

  const reading = createReading({
    clock,
    logger,
    async run(companyId, going) {
      const from = new Date(today(companyId));
      let turn: readonly Stays[] = [];
      do {
        const last = turn.at(-1);
        const lastQueuedAt = last?.segments.at(-1)?.queuedAt;
        turn = await contacts.staysSince(companyId as CompanyId, from, {
          limit: TURN,
          ...(last === undefined || lastQueuedAt === undefined
            ? {}
            : { after: { lastQueuedAt, id: last.id } }),
        });
        for (const stays of turn) see(stays);
      } while (turn.length === TURN && going());
    },
  });

  contacts.onChange(see);
  return {
    see,
    figures(companyId, queue, only) {
      today(companyId);
      const sum = (only === undefined ? channel.options : [only])
        .map((one) => counts.get(`${companyId}:${queue}:${one}`) ?? NO_WAITS)
        .reduce(together);
      const { serviceLevelFormula, ...levels } = settings(companyId, queue);
      return {
        answeredToday: sum.answered,
        abandonedToday: sum.abandoned,
        serviceLevel: {
          formula: serviceLevelFormula,
          thresholdMs: levelMsOf(levels, only ?? 'voice'),
          value: reading.of(companyId) ? null : serviceLevel(serviceLevelFormula, sum),
        },
      };
    },
    read: (companyId) => reading.begin(companyId),
    onRead: (listener) => reading.onDone(listener),
    idle: () => reading.idle(),
    stop: () => reading.stop(),
  };
}
