import { inBackground } from './background.ts';
import type { Call } from './call.ts';
import { pause } from './deadline.ts';
import { isHeld } from './leg-watch.ts';
import { report } from './report.ts';
import type { VoiceWorld } from './world.ts';

/** After this long without a packet the operator is told that nothing comes from the customer, ms. */
const TOLD_AFTER_MS = 8_000;
/** While it is silent it is looked at this often, ms. */
const LOOK_EVERY_MS = 2_000;

/** An open line without a sound is no reason to hang up, but the operator must know that it is not the headset. */
export function tellSilence(world: VoiceWorld, call: Call): void {
  const { customer, interactionId, gone } = call;
  const { endpoint, dialog } = customer;
  let following = false;

  /** Only in a talk: on hold, and while music plays, nobody expects to hear anything. */
  const hold = (): string | undefined =>
    call.operator?.bridged === true && call.sound === null && !isHeld(dialog.remoteSdp)
      ? call.operator.hold
      : undefined;

  async function follow(): Promise<void> {
    let told: string | undefined;
    while (!gone.signal.aborted) {
      const { silentForMs } = await endpoint.stats();
      if (silentForMs < TOLD_AFTER_MS) {
        if (told !== undefined) await report(world, call, { type: 'customerHeard' });
        return;
      }
      const now = hold();
      if (now !== undefined && now !== told) {
        told = now;
        await report(world, call, { type: 'customerSilent', forMs: silentForMs });
      }
      await pause(world.clock, LOOK_EVERY_MS, gone.signal);
    }
  }

  endpoint.onSilence(TOLD_AFTER_MS, () => {
    if (following || gone.signal.aborted) return;
    following = true;
    inBackground(
      world,
      'telling a silent line',
      follow().finally(() => (following = false)),
      interactionId,
    );
  });
}
