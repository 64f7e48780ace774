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

/** On hold, and while music plays, nobody expects to hear anything. */
export const isTalking = (call: Call): boolean =>
  call.operator?.bridged === true && call.sound === null && !isHeld(call.customer.dialog.remoteSdp);

/** Packets come from the operator now. */
async function isAgentHeard({ operator }: Call): Promise<boolean> {
  const stats = await operator?.leg?.endpoint.stats().catch(() => undefined);
  return stats !== undefined && stats.packetsReceived > 0 && stats.silentForMs < LOOK_EVERY_MS;
}

/** An open line without a sound is no reason to hang up, but the operator must know that it is not the headset. */
export function tellSilence(world: VoiceWorld, call: Call): void {
  const { customer, interactionId, gone } = call;
  const { endpoint } = customer;
  let following = false;

  const hold = (): string | undefined => (isTalking(call) ? call.operator?.hold : undefined);

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
        const oneWay = (await isAgentHeard(call)) ? { oneWay: true as const } : {};
        await report(world, call, { type: 'customerSilent', forMs: silentForMs, ...oneWay });
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
