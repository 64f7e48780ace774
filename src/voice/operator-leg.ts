import { AppError } from '../shared/errors.ts';
import type { AgentId, CompanyId, InteractionId } from '../shared/ids.ts';
import { PROMPTS } from '../speech/index.ts';
import { inBackground } from './background.ts';
import { type Call, type Leg, newSound, type OperatorSide, silence } from './call.ts';
import { endLeg } from './customer-leg.ts';
import { dialSoftphone, startRecording } from './dial.ts';
import { followHold } from './hold.ts';
import { isHeld, watchLeg } from './leg-watch.ts';
import type { Phone, Phones } from './phones.ts';
import { tell } from './waiting.ts';
import type { VoiceWorld } from './world.ts';

/** How long the customer hears comfort audio for an operator whose softphone vanished (F5, Wi-Fi), ms. */
const REATTACH_MS = 20_000;
/** Silence on a softphone's media after which its leg counts as lost, ms (no BYE comes from a dead network). */
const SILENT_LEG_MS = 8_000;
/** A silent telephone that does not answer within this has lost its leg, ms: short, because the customer hears nothing. */
const ANSWER_LEG_MS = 8_000;

export interface OperatorLegs {
  /** voice.connect: the operator accepted; bring its softphone to the customer. */
  connect(call: Call, agentId: AgentId, hold: string): Promise<void>;
  /** offer.show to a SIP phone that is not the desk: it rings, and answering is accepting. */
  ring(call: Call, agentId: AgentId, hold: string): Promise<void>;
  /** Outbound: the operator's own softphone, before there is a customer. Aborting `gone` ends its ringing; its end aborts `gone`. */
  callOwn(
    companyId: CompanyId,
    interactionId: InteractionId,
    agentId: AgentId,
    gone: AbortController,
  ): Promise<Leg>;
  /** Outbound: joins a softphone that is up already. */
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
    connecting: false,
    bridged: false,
  };
  call.operator = side;
  return side;
}

/** Ringing ends when the customer leaves or the offer is withdrawn. */
const dialing = (call: Call, side: OperatorSide): AbortSignal =>
  AbortSignal.any([call.gone.signal, side.dialing.signal]);

/** Sound both ways, the recording from the first word on, and watching the leg until its end. */
function createBridge(world: VoiceWorld, phones: Phones) {
  const { interactions } = world;

  function watch(call: Call, side: OperatorSide, leg: Leg): void {
    const over = new AbortController();
    const once = (fn: () => void) => {
      if (over.signal.aborted || side.leg !== leg) return;
      over.abort();
      fn();
    };
    const lost = (cause: string) =>
      once(() => inBackground(world, 'reattaching', reattach(call, side, leg, cause), call.interactionId));
    leg.dialog.onEnd((cause) => {
      if (cause === 'bye')
        once(() => {
          const { companyId, interactionId } = call;
          const told = interactions.apply(companyId, interactionId, {
            type: 'agentEnded',
            agentId: side.agentId,
          });
          inBackground(world, 'end of the operator’s leg', told, interactionId);
        });
      else lost(cause);
    });
    const follow = followHold(world, call, side, leg);
    leg.dialog.onModify(async (sdp) => {
      const answer = await leg.endpoint.setRemote(sdp);
      follow(isHeld(sdp));
      return answer;
    });
    watchLeg(leg, {
      clock: world.clock,
      silentMs: SILENT_LEG_MS,
      // A browser always sends, and comes back by itself; a telephone may suppress silence.
      asks: leg.media === 'rtp',
      answerMs: ANSWER_LEG_MS,
      over: AbortSignal.any([over.signal, call.gone.signal, side.over.signal]),
      lost,
    });
  }

  async function join(call: Call, side: OperatorSide, leg: Leg): Promise<void> {
    side.leg = leg;
    await leg.endpoint.connected();
    await call.telling;
    if (call.gone.signal.aborted || call.operator !== side) return endLeg(leg, 'customer left');
    watch(call, side, leg);
    silence(call);
    await startRecording(world, call);
    await call.customer.endpoint.bridge(leg.endpoint);
    side.bridged = true;
    await interactions.apply(call.companyId, call.interactionId, { type: 'connected' });
  }

  async function comfort(call: Call, signal: AbortSignal): Promise<void> {
    if (await tell(world, call, signal, [PROMPTS.operatorLost]))
      await call.customer.endpoint.play([world.comfortPath], { loop: true, signal });
  }

  /** The softphone vanished: the customer is told and hears music; whoever comes back gets the same call. */
  async function reattach(call: Call, side: OperatorSide, old: Leg, cause: string): Promise<void> {
    const { companyId, interactionId } = call;
    side.leg = null;
    side.bridged = false;
    await endLeg(old, cause);
    if (call.gone.signal.aborted || call.operator !== side) return;
    const username = world.directory.softphoneOf(companyId, side.agentId);
    const signal = newSound(call);
    await interactions.record(companyId, interactionId, {
      kind: 'agentLegLost',
      actor: { kind: 'system' },
      data: { cause },
    });
    inBackground(world, 'comfort', comfort(call, signal), interactionId);
    const phone = username === undefined ? undefined : await phones.next(username, REATTACH_MS, signal);
    if (signal.aborted || call.operator !== side) return;
    const leg =
      phone === undefined
        ? undefined
        : await dialSoftphone(world, companyId, interactionId, phone, dialing(call, side)).catch(
            () => undefined,
          );
    if (leg === undefined) {
      await interactions.apply(companyId, interactionId, { type: 'agentLost', reason: cause });
      return;
    }
    await interactions.record(companyId, interactionId, {
      kind: 'agentLegBack',
      actor: { kind: 'system' },
      data: {},
    });
    // Whoever had the customer on hold and comes back is heard at once: the hold is over, and the journal says so.
    await interactions.apply(companyId, interactionId, { type: 'resumed' });
    await join(call, side, leg);
  }

  return { join };
}

