import { estimatedWaitText, positionText, PROMPTS } from '../speech/index.ts';
import { inBackground } from './background.ts';
import { type Call, newSound } from './call.ts';
import { pause } from './deadline.ts';
import type { VoiceWorld } from './world.ts';

/** Position is told on entry and then every so often, in milliseconds of music between. */
const ANNOUNCE_EVERY_MS = 45_000;

/** A sound that could not be played is tried again after this, ms. */
const AGAIN_MS = 3_000;

/** Plays one file or more to the customer; resolves false when something else took over or the call ended. */
export async function tell(
  world: VoiceWorld,
  call: Call,
  signal: AbortSignal,
  texts: readonly string[],
): Promise<boolean> {
  const files: string[] = [];
  for (const text of texts) {
    // A sentence that cannot be synthesised must not silence the call.
    const file = await world.speech.wav(text).catch(() => undefined);
    if (file !== undefined) files.push(file);
  }
  if (signal.aborted) return false;
  return files.length === 0 || (await call.customer.endpoint.play(files, { signal })) === 'done';
}

/** Until it was heard or something else took over: a sound that fails once does not leave a silent line. */
async function persist(
  world: VoiceWorld,
  call: Call,
  signal: AbortSignal,
  sound: () => Promise<unknown>,
): Promise<void> {
  while (!signal.aborted) {
    try {
      await sound();
      return;
    } catch (error) {
      world.logger.error({ err: error, interactionId: call.interactionId }, 'a sound could not be played');
      await pause(world.clock, AGAIN_MS, signal);
    }
  }
}

async function musicFor(world: VoiceWorld, call: Call, ms: number, signal: AbortSignal): Promise<void> {
  const pause = new AbortController();
  const timer = world.clock.after(ms, () => pause.abort());
  try {
    await call.customer.endpoint.play([world.musicPath], {
      loop: true,
      signal: AbortSignal.any([signal, pause.signal]),
    });
  } finally {
    timer.cancel();
  }
}

async function waitTexts(world: VoiceWorld, call: Call): Promise<string[]> {
  const interaction = await world.interactions.get(call.companyId, call.interactionId);
  if (interaction?.queue == null) return [];
  const wait = world.queue.waitOf(call.companyId, call.interactionId, interaction.queue);
  const estimate = wait.estimatedWaitMs === null ? [] : [estimatedWaitText(wait.estimatedWaitMs)];
  return [positionText(wait.position), ...estimate];
}

/** The customer waits: position and estimated wait on entry (RGC), then music, told again now and then. */
export async function keepWaiting(world: VoiceWorld, call: Call): Promise<void> {
  const signal = newSound(call);
  await call.telling;
  let lastTold = '';
  /** False: something else took over. */
  const tellIfNew = async (): Promise<boolean> => {
    const texts = await waitTexts(world, call);
    if (texts.join() === lastTold) return true;
    lastTold = texts.join();
    return tell(world, call, signal, texts);
  };
  while (!signal.aborted) {
    const failed = (error: unknown): true => {
      world.logger.warn({ err: error, interactionId: call.interactionId }, 'the place could not be told');
      return true;
    };
    // What cannot be told leaves the music.
    if (!(await tellIfNew().catch(failed))) return;
    await persist(world, call, signal, () => musicFor(world, call, ANNOUNCE_EVERY_MS, signal));
  }
}

/** Music without announcements: hold. */
export async function holdMusic(world: VoiceWorld, call: Call): Promise<void> {
  const signal = newSound(call);
  await persist(world, call, signal, () =>
    call.customer.endpoint.play([world.musicPath], { loop: true, signal }),
  );
}

/** Waiting in the background: whoever starts it does not wait for its end. */
export function backToMusic(world: VoiceWorld, call: Call): void {
  inBackground(world, 'waiting music', keepWaiting(world, call), call.interactionId);
}

/** A sign of life first, and the sentence as soon as it is spoken; then the sign again until somebody comes. */
export async function comfort(world: VoiceWorld, call: Call, signal: AbortSignal): Promise<void> {
  const play = (until: AbortSignal) =>
    persist(world, call, until, () =>
      call.customer.endpoint.play([world.comfortPath], { loop: true, signal: until }),
    );
  const spoken = new AbortController();
  // Waited for together: an engine that dies under the first must not leave a rejection to nobody.
  await Promise.all([
    play(AbortSignal.any([signal, spoken.signal])),
    // A sentence that cannot be synthesised leaves the sign of life.
    world.speech
      .wav(PROMPTS.operatorLost)
      .catch(() => undefined)
      .then(() => spoken.abort()),
  ]);
  const told = await tell(world, call, signal, [PROMPTS.operatorLost]).catch(() => true);
  if (told) await play(signal);
}
