import type { Clock } from '../../shared/clock.ts';
import { AppError } from '../../shared/errors.ts';
import type { MailStore } from './store.ts';
import type { UploadCount } from './upload-store.ts';

/** How much may come up from the desks in one window. */
export interface UploadLimit {
  readonly files: number;
  readonly bytes: number;
}

export interface UploadLimits {
  /** Of one person, or of one API key, in an hour. */
  readonly person: UploadLimit;
  /** Of everybody in a company, in a day. */
  readonly company: UploadLimit;
}

const HOUR_MS = 3_600_000;
export const DAY_MS = 24 * HOUR_MS;

interface Uploader {
  readonly companyId: string;
  readonly userId: string;
}

/**
 * Counts before it judges, by one atomic step for each window: uploads that come at the same time, on whatever process, cannot
 * all pass. Errors: attachment.quota 429 and attachment.companyQuota 429, with retryAfterMs.
 */
export function createUploadQuota(deps: {
  readonly store: Pick<MailStore, 'countUpload'>;
  readonly clock: Clock;
  readonly limits: UploadLimits;
}) {
  const { store, clock, limits } = deps;
  return async ({ companyId, userId }: Uploader, bytes: number): Promise<void> => {
    const windows = [
      { id: `person ${companyId} ${userId}`, ms: HOUR_MS, limit: limits.person, code: 'attachment.quota' },
      { id: `company ${companyId}`, ms: DAY_MS, limit: limits.company, code: 'attachment.companyQuota' },
    ] as const;
    const now = clock.now();
    const counted: { readonly id: string; readonly at: Date }[] = [];
    for (const { id, ms, limit, code } of windows) {
      const begin = now - (now % ms);
      const window = { id: `${id} ${begin}`, at: new Date(begin) };
      const sum = await store.countUpload(window, { files: 1, bytes });
      counted.push(window);
      if (within(sum, limit)) continue;
      // What was turned down takes nothing from what is left.
      for (const one of counted) await store.countUpload(one, { files: -1, bytes: -bytes });
      throw new AppError(code, 429, 'Too many files in a short time.', { retryAfterMs: begin + ms - now });
    }
  };
}

const within = (sum: UploadCount, limit: UploadLimit): boolean =>
  sum.files <= limit.files && sum.bytes <= limit.bytes;