export function createOperatorLegs(world: VoiceWorld, phones: Phones): OperatorLegs {
  const { interactions, logger } = world;
  const { join } = createBridge(world, phones);

  function phoneOf(companyId: CompanyId, agentId: AgentId): Phone | undefined {
    const username = world.directory.softphoneOf(companyId, agentId);
    return username === undefined ? undefined : phones.get(username);
  }

  /** A WebRTC association that dies while it is set up says nothing about the softphone: once more. */
  async function dialAndJoin(call: Call, side: OperatorSide, phone: Phone): Promise<void> {
    const dial = () => dialSoftphone(world, call.companyId, call.interactionId, phone, dialing(call, side));
    const leg = await dial();
    try {
      await join(call, side, leg);
    } catch (error) {
      if (!(error instanceof AppError) || error.code !== 'media.notConnected') throw error;
      await endLeg(leg, 'no sound');
      if (call.gone.signal.aborted || call.operator !== side) return;
      logger.warn({ interactionId: call.interactionId }, 'the softphone is dialled once more');
      await join(call, side, await dial());
    }
  }

  return {
    async connect(call, agentId, hold) {
      const current = call.operator;
      // The ringing SIP phone was answered: its leg is up already.
      const answered = current?.hold === hold ? current : undefined;
      if (answered?.connecting === true) return;
      const side = answered ?? newSide(call, agentId, hold);
      side.connecting = true;
      const phone = phoneOf(call.companyId, agentId);
      try {
        if (phone === undefined)
          throw new AppError('agent.noSoftphone', 409, 'no softphone of this operator is registered');
        if (answered?.leg == null) await dialAndJoin(call, side, phone);
        else await join(call, side, answered.leg);
      } catch (error) {
        if (side.leg !== null) await endLeg(side.leg, 'no sound');
        if (call.gone.signal.aborted || call.operator !== side) return;
        call.operator = null;
        logger.warn({ err: error, interactionId: call.interactionId }, 'the softphone could not be reached');
        await interactions.apply(call.companyId, call.interactionId, {
          type: 'agentLost',
          reason: 'softphoneUnreachable',
        });
      }
    },

    async ring(call, agentId, hold) {
      const phone = phoneOf(call.companyId, agentId);
      if (phone === undefined || phone.isDesk || call.operator?.hold === hold) return;
      const side = newSide(call, agentId, hold);
      try {
        side.leg = await dialSoftphone(world, call.companyId, call.interactionId, phone, dialing(call, side));
        await world.queue.accept(call.companyId, call.interactionId, agentId);
      } catch (error) {
        // Declined, not answered, or somebody else took it: the offer's deadline settles the rest.
        logger.info(
          { err: error, interactionId: call.interactionId },
          'the ringing phone did not take the call',
        );
        if (side.leg !== null) await endLeg(side.leg, 'offer taken elsewhere');
        if (call.operator === side) call.operator = null;
      }
    },

    async callOwn(companyId, interactionId, agentId, gone) {
      const phone = phoneOf(companyId, agentId);
      if (phone === undefined)
        throw new AppError('agent.noSoftphone', 409, 'no softphone of this operator is registered');
      const leg = await dialSoftphone(world, companyId, interactionId, phone, gone.signal);
      leg.dialog.onEnd(() => gone.abort());
      try {
        await leg.endpoint.connected();
        return leg;
      } catch (error) {
        await endLeg(leg, 'no sound');
        throw error;
      }
    },

    adopt(call, agentId, hold, leg) {
      const side = newSide(call, agentId, hold);
      side.connecting = true;
      return join(call, side, leg);
    },

    async drop(call, reason) {
      const side = call.operator;
      if (side === null) return;
      call.operator = null;
      side.dialing.abort();
      side.over.abort();
      if (side.leg !== null) await endLeg(side.leg, reason);
    },
  };
}
