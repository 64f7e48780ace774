import { estimatedWaitText, positionText } from '../speech/index.ts';
import { inBackground } from './background.ts';
import { type Call, newSound } from './call.ts';
import type { VoiceWorld } from './world.ts';

/** Position is told on entry and then every so often, in milliseconds of music between. */
const ANNOUNCE_EVERY_MS = 45_000;

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
  while (!signal.aborted) {
    const texts = await waitTexts(world, call);
    if (texts.join() !== lastTold && !(await tell(world, call, signal, texts))) return;
    lastTold = texts.join();
    await musicFor(world, call, ANNOUNCE_EVERY_MS, signal);
  }
}

/** Music without announcements: hold. */
export async function holdMusic(world: VoiceWorld, call: Call): Promise<void> {
  const signal = newSound(call);
  await call.customer.endpoint.play([world.musicPath], { loop: true, signal });
}

/** Waiting in the background: whoever starts it does not wait for its end. */
export function backToMusic(world: VoiceWorld, call: Call): void {
  inBackground(world, 'waiting music', keepWaiting(world, call), call.interactionId);
}
