import type { Interactions } from '../interactions/index.ts';

/**
 * After a crash the embedded engine's calls are gone with it: each is marked missed, with its cause, which leaves a
 * task to call back (contract.md, "Words of the API"). Runs before the first call is let in.
 */
export async function missLostCalls(interactions: Pick<Interactions, 'apply' | 'inStates'>): Promise<number> {
  const live = await interactions.inStates(['arriving', 'inFlow', 'queued', 'offered', 'active']);
  const calls = live.filter((interaction) => interaction.channel === 'voice');
  for (const call of calls)
    await interactions.apply(call.companyId, call.id, { type: 'missed', cause: 'serverRestart' });
  return calls.length;
}
