import { z } from 'zod';

/** Both ends belong to it. */
export interface Range {
  readonly min: number;
  readonly max: number;
}

const SECOND_MS = 1000;
const HOUR_MS = 3_600_000;

/** What settings that are a number may be: the server refuses the rest, and forms say it before it is sent. `…Ms` are ms. */
export const ranges = {
  /** Calls of one person. */
  callsPerMinute: { min: 1, max: 120 },
  ringMs: { min: SECOND_MS, max: 300 * SECOND_MS },
  wrapUpMs: { min: 0, max: HOUR_MS },
  wrapUpMaxMs: { min: 0, max: HOUR_MS },
  serviceLevelMs: { min: 0, max: 24 * HOUR_MS },
  textLevelMs: { min: 0, max: 168 * HOUR_MS },
  /** Of contacts that come to a mailbox. */
  priority: { min: -100, max: 100 },
  /** Calls at once with a trunk. */
  channels: { min: 1, max: 10_000 },
  order: { min: 0, max: 999 },
  reserve: { min: 0, max: 10_000 },
  /** Seconds of a registration (RFC 3261 §10.2.1.1). */
  expiresS: { min: 60, max: 86_400 },
  /** Characters of a dialed number. */
  strip: { min: 0, max: 15 },
} as const satisfies Readonly<Record<string, Range>>;

export const whole = ({ min, max }: Range): z.ZodNumber => z.number().int().min(min).max(max);

/** Beginning of an international number (E.164): a company calls where its numbers begin so. */
export const DIALING_PREFIX = /^\+[1-9]\d{0,14}$/;
