import type { Interaction } from '../interactions/index.ts';
import { AppError } from '../shared/errors.ts';
import type { AgentId, CompanyId, InteractionId } from '../shared/ids.ts';
import { inBackground } from './background.ts';
import { soundOf } from './bridge.ts';
import type { Leg } from './call.ts';
import { type CustomerLegs, endLeg } from './customer-leg.ts';
import { withDeadline } from './deadline.ts';
import { callerIdOf, createCallCap, destinationOf } from './dialing.ts';
import { dialLeg } from './dial.ts';
import type { OperatorLegs } from './operator-leg.ts';
import type { Phones } from './phones.ts';
import type { SipFailure } from './ports.ts';
import { report } from './report.ts';
import { isTrunkFault, type Route, routesTo, type Taken as TakenLine, takeLine } from './routes.ts';
import { unlessSilent } from './silent-trunk.ts';
import type { TrunkChannels } from './trunks.ts';
import type { VoiceWorld } from './world.ts';

/** How long the customer's phone rings, ms (RGC asks for at least 20 s). */
const RING_MS = 40_000;

export interface CallRequest {
  readonly to: string;
  readonly from?: string | undefined;
  readonly queue?: string | undefined;
  /** The queues that whoever calls may name; undefined: any of the company. */
  readonly within?: readonly string[] | undefined;
}

function failureOf(error: unknown): SipFailure {
  const { status, reason, unheard } = error as Partial<SipFailure>;
  return { status: status ?? 500, reason: reason ?? 'failed', ...(unheard === true ? { unheard } : {}) };
}

/** Why there was no talk, as the called side told it (RFC 3261 §21). */
function causeOf(failure: SipFailure): string {
  const { status } = failure;
  if (status === 486 || status === 600) return 'busy';
  if (isTrunkFault(failure)) return 'notCompleted';
  // Nobody was there, it only rang, or it was declined; anything else never came as far as a person.
  return [408, 480, 487, 603].includes(status) ? 'notAnswered' : 'notCompleted';
}

/** Why the operator's side is gone before the customer answered: its own hand, unless its phone was lost. */
const whyGone = ({ reason }: AbortSignal): string =>
  reason === 'softphoneUnreachable' ? 'softphoneUnreachable' : 'agentCancelled';

/** The operator hears ringing until what this answers is aborted, or the call is given up. */
function ringBack(world: VoiceWorld, { endpoint }: Leg, gone: AbortSignal, id: InteractionId) {
  const ringing = new AbortController();
  const signal = AbortSignal.any([ringing.signal, gone]);
  inBackground(world, 'ringing tone', endpoint.play([world.ringbackPath], { loop: true, signal }), id);
  return ringing;
}

/** What was asked for, as far as the company lets its people. Errors: those of dialing.ts, queue.unknown 422, queue.notYours 403. */
function allowed(
  world: VoiceWorld,
  companyId: CompanyId,
  request: CallRequest,
): { readonly number: string; readonly from: string | undefined } {
  const { directory } = world;
  const number = destinationOf(request.to, directory.dialing(companyId));
  const callerIds = directory
    .trunks()
    .flatMap((line) =>
      line.companyId === companyId ? [line.callerId ?? [], line.callerIds ?? []].flat() : [],
    );
  const from = callerIdOf(request.from, [...directory.ownNumbers(companyId), ...callerIds]);
  if (request.queue !== undefined && !directory.queueExists(companyId, request.queue))
    throw new AppError('queue.unknown', 422, 'There is no such queue.');
  if (request.queue !== undefined && request.within?.includes(request.queue) === false)
    throw new AppError('queue.notYours', 403, 'You do not work in this queue.');
  return { number, from };
}

/** The customer's leg, with sound; rejects with SipFailure when busy, unanswered or refused, or when `signal` gives up. */
async function dialCustomer(world: VoiceWorld, route: Route, signal: AbortSignal): Promise<Leg> {
  const call = { to: route.to, callerUser: route.callerId };
  const dial = (until: AbortSignal, onHeard: () => void) =>
    dialLeg(world, { kind: route.media }, { ...call, signal: until, onHeard });
  const leg = await withDeadline(world.clock, RING_MS, signal, (until) =>
    route.trunk !== null && world.edge.showsTrying
      ? unlessSilent(world.clock, until, dial)
      : dial(until, () => undefined),
  );
  try {
    await soundOf(leg);
    // Given up in the very moment of the answer: nobody is there to talk to.
    signal.throwIfAborted();
    return leg;
  } catch (error) {
    await endLeg(leg, 'no operator');
    throw error;
  }
}

/** The customer over the first trunk that works: one that fails gives its line back, and the next is called. */
async function overAnyLine(
  { world, channels }: { readonly world: VoiceWorld; readonly channels: TrunkChannels },
  { companyId, id }: Interaction,
  signal: AbortSignal,
  first: TakenLine,
  onLine: (line: TakenLine) => void,
): Promise<Leg> {
  for (let line = first; ; ) {
    try {
      return await dialCustomer(world, line.route, signal);
    } catch (error) {
      const failure = failureOf(error);
      if (signal.aborted || line.others.length === 0 || !isTrunkFault(failure)) throw error;
      const data = { status: failure.status, cause: 'trunkFailed', trunk: line.route.trunk?.name ?? '' };
      line.release();
      await world.interactions.record(companyId, id, { kind: 'dialFailed', actor: { kind: 'system' }, data });
      line = takeLine(line.others, channels);
      onLine(line);
    }
  }
}

