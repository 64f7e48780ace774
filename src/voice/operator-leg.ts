import { join } from 'node:path';
import { mkdir } from 'node:fs/promises';
import { AppError } from '../shared/errors.ts';
import { PROMPTS } from '../speech/index.ts';
import type { AgentId, CompanyId, InteractionId } from '../shared/ids.ts';
import { type Call, type Leg, newSound, type OperatorSide, silence } from './call.ts';
import type { Phone, Phones } from './phones.ts';
import { keepWaiting, tell } from './waiting.ts';
import type { VoiceWorld } from './world.ts';

/** How long the customer hears comfort audio for an operator whose softphone vanished (F5, Wi-Fi), ms. */
const REATTACH_MS = 20_000;
/** Silence on a softphone's media after which its leg counts as lost, ms (no BYE comes from a dead network). */
const SILENT_LEG_MS = 8_000;
/** A SIP phone that does not answer within this is given up, ms; the offer's own deadline is usually earlier. */
const ANSWER_MS = 30_000;

export interface OperatorLegs {
  /** voice.connect: the operator accepted; bring its softphone to the customer. */
  connect(call: Call, agentId: AgentId, hold: string): Promise<void>;
  /** offer.show to a SIP phone that is not the desk: it rings, and answering is accepting. */
  ring(call: Call, agentId: AgentId, hold: string): Promise<void>;
  /** Outbound: the operator's own softphone, before there is a customer; `onEnd` when it hangs up meanwhile. */
  callOwn(
    companyId: CompanyId,
    interactionId: InteractionId,
    agentId: AgentId,
    onEnd: () => void,
  ): Promise<Leg>;
  /** Outbound: joins a softphone that is up already. */
  adopt(call: Call, agentId: AgentId, hold: string, leg: Leg): Promise<void>;
  /** The operator's leg is over, if there is one. */
  drop(call: Call, reason: string): Promise<void>;
}

