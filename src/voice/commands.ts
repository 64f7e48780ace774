import type { VoiceControl } from '../interactions/index.ts';
import { AppError } from '../shared/errors.ts';
import type { AgentId, CompanyId, InteractionId } from '../shared/ids.ts';
import type { Call, Calls, OperatorSide } from './call.ts';
import { destinationOf } from './dialing.ts';
import { holdCall, resumeCall } from './hold.ts';
import { isHeld } from './leg-watch.ts';
import type { Outbound } from './outbound.ts';
import type { VoiceWorld } from './world.ts';

/** Buttons of the call bar: hang up, hold, resume, keypad. Each is refused with a code when there is no such call. */
export function createVoiceCommands(
  world: VoiceWorld,
  calls: Calls,
  outbound: Pick<Outbound, 'cancel'>,
): VoiceControl {
  const { interactions } = world;

  function talking(companyId: CompanyId, interactionId: InteractionId): { call: Call; side: OperatorSide } {
    const call = calls.get(interactionId);
    if (call?.companyId !== companyId)
      throw new AppError('call.unknown', 404, 'there is no such call in hand');
    const side = call.operator;
    if (side?.bridged !== true)
      throw new AppError('call.notConnected', 409, 'the call is not connected to an operator');
    return { call, side };
  }

  return {
    async hangup(companyId, interactionId, agentId: AgentId) {
      const call = calls.get(interactionId);
      // The customer's phone still rings: nothing is there to end but the attempt.
      if (call === undefined && (await outbound.cancel(companyId, interactionId, agentId))) return;
      if (call?.companyId !== companyId)
        throw new AppError('call.unknown', 404, 'there is no such call in hand');
      const result = await interactions.apply(companyId, interactionId, { type: 'agentEnded', agentId });
      if (!result.ok) throw new AppError(result.error.code, 409, 'the call is not in hand');
    },
    async hold(companyId, interactionId) {
      const { call, side } = talking(companyId, interactionId);
      await holdCall(world, call, side);
    },
    async resume(companyId, interactionId) {
      const { call, side } = talking(companyId, interactionId);
      // Its sound comes back by its own button, not by ours.
      if (side.leg !== null && isHeld(side.leg.dialog.remoteSdp))
        throw new AppError('call.heldByPhone', 409, 'the telephone itself holds the call: resume it there');
      await resumeCall(world, call, side);
    },
    async dtmf(companyId, interactionId, digits) {
      await talking(companyId, interactionId).call.customer.endpoint.sendDigits(digits);
    },
    async transfer(companyId, _interactionId, to) {
      // Read as every number that is called: who mistyped one is told so.
      if (to.type === 'number') destinationOf(to.id, world.directory.dialing(companyId));
      return Promise.reject(
        new AppError(
          'transfer.notSupported',
          422,
          'this kind of transfer is not available on this server yet',
        ),
      );
    },
  };
}
