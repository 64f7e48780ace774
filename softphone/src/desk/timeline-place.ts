/** The foot counts as reached so far above it, px. */
const NEAR_PX = 40;
/** What is seen above the newest message, px. */
const ABOVE_PX = 8;

/** What of a scrolled box matters here, px. */
export interface Box {
  readonly scrollHeight: number;
  readonly clientHeight: number;
}

export const isAtFoot = ({ scrollHeight, clientHeight }: Box, scrollTop: number): boolean =>
  scrollHeight - scrollTop - clientHeight < NEAR_PX;

/**
 * How far the timeline is scrolled to show the newest: its foot, or the start of the newest message when that would begin above
 * what is seen. `messageTop`: px from the top of the whole content; null: there is no message.
 */
export function newestPlace({ scrollHeight, clientHeight }: Box, messageTop: number | null): number {
  const foot = Math.max(0, scrollHeight - clientHeight);
  return messageTop === null ? foot : Math.max(0, Math.min(foot, messageTop - ABOVE_PX));
}
