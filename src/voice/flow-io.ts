import {
  createVoiceIo,
  type Flow,
  type FlowLookup,
  type FlowResult,
  type PromptFiles,
  runFlow,
  type Untold,
  type Vars,
} from '../flows/index.ts';
import { AppError } from '../shared/errors.ts';
import type { Call } from './call.ts';
import type { VoiceWorld } from './world.ts';

/** What running a flow needs beyond the call: the flows themselves, the voice that speaks them, the look-ups. */
export interface FlowRuntime {
  flow(companyId: string, name: string): Flow | undefined;
  readonly files: PromptFiles;
  /** Variables that every flow knows: protocol, company, caller. */
  vars(companyId: string, interactionId: string): Promise<Vars>;
  lookup(companyId: string, interactionId: string): FlowLookup;
}

/** Runs the called number's flow on the customer's leg, to its end or to the caller's hang-up. */
export async function runVoiceFlow(world: VoiceWorld, call: Call, name: string): Promise<FlowResult> {
  const { companyId, interactionId } = call;
  const flow = world.flows.flow(companyId, name);
  if (flow === undefined) throw new AppError('flow.unknown', 500, `the flow ${name} is not loaded`);
  const io = createVoiceIo({
    media: call.customer.endpoint,
    files: world.flows.files,
    clock: world.clock,
    language: flow.language,
    ended: call.gone.signal,
  });
  return runFlow(flow, io, await world.flows.vars(companyId, interactionId), {
    clock: world.clock,
    lookup: world.flows.lookup(companyId, interactionId),
    journal: (kind, data) =>
      world.interactions.record(call.companyId, interactionId, { kind, actor: { kind: 'customer' }, data }),
    onFault: (error) => world.logger.warn({ err: error, interactionId }, 'a step of the flow failed'),
  });
}

/**
 * The protocol number is always told (RGC art. 9): what a key cut off is said again, and no key cuts it this time. Starts at
 * once; resolves when it was said or the caller left, and never rejects.
 */
export async function tellProtocol(
  world: VoiceWorld,
  call: Call,
  name: string,
  untold: Untold,
): Promise<void> {
  const { companyId, interactionId, gone } = call;
  try {
    const language = world.flows.flow(companyId, name)?.language ?? 'pt-BR';
    const files = await world.flows.files(untold.parts, language);
    if (gone.signal.aborted) return;
    const how = await call.customer.endpoint.play(files, { signal: gone.signal });
    await world.interactions.record(companyId, interactionId, {
      kind: 'flow.say',
      actor: { kind: 'customer' },
      data: { flow: name, node: untold.node, outcome: how === 'done' ? 'heard' : 'interrupted' },
    });
  } catch (error) {
    world.logger.error({ err: error, interactionId }, 'the protocol number could not be told');
  }
}
