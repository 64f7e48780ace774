import { AppError } from '../shared/errors.ts';
import type { AgentId, CompanyId, InteractionId } from '../shared/ids.ts';
import { createBridge } from './bridge.ts';
import { type Call, isInHand, type Leg, type OperatorSide } from './call.ts';
import { endLeg } from './customer-leg.ts';
import { gaveNoAnswer, isDeclined } from './failures.ts';
import { loseOperator } from './lost-operator.ts';
import { createOperatorDial } from './operator-dial.ts';
import type { Phone, Phones } from './phones.ts';
import type { VoiceWorld } from './world.ts';

export interface OperatorLegs {
  /** voice.connect: the operator accepted; bring its softphone to the customer. */
  connect(call: Call, agentId: AgentId, hold: string): Promise<void>;
  /** offer.show to a SIP phone that is not the desk: it rings, and answering is accepting. */
  ring(call: Call, agentId: AgentId, hold: string): Promise<void>;
  /** Outbound, before anything is opened. Errors: agent.noSoftphone 409. */
  assertPhone(companyId: CompanyId, agentId: AgentId): void;
  /** Outbound: the operator's own softphone, before there is a customer. Aborting `gone` ends its ringing; its end aborts `gone`. */
  callOwn(
    companyId: CompanyId,
    interactionId: InteractionId,
    agentId: AgentId,
    gone: AbortController,
  ): Promise<Leg>;
  /** Outbound: joins a softphone that is up already. When that fails the customer, who answered, is not left alone with it. */
  adopt(call: Call, agentId: AgentId, hold: string, leg: Leg): Promise<void>;
  /** The operator's leg is over, if there is one. */
  drop(call: Call, reason: string): Promise<void>;
}

function newSide(call: Call, agentId: AgentId, hold: string): OperatorSide {
  const side: OperatorSide = {
    agentId,
    hold,
    dialing: new AbortController(),
    over: new AbortController(),
    leg: null,
    ringing: null,
    connecting: false,
    bridged: false,
  };
  call.operator = side;
  return side;
}

export function createOperatorLegs(world: VoiceWorld, phones: Phones): OperatorLegs {
  const { logger } = world;
  const { join } = createBridge(world, phones);
  const { phoneOf, dialOnceMore, dialOwn, ringOut } = createOperatorDial(world, phones);
  const existing = (phone: Phone | undefined): Phone => {
    if (phone !== undefined) return phone;
    throw new AppError('agent.noSoftphone', 409, 'no softphone of this operator is registered');
  };

  return {
    async connect(call, agentId, hold) {
      const current = call.operator;
      // The SIP phone rings, or was answered: it is that leg, not a second one.
      const answered = current?.hold === hold ? current : undefined;
      if (answered?.connecting === true) return;
      const side = answered ?? newSide(call, agentId, hold);
      side.connecting = true;
      const phone = phoneOf(call.companyId, agentId);
      try {
        const there = existing(phone);
        if (side.ringing === null) await dialOnceMore(call, side, there, (leg) => join(call, side, leg));
        else await join(call, side, await side.ringing);
      } catch (error) {
        if (!isInHand(call, side)) return;
        // Frozen or gone: nobody else is sent there before it answers again.
        if (phone !== undefined && gaveNoAnswer(error)) phones.lose(phone.username);
        logger.warn({ err: error, interactionId: call.interactionId }, 'the softphone could not be reached');
        await loseOperator(world, call, side, 'softphoneUnreachable');
      }
    },

    async ring(call, agentId, hold) {
      const phone = phoneOf(call.companyId, agentId);
      if (phone === undefined || call.operator?.hold === hold) return;
      if (phone.isDesk) {
        // A frozen page cannot ring: found out now, the offer goes to somebody else at once.
        await phones.check(phone.username);
        return;
      }
      const side = newSide(call, agentId, hold);
      try {
        side.ringing = ringOut(call, side, phone);
        side.leg = await side.ringing;
        // Accepted at the desk meanwhile: the answer was all that was missing.
        if (side.connecting) return;
        await world.queue.accept(call.companyId, call.interactionId, agentId);
      } catch (error) {
        // Accepted meanwhile: who connects it hears of the same failure.
        if (side.connecting) return;
        logger.info(
          { err: error, interactionId: call.interactionId },
          'the ringing phone did not take the call',
        );
        if (side.leg !== null) await endLeg(side.leg, 'offer taken elsewhere');
        if (call.operator !== side) return;
        call.operator = null;
        // The offer goes to somebody else at once, and nobody is paused; what only rang runs to the offer's deadline.
        if (isDeclined(error)) await world.queue.reject(call.companyId, call.interactionId, agentId);
      }
    },

    assertPhone: (companyId, agentId) => void existing(phoneOf(companyId, agentId)),

    callOwn: async (companyId, interactionId, agentId, gone) =>
      dialOwn({ companyId, interactionId }, existing(phoneOf(companyId, agentId)), gone),

    async adopt(call, agentId, hold, leg) {
      const side = newSide(call, agentId, hold);
      side.connecting = true;
      try {
        await join(call, side, leg);
      } catch (error) {
        logger.warn({ err: error, interactionId: call.interactionId }, 'the own call could not be joined');
        await loseOperator(world, call, side, 'mediaLost');
      }
    },

    drop: dropSide,
  };
}

/** The operator's leg is over, if there is one; nobody waits for what its phone says to that. */
async function dropSide(call: Call, reason: string): Promise<void> {
  const side = call.operator;
  if (side === null) return;
  call.operator = null;
  side.dialing.abort();
  side.over.abort();
  if (side.leg !== null) await endLeg(side.leg, reason);
}
