import { z } from 'zod';

/** What an engine tells of itself, by name: the desk says it in its reader's language, with the values in their places. */
export const engineSaying = z.enum([
  'embedded',
  'mongodb',
  'redis',
  'redisAway',
  'storeFails',
  'accounts',
  'screens',
  'sipHere',
  'sipDrachtio',
  'media',
  'mediaGone',
  'mediaRestarted',
  'smtpHere',
  'smtpOff',
  'smtpDeaf',
  'mailLong',
  'mailsUnread',
  'mailsInPart',
  'mailsAside',
  'relayAnswers',
  'relayAway',
  'stopped',
  'noAnswer',
  'checkFails',
]);
export type EngineSaying = z.infer<typeof engineSaying>;

export const engineFact = z.object({
  says: engineSaying,
  values: z.record(z.string(), z.union([z.string(), z.number()])).optional(),
});
export type EngineFact = z.infer<typeof engineFact>;

export interface HealthResult {
  readonly ok: boolean;
  /** One short sentence for the terminal and the monitoring, no personal data, no secrets. */
  readonly detail: string;
  /** The same for people's screens. */
  readonly facts: readonly EngineFact[];
}
