import { PROMPTS } from '../speech/index.ts';
import { type Call, isInHand, newSound, type OperatorSide } from './call.ts';
import { report } from './report.ts';
import { tell } from './waiting.ts';
import type { VoiceWorld } from './world.ts';

/**
 * Where a call of its own waits that no queue has seen: with the operator's nearest colleagues, if they work now. A queue of
 * strangers would not know why it was called.
 */
function queueOf(
  world: VoiceWorld,
  { companyId }: Call,
  { agentId }: OperatorSide,
): Promise<string | undefined> {
  const first = world.directory.queuesOf(companyId, agentId)[0];
  if (first === undefined) return Promise.resolve(undefined);
  return world.directory
    .closedMessage(companyId, first)
    .then((closed) => (closed === undefined ? first : undefined));
}

/**
 * The operator's side is gone for good: its customer waits in a queue, and where there is none the call ends politely, with a
 * task to call back. Nobody is left with a sound that never ends.
 */
export async function loseOperator(
  world: VoiceWorld,
  call: Call,
  side: OperatorSide,
  reason: string,
): Promise<void> {
  if (!isInHand(call, side)) return;
  const queue = await queueOf(world, call, side);
  const lost = { type: 'agentLost', reason, ...(queue === undefined ? {} : { queue }) } as const;
  if (await report(world, call, lost)) return;
  const contact = await world.interactions.get(call.companyId, call.interactionId);
  // Decided otherwise meanwhile: what follows from that comes to the legs by itself.
  if (!isInHand(call, side) || contact?.state.name !== 'active') return;
  await tell(world, call, newSound(call), [PROMPTS.callBack]).catch(() => false);
  await report(world, call, { type: 'customerLeft', by: 'server', cause: reason });
}