async function openContact(
  world: VoiceWorld,
  companyId: CompanyId,
  number: string,
  route: Route,
  queue: string | undefined,
): Promise<Interaction> {
  const known = await world.customers.byPhone(companyId, number);
  const { interaction } = await world.interactions.open({
    companyId,
    channel: 'voice',
    direction: 'outbound',
    contact: { address: number },
    idempotencyKey: `call:${world.newKey()}`,
    customer: known.customer,
    identity: known.identity,
    to: route.callerId,
    ...(queue === undefined ? {} : { queue }),
  });
  return interaction;
}

/** The operator's capacity is held before anything rings; without it the contact is over. */
async function take(
  world: VoiceWorld,
  interaction: Interaction,
  agentId: AgentId,
): Promise<{ taken: Interaction; hold: string }> {
  const { companyId, id } = interaction;
  try {
    const taken = await world.queue.takeOwn(companyId, id, agentId);
    if (taken.state.name !== 'active')
      throw new AppError('interaction.conflict', 409, 'the call could not be started');
    return { taken, hold: taken.state.claim.hold };
  } catch (error) {
    await report(
      world,
      { companyId, interactionId: id },
      { type: 'closed', disposition: null, cause: 'agentUnavailable', by: { kind: 'system' } },
    );
    throw error;
  }
}

const givenUpBy = (agentId: AgentId) =>
  ({
    type: 'customerLeft',
    by: 'customer',
    cause: 'agentCancelled',
    actor: { kind: 'agent', id: agentId },
  }) as const;

/** A call of ours, with its operator's capacity held. */
interface Taken {
  readonly interaction: Interaction;
  readonly agentId: AgentId;
  readonly hold: string;
  /** Aborted when the operator gives up or its softphone leaves before the customer is there. */
  readonly gone: AbortController;
}

/** POST /calls: the operator's own softphone first, then the customer (contract.md). */
export function createOutbound(
  world: VoiceWorld,
  channels: TrunkChannels,
  phones: Phones,
  operators: OperatorLegs,
  customers: CustomerLegs,
) {
  const { interactions } = world;
  const cap = createCallCap(world.clock);
  /** Calls whose customer has not answered yet, by interaction. */
  const dialing = new Map<InteractionId, { readonly agentId: AgentId; readonly gone: AbortController }>();

  async function run({ interaction, agentId, hold, gone }: Taken, first: TakenLine): Promise<void> {
    let line = first;
    const { companyId, id } = interaction;
    const failed = async (cause: string) => {
      line.release();
      const busy = { type: 'customerLeft', by: 'customer', cause, actor: { kind: 'system' } } as const;
      const event = cause === 'agentCancelled' ? givenUpBy(agentId) : busy;
      await report(world, { companyId, interactionId: id }, event);
    };
    const softphone = await operators.callOwn(companyId, id, agentId, gone).catch((err: unknown) => {
      world.logger.warn({ err, interactionId: id }, "the operator's own phone took no call");
      return undefined;
    });
    if (softphone === undefined)
      return failed(gone.signal.aborted ? whyGone(gone.signal) : 'softphoneUnreachable');
    const ringing = ringBack(world, softphone, gone.signal, id);
    let customer: Leg;
    try {
      customer = await overAnyLine(
        { world, channels },
        interaction,
        gone.signal,
        first,
        (next) => (line = next),
      );
    } catch (error) {
      const failure = failureOf(error);
      const cause = gone.signal.aborted ? whyGone(gone.signal) : causeOf(failure);
      await interactions.record(companyId, id, {
        kind: 'dialFailed',
        actor: { kind: 'system' },
        data: { status: failure.status, cause },
      });
      await failed(cause);
      return endLeg(softphone, cause);
    }
    ringing.abort();
    const call = customers.track(interaction, customer, line.route.trunk?.id ?? null, line.release);
    await operators.adopt(call, agentId, hold, softphone);
  }

  return {
    /** Errors: those of `allowed`, agent.noSoftphone and agent.onCall 409, those of dialing.ts and routes.ts. */
    async call(companyId: CompanyId, agentId: AgentId, request: CallRequest): Promise<Interaction> {
      const { number, from } = allowed(world, companyId, request);
      const routes = routesTo(world.directory.trunks(), phones, companyId, number, from);
      // Each try counts, whatever stops it then: who calls without end is turned down.
      cap.count(agentId, world.directory.dialing(companyId).callsPerMinute);
      operators.assertPhone(companyId, agentId);
      if (world.directory.isOnCall(companyId, agentId))
        throw new AppError('agent.onCall', 409, 'the operator is on a call');
      const line = takeLine(routes, channels);
      try {
        const { taken, hold } = await take(
          world,
          await openContact(world, companyId, number, line.route, request.queue),
          agentId,
        );
        const gone = new AbortController();
        dialing.set(taken.id, { agentId, gone });
        void run({ interaction: taken, agentId, hold, gone }, line)
          .catch((error: unknown) => {
            world.logger.error({ err: error, interactionId: taken.id }, 'outbound call failed');
          })
          .finally(() => dialing.delete(taken.id));
        return taken;
      } catch (error) {
        line.release();
        throw error;
      }
    },

    /**
     * The operator gives up before the customer answered, and is free when this resolves; the phone that rings is told in the
     * background. False when this operator dials no such call.
     */
    async cancel(companyId: CompanyId, interactionId: InteractionId, agentId: AgentId): Promise<boolean> {
      const call = dialing.get(interactionId);
      if (call?.agentId !== agentId) return false;
      call.gone.abort('agentCancelled');
      await report(world, { companyId, interactionId }, givenUpBy(agentId));
      return true;
    },

    /** No phone rings on after us. */
    stop(): void {
      for (const { gone } of dialing.values()) gone.abort();
    },
  };
}
export type Outbound = ReturnType<typeof createOutbound>;