export function createOperatorLegs(world: VoiceWorld, phones: Phones): OperatorLegs {
  const { interactions, logger } = world;

  async function dial(
    companyId: CompanyId,
    interactionId: InteractionId,
    phone: Phone,
    signal: AbortSignal,
  ): Promise<Leg> {
    const interaction = await interactions.get(companyId, interactionId);
    const endpoint = await world.media.createEndpoint({ kind: phone.media });
    const timer = AbortSignal.timeout(ANSWER_MS);
    try {
      const dialog = await world.edge.invite({
        to: { kind: 'softphone', username: phone.username },
        callerUser: interaction?.contact.address.replace(/[^\d+*#]/g, '') ?? 'anonymous',
        ...(interaction?.customer == null ? {} : { callerName: interaction.customer.name }),
        localSdp: endpoint.localSdp,
        headers: {
          'X-Ramal-Interaction': interactionId,
          ...(phone.isDesk ? { 'Alert-Info': '<http://ramal>;info=alert-autoanswer;delay=0' } : {}),
        },
        signal: AbortSignal.any([signal, timer]),
      });
      await endpoint.setRemote(dialog.remoteSdp);
      return { dialog, endpoint };
    } catch (error) {
      await endpoint.destroy();
      throw error;
    }
  }

  function watch(call: Call, side: OperatorSide, leg: Leg): void {
    let over = false;
    const lost = (cause: string) => {
      if (over || side.leg !== leg) return;
      over = true;
      void reattach(call, side, leg, cause);
    };
    leg.dialog.onEnd((cause) => {
      if (cause !== 'bye') return lost(cause);
      if (over || side.leg !== leg) return;
      over = true;
      void interactions.apply(call.companyId, call.interactionId, {
        type: 'agentEnded',
        agentId: side.agentId,
      });
    });
    leg.dialog.onModify((sdp) => leg.endpoint.setRemote(sdp));
    leg.endpoint.onSilence(SILENT_LEG_MS, () => lost('silence'));
    // A SIP phone's own transfer key or keypad reaches the customer's side as it would on a plain call.
    leg.endpoint.onDigit((digit) => void call.customer.endpoint.sendDigits(digit));
  }

  /** Sound both ways, the recording runs from the first word on. */
  async function join2(call: Call, side: OperatorSide, leg: Leg): Promise<void> {
    await leg.endpoint.connected();
    if (call.gone.signal.aborted || call.operator !== side) {
      await endLeg(leg, 'customer left');
      return;
    }
    side.leg = leg;
    watch(call, side, leg);
    silence(call);
    await record(call);
    await call.customer.endpoint.bridge(leg.endpoint);
    side.bridged = true;
    await interactions.apply(call.companyId, call.interactionId, { type: 'connected' });
  }

  async function record(call: Call): Promise<void> {
    if (call.recordingPath !== null) return;
    const folder = join(world.recordingsDir, call.companyId);
    const path = join(folder, `${call.interactionId}.wav`);
    try {
      await mkdir(folder, { recursive: true });
      await call.customer.endpoint.startRecording(path);
      call.recordingPath = path;
      await interactions.apply(call.companyId, call.interactionId, { type: 'recordingStarted' });
    } catch (error) {
      // A full disk must not end the conversation; the alarm tells the administrator.
      logger.error({ err: error, interactionId: call.interactionId }, 'recording could not start');
    }
  }

  /** The softphone vanished: the customer is told and hears music; whoever comes back gets the same call. */
  async function reattach(call: Call, side: OperatorSide, old: Leg, cause: string): Promise<void> {
    const { companyId, interactionId } = call;
    side.leg = null;
    side.bridged = false;
    await old.endpoint.destroy();
    if (call.gone.signal.aborted || call.operator !== side) return;
    const username = world.directory.softphoneOf(companyId, side.agentId);
    const signal = newSound(call);
    await interactions.record(companyId, interactionId, {
      kind: 'agentLegLost',
      actor: { kind: 'system' },
      data: { cause },
    });
    void comfort(call, signal);
    const phone = username === undefined ? undefined : await phones.next(username, REATTACH_MS, signal);
    if (signal.aborted || call.operator !== side) return;
    const leg =
      phone === undefined
        ? undefined
        : await dial(companyId, interactionId, phone, dialing(call, side)).catch(() => undefined);
    if (leg !== undefined) {
      await interactions.record(companyId, interactionId, {
        kind: 'agentLegBack',
        actor: { kind: 'system' },
        data: {},
      });
      return join2(call, side, leg);
    }
    await interactions.apply(companyId, interactionId, { type: 'agentLost', reason: cause });
  }

  async function comfort(call: Call, signal: AbortSignal): Promise<void> {
    if (await tell(world, call, signal, [PROMPTS.operatorLost]))
      await call.customer.endpoint.play([world.musicPath], { loop: true, signal });
  }

  function newSide(call: Call, agentId: AgentId, hold: string): OperatorSide {
    const side: OperatorSide = { agentId, hold, dialing: new AbortController(), leg: null, bridged: false };
    call.operator = side;
    return side;
  }

  /** Ringing ends when the customer leaves or the offer is withdrawn. */
  const dialing = (call: Call, side: OperatorSide): AbortSignal =>
    AbortSignal.any([call.gone.signal, side.dialing.signal]);

  function phoneOf(companyId: CompanyId, agentId: AgentId): Phone | undefined {
    const username = world.directory.softphoneOf(companyId, agentId);
    return username === undefined ? undefined : phones.get(username);
  }

  return {
    async connect(call, agentId, hold) {
      const current = call.operator;
      // The ringing SIP phone was answered: its leg is up already.
      if (current?.hold === hold) {
        if (current.leg !== null && !current.bridged) await join2(call, current, current.leg);
        return;
      }
      const side = newSide(call, agentId, hold);
      const phone = phoneOf(call.companyId, agentId);
      try {
        if (phone === undefined) throw new Error('no softphone is registered');
        await join2(call, side, await dial(call.companyId, call.interactionId, phone, dialing(call, side)));
      } catch (error) {
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
        side.leg = await dial(call.companyId, call.interactionId, phone, dialing(call, side));
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

    async callOwn(companyId, interactionId, agentId, onEnd) {
      const phone = phoneOf(companyId, agentId);
      if (phone === undefined)
        throw new AppError('agent.noSoftphone', 409, 'no softphone of this operator is registered');
      const leg = await dial(companyId, interactionId, phone, AbortSignal.timeout(ANSWER_MS));
      await leg.endpoint.connected();
      leg.dialog.onEnd(onEnd);
      return leg;
    },

    adopt: (call, agentId, hold, leg) => join2(call, newSide(call, agentId, hold), leg),

    async drop(call, reason) {
      const side = call.operator;
      if (side === null) return;
      call.operator = null;
      side.dialing.abort();
      if (side.leg !== null) await endLeg(side.leg, reason);
    },
  };
}

export async function endLeg(leg: Leg, reason: string): Promise<void> {
  await Promise.allSettled([leg.dialog.bye(reason), leg.endpoint.destroy()]);
}

/** After the operator's side is gone and the call goes back to its place. */
export function backToMusic(world: VoiceWorld, call: Call): void {
  void keepWaiting(world, call).catch((error: unknown) =>
    world.logger.error({ err: error }, 'waiting music failed'),
  );
}
