import type { Interactions } from '../interactions/index.ts';
import { report } from './report.ts';
import type { VoiceWorld } from './world.ts';

/**
 * After a crash the embedded engine's calls are gone with it: each is marked missed, with its cause, which leaves a
 * task to call back (contract.md, "Words of the API"). Runs before the first call is let in. Answers how many were; one
 * that refuses is logged and not counted, for it has no task.
 */
export async function missLostCalls(
  world: Pick<VoiceWorld, 'logger'> & { readonly interactions: Interactions },
): Promise<number> {
  const calls = await world.interactions.inStates(
    ['arriving', 'inFlow', 'queued', 'offered', 'active'],
    'voice',
  );
  let missed = 0;
  for (const { companyId, id } of calls) {
    const lost = { type: 'missed', cause: 'serverRestart' } as const;
    if (await report(world, { companyId, interactionId: id }, lost)) missed++;
  }
  return missed;
}
