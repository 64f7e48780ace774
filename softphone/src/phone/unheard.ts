import type { InteractionView } from '../../../src/contracts/interaction.ts';

/**
 * What of the other side cannot be heard in this call: the carrier, until the called one answers (early media is not joined
 * yet), or a customer from whom no sound comes. On hold nobody expects any.
 */
export function unheardIn(
  call: Pick<InteractionView, 'direction' | 'connectedAt' | 'customerSilentSince' | 'onHold'> | null,
): 'carrier' | 'customer' | null {
  if (call === null) return null;
  if (call.direction === 'outbound' && call.connectedAt === undefined) return 'carrier';
  return call.customerSilentSince === undefined || call.onHold === true ? null : 'customer';
}
