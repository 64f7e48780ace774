import { AppError } from '../shared/errors.ts';
import { inBackground } from './background.ts';
import { type Call, type Leg, type OperatorSide, silence } from './call.ts';
import { holdMusic } from './waiting.ts';
import type { VoiceWorld } from './world.ts';

/** The customer hears music and the operator is not heard. Throws AppError when the call cannot be held now. */
export async function holdCall(world: VoiceWorld, call: Call, side: OperatorSide): Promise<void> {
  const result = await world.interactions.apply(call.companyId, call.interactionId, { type: 'held' });
  if (!result.ok) throw new AppError(result.error.code, 409, 'the call cannot be held now');
  // Lost meanwhile: whoever waits for the operator says what the customer hears, and ends the hold.
  const isLost = (): boolean => !side.bridged;
  if (isLost()) return;
  await call.customer.endpoint.unbridge();
  if (isLost()) return;
  inBackground(world, 'hold music', holdMusic(world, call), call.interactionId);
}

/** Both hear each other again. Throws AppError when the call is not on hold. */
export async function resumeCall(world: VoiceWorld, call: Call, side: OperatorSide): Promise<void> {
  const result = await world.interactions.apply(call.companyId, call.interactionId, { type: 'resumed' });
  if (!result.ok) throw new AppError(result.error.code, 409, 'the call is not on hold');
  if (!side.bridged || side.leg === null) return;
  silence(call);
  await call.customer.endpoint.bridge(side.leg.endpoint);
}

/** The telephone's own hold button: a re-INVITE with sendonly or inactive, and one with sendrecv to resume. */
export function followHold(
  world: VoiceWorld,
  call: Call,
  side: OperatorSide,
  leg: Leg,
): (held: boolean) => void {
  let holds = false;
  let turn: Promise<void> = Promise.resolve();
  return (held) => {
    if (held === holds) return;
    holds = held;
    turn = turn
      .then(async () => {
        if (side.leg !== leg || !side.bridged || call.gone.signal.aborted) return;
        await (held ? holdCall(world, call, side) : resumeCall(world, call, side));
      })
      .catch((error: unknown) => {
        world.logger.warn({ err: error, interactionId: call.interactionId }, 'hold by telephone failed');
      });
  };
}
