import type { FlowResult } from '../flows/index.ts';
import type { Interaction } from '../interactions/index.ts';
import { AppError } from '../shared/errors.ts';
import { PROMPTS } from '../speech/index.ts';
import { type Admitted, admit, nameOf, numberOf } from './admission.ts';
import { type Call, newSound } from './call.ts';
import type { CustomerLegs } from './customer-leg.ts';
import { runVoiceFlow, tellProtocol } from './flow-io.ts';
import type { IncomingCall } from './ports.ts';
import { report } from './report.ts';
import type { TrunkChannels } from './trunks.ts';
import { tell } from './waiting.ts';
import type { CalledNumber, VoiceWorld } from './world.ts';

/** What a refused INVITE is told: no channel, no codec in common, or our own fault (RFC 3261 §21). */
function statusOf(error: unknown): number {
  if (!(error instanceof AppError)) return 500;
  if (error.code === 'trunk.full') return 503;
  return error.code === 'media.badSdp' ? 488 : 500;
}

/** Stored with its protocol number before anybody answers. */
async function openContact(
  world: VoiceWorld,
  incoming: IncomingCall,
  { did, caller }: Admitted,
): Promise<Interaction> {
  // The store of customers answers in milliseconds; the ERP is asked later and blocks nobody.
  const known = await world.customers.byPhone(did.companyId, caller);
  const name = nameOf(caller, incoming.callerName);
  const { interaction } = await world.interactions.open({
    companyId: did.companyId,
    channel: 'voice',
    direction: 'inbound',
    contact: {
      address: caller,
      ...(name === undefined ? {} : { name }),
    },
    // Retransmissions end at the edge; a Call-ID may come again after months.
    idempotencyKey: `sip:${incoming.callId}:${world.newKey()}`,
    customer: known.customer,
    identity: known.identity,
    to: did.number,
  });
  const { diversion } = incoming;
  if (diversion !== undefined) {
    const data = { ...diversion, by: numberOf(diversion.by, did.number) };
    await world.interactions.record(did.companyId, interaction.id, {
      kind: 'diverted',
      actor: { kind: 'system' },
      data,
    });
  }
  return interaction;
}

/** An inbound call: admitted, opened with its protocol, answered, and taken through its flow into a queue. */
export function createInbound(world: VoiceWorld, customers: CustomerLegs, channels: TrunkChannels) {
  const { logger } = world;

  async function close(call: Call, cause: string): Promise<void> {
    await report(world, call, { type: 'closed', disposition: null, cause, by: { kind: 'system' } });
    return customers.hangUp(call, cause);
  }

  async function enqueue(call: Call, target: Extract<FlowResult, { kind: 'queue' }>): Promise<void> {
    const { companyId, interactionId } = call;
    const queue = await world.directory.queueFor({ companyId, id: interactionId }, target.queue);
    if (queue === undefined) throw new AppError('flow.noQueue', 500, `no queue to wait in: ${target.queue}`);
    const closed = await world.directory.closedMessage(companyId, queue);
    if (closed !== undefined) {
      await call.telling;
      await tell(world, call, newSound(call), [closed]);
      return close(call, 'outOfHours');
    }
    const { priority, skills, protocolType } = target;
    const taken = await report(world, call, {
      type: 'enqueued',
      queue,
      priority,
      skills,
      ...(protocolType === undefined ? {} : { protocolType }),
    });
    // Nobody would ever come.
    if (!taken) throw new AppError('flow.failed', 500, 'the contact could not wait');
  }

  async function run(call: Call, did: CalledNumber): Promise<void> {
    await report(world, call, { type: 'flowStarted', flow: did.flow });
    const result = await runVoiceFlow(world, call, did.flow);
    if (call.gone.signal.aborted) return;
    // In the queue its place counts at once; the number is said meanwhile, before the music and before any operator.
    if (result.untold !== undefined) call.telling = tellProtocol(world, call, did.flow, result.untold);
    switch (result.kind) {
      case 'ended':
        return;
      case 'failed':
        throw new AppError('flow.failed', 500, result.reason);
      case 'queue':
        return enqueue(call, result);
      case 'hangup':
        await call.telling;
        return close(call, 'flowEnded');
    }
  }

  /** A broken flow must not lose the caller: say so and leave a task to call back. */
  async function recover(call: Call, error: unknown): Promise<void> {
    logger.error({ err: error, interactionId: call.interactionId }, 'the flow failed');
    if (call.gone.signal.aborted) return;
    await tell(world, call, newSound(call), [PROMPTS.technicalFault]).catch(() => false);
    await report(world, call, { type: 'missed', cause: 'flowFailed' });
    await customers.hangUp(call, 'flow failed');
  }

  async function take(incoming: IncomingCall, admitted: Admitted): Promise<void> {
    const cancelled = new AbortController();
    incoming.onCancel(() => cancelled.abort());
    const interaction = await openContact(world, incoming, admitted);
    const left = (by: 'customer' | 'server', cause: string) =>
      report(
        world,
        { companyId: interaction.companyId, interactionId: interaction.id },
        { type: 'customerLeft', by, cause },
      );
    if (cancelled.signal.aborted) {
      admitted.release();
      await left('customer', 'cancelled');
      return;
    }
    const leg = await customers.answer(incoming).catch(async (error: unknown) => {
      await left(cancelled.signal.aborted ? 'customer' : 'server', 'notAnswered');
      throw error;
    });
    const call = customers.track(interaction, leg, admitted.trunk?.id ?? null, admitted.release);
    await run(call, admitted.did).catch((error: unknown) => recover(call, error));
  }

  return {
    async handle(incoming: IncomingCall): Promise<void> {
      let admitted: Admitted | undefined;
      try {
        admitted = await admit(world, channels, incoming);
        if (admitted !== undefined) await take(incoming, admitted);
      } catch (error) {
        admitted?.release();
        incoming.reject(statusOf(error));
        logger.warn({ err: error, callId: incoming.callId }, 'inbound call refused');
      }
    },
  };
}
export type Inbound = ReturnType<typeof createInbound>;
