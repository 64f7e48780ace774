import type { InteractionEvent } from '../interactions/index.ts';
import type { Call } from './call.ts';
import type { VoiceWorld } from './world.ts';

/**
 * Tells the contact what happened on its line. False: refused, and logged; mostly the end of a race, which the effects of
 * whatever won it settle. Where nothing else would come, the caller looks at the answer.
 */
export async function report(
  { interactions, logger }: Pick<VoiceWorld, 'interactions' | 'logger'>,
  { companyId, interactionId }: Pick<Call, 'companyId' | 'interactionId'>,
  event: InteractionEvent,
): Promise<boolean> {
  const result = await interactions.apply(companyId, interactionId, event);
  if (result.ok) return true;
  const { code, state } = result.error;
  const fields = { interactionId, event: event.type, code, state };
  if (code === 'interaction.ended') logger.info(fields, 'the contact was over already');
  else logger.warn(fields, 'the contact refused what its line told');
  return false;
}
