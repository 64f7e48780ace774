import type { Interactions } from '../interactions/index.ts';
import type { CompanyId } from '../shared/ids.ts';

const LIVE = ['arriving', 'inFlow', 'queued', 'offered', 'active'] as const;

/**
 * After a crash the embedded engine's calls are gone with it: each is marked missed, with its cause, which leaves a
 * task to call back (contract.md, "Words of the API"). Runs before the first call is let in.
 */
export async function missLostCalls(
  interactions: Pick<Interactions, 'apply' | 'list'>,
  companies: readonly CompanyId[],
): Promise<number> {
  let count = 0;
  for (const companyId of companies) {
    for (const state of LIVE) {
      // Each pass empties the first page: what was missed is no longer in this state.
      for (;;) {
        const { items } = await interactions.list(companyId, { channel: 'voice', state }, { limit: 200 });
        const results = await Promise.all(items.map((item) => interactions.apply(companyId, item.id, { type: 'missed', cause: 'serverRestart' })));
        count += results.filter((result) => result.ok).length;
        if (items.length < 200 || results.every((result) => !result.ok)) break;
      }
    }
  }
  return count;
}
