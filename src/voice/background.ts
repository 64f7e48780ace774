import type { VoiceWorld } from './world.ts';

/**
 * Lets something go on that nobody waits for: music, ringing, a word to the store. What it fails with is logged; an engine that
 * dies under it ends its own calls, never the process.
 */
export function inBackground(
  world: Pick<VoiceWorld, 'logger'>,
  doing: string,
  work: Promise<unknown>,
  interactionId?: string,
): void {
  work.catch((error: unknown) =>
    world.logger.error({ err: error, doing, interactionId }, 'call control failed'),
  );
}
