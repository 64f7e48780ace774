import type { Channel } from '../../contracts/common.ts';
import type { Strategy } from './types.ts';

export type TextChannel = Exclude<Channel, 'voice'>;

/** Names of the service level formulas (facts/service-level.json, domain.md "Indicators"). */
export type FormulaName = 'F1' | 'F2' | 'F3' | 'F4' | 'F5' | 'F6';

export interface QueueConfig {
  readonly key: string;
  readonly companyId: string;
  readonly version: number;
  readonly name: string;
  readonly active: boolean;
  readonly strategy: Strategy;
  /** How long an offer lasts. */
  readonly ringMs: number;
  readonly wrapUpMs: number;
  /** Longest wrap-up with all the time that an operator asks for. */
  readonly wrapUpMaxMs: number;
  /** Whether who serves the queue may take a waiting contact out of its order. */
  readonly allowTake: boolean;
  /** Who waits longer was not served in time: calls. */
  readonly serviceLevelMs: number;
  /** The same of text, where it differs from TEXT_LEVEL_MS. */
  readonly textLevelMs: Readonly<Partial<Record<TextChannel, number>>>;
  readonly serviceLevelFormula: FormulaName;
  /** Who hangs up sooner did not want to wait. */
  readonly shortAbandonMs: number;
  /** How long the last operator or the owner of the portfolio is preferred; 0: not at all. */
  readonly stickyMs: number;
  /** How long an operator who declined an item is not asked for it again. */
  readonly rejectMs: number;
  /** Key of the calendar that says when it is open; null: always. */
  readonly calendar: string | null;
  /** Units of 100 that a conversation of this queue takes, where it differs from the company's. */
  readonly weights: Readonly<Record<string, number>>;
}

const MINUTE_MS = 60_000;

/** In time, where the queue says nothing: whoever chats looks at the screen, a mail may take half a day's shift. */
export const TEXT_LEVEL_MS: Readonly<Record<TextChannel, number>> = {
  webchat: 2 * MINUTE_MS,
  whatsapp: 5 * MINUTE_MS,
  sms: 5 * MINUTE_MS,
  email: 240 * MINUTE_MS,
};

/** Who of this channel waits longer was not served in time. */
export const levelMsOf = (
  { serviceLevelMs, textLevelMs }: Pick<QueueConfig, 'serviceLevelMs' | 'textLevelMs'>,
  channel: Channel,
): number => (channel === 'voice' ? serviceLevelMs : (textLevelMs[channel] ?? TEXT_LEVEL_MS[channel]));

export const QUEUE_DEFAULTS = {
  version: 1,
  active: true,
  strategy: 'longestIdle',
  ringMs: 20_000,
  wrapUpMs: 30_000,
  wrapUpMaxMs: 180_000,
  allowTake: true,
  serviceLevelMs: 20_000,
  textLevelMs: {},
  serviceLevelFormula: 'F1',
  shortAbandonMs: 5_000,
  stickyMs: 0,
  rejectMs: 30_000,
  calendar: null,
  weights: {},
} as const satisfies Omit<QueueConfig, 'key' | 'companyId' | 'name'>;
