import { AppError } from '../shared/errors.ts';
import type { AgentId, InteractionId } from '../shared/ids.ts';
import type { Principal } from '../platform/http/index.ts';
import type { Actor, Interaction, InteractionEvent, TransferTarget } from './domain/types.ts';
import { toAppError } from './errors.ts';
import type { Interactions } from './interactions.ts';
import type { AttachmentView, Message, OfferDesk, TransferTargets, VoiceControl } from './ports.ts';
import type { ListFilter } from './filters.ts';

export interface DeskDeps {
  readonly interactions: Interactions;
  readonly offers: OfferDesk;
  readonly voice: VoiceControl;
  readonly targets: TransferTargets;
  readonly clock: { now(): number };
  readonly ids: () => string;
  /** Uploaded files by id; without it messages carry none. */
  readonly attachments?: (companyId: string, ids: readonly string[]) => Promise<readonly AttachmentView[]>;
}

/** What people at a desk may do with a contact, by HTTP and by socket alike. */
export interface Desk {
  list(
    principal: Principal,
    filter: Omit<ListFilter, 'visibleTo'>,
    page: { readonly limit: number; readonly cursor?: string | undefined },
  ): Promise<{ readonly items: readonly Interaction[]; readonly nextCursor: string | null }>;
  /** Errors: interaction.notFound 404, also for what this person may not see. */
  see(principal: Principal, id: string): Promise<Interaction>;
  accept(principal: Principal, id: string): Promise<Interaction>;
  reject(principal: Principal, id: string): Promise<Interaction>;
  close(
    principal: Principal,
    id: string,
    how: { readonly disposition: string; readonly note?: string | undefined },
  ): Promise<Interaction>;
  hangup(principal: Principal, id: string): Promise<Interaction>;
  hold(principal: Principal, id: string): Promise<Interaction>;
  resume(principal: Principal, id: string): Promise<Interaction>;
  dtmf(principal: Principal, id: string, digits: string): Promise<Interaction>;
  note(principal: Principal, id: string, text: string): Promise<Interaction>;
  write(
    principal: Principal,
    id: string,
    text: string,
    attachments: readonly string[] | undefined,
    idempotencyKey?: string,
  ): Promise<Message>;
  transfer(
    principal: Principal,
    id: string,
    to: TransferTarget,
    mode: 'blind' | 'attended',
  ): Promise<Interaction>;
}

/** After a transfer to a queue, who gave it away is not offered it again for this long. */
const AVOID_GIVER_MS = 30_000;

export function createDesk(deps: DeskDeps): Desk {
  const { interactions, voice } = deps;
  const reach = createReach(deps);
  const { see, mine, apply, call } = reach;
  return {
    list: (principal, filter, page) =>
      interactions.list(
        principal.companyId,
        principal.role === 'operator'
          ? { ...filter, visibleTo: { agentId: principal.userId, queues: principal.queues } }
          : filter,
        page,
      ),
    see,
    async accept(principal, id) {
      const { companyId } = await see(principal, id);
      return deps.offers.accept(companyId, id as InteractionId, principal.userId);
    },
    async reject(principal, id) {
      const { companyId } = await see(principal, id);
      await deps.offers.reject(companyId, id as InteractionId, principal.userId);
      return (await interactions.get(companyId, id as InteractionId)) ?? see(principal, id);
    },
    async close(principal, id, { disposition, note }) {
      return apply(await mine(principal, id), {
        type: 'closed',
        disposition,
        ...(note === undefined ? {} : { note }),
        by: actorOf(principal),
      });
    },
    hangup: (principal, id) =>
      call(principal, id, (interaction) =>
        voice.hangup(
          interaction.companyId,
          interaction.id,
          interaction.agent?.id ?? (principal.userId satisfies AgentId),
        ),
      ),
    hold: (principal, id) => call(principal, id, (found) => voice.hold(found.companyId, found.id)),
    resume: (principal, id) => call(principal, id, (found) => voice.resume(found.companyId, found.id)),
    dtmf: (principal, id, digits) =>
      call(principal, id, (found) => voice.dtmf(found.companyId, found.id, digits)),
    async note(principal, id, text) {
      const interaction = await see(principal, id);
      const actor = actorOf(principal);
      await interactions.record(interaction.companyId, interaction.id, {
        kind: 'note',
        actor,
        data: { text },
      });
      return interaction;
    },
    ...createHandover(deps, reach),
  };
}

/** Whose hands may reach for what. */
interface Reach {
  readonly see: (principal: Principal, id: string) => Promise<Interaction>;
  readonly mine: (principal: Principal, id: string) => Promise<Interaction>;
  readonly apply: (interaction: Interaction, event: InteractionEvent) => Promise<Interaction>;
  readonly call: (
    principal: Principal,
    id: string,
    run: (interaction: Interaction) => Promise<void>,
  ) => Promise<Interaction>;
}

function createReach({ interactions }: DeskDeps): Reach {
  const see = async (principal: Principal, id: string): Promise<Interaction> => {
    // The path segment is an id of ours or of nobody; the store answers which.
    const found = await interactions.get(principal.companyId, id as InteractionId);
    if (found === null || !maySee(principal, found)) throw notFound();
    return found;
  };
  /** In this person's hands, or a supervisor's to manage. */
  const mine = async (principal: Principal, id: string): Promise<Interaction> => {
    const found = await see(principal, id);
    if (found.agent?.id !== principal.userId && principal.role === 'operator')
      throw new AppError('interaction.notYours', 403, 'The contact is not in your hands.');
    return found;
  };
  const apply = async (interaction: Interaction, event: InteractionEvent): Promise<Interaction> => {
    const result = await interactions.apply(interaction.companyId, interaction.id, event);
    if (!result.ok) throw toAppError(result.error);
    return result.value;
  };
  const call = async (
    principal: Principal,
    id: string,
    run: (interaction: Interaction) => Promise<void>,
  ): Promise<Interaction> => {
    const interaction = await mine(principal, id);
    if (interaction.channel !== 'voice')
      throw new AppError('interaction.notVoice', 409, 'This contact is not a call.');
    await run(interaction);
    return see(principal, id);
  };
  return { see, mine, apply, call };
}

/** Writing to the customer, and giving the contact to somebody else. */
function createHandover(deps: DeskDeps, { mine, apply }: Reach): Pick<Desk, 'write' | 'transfer'> {
  const { interactions, voice, targets, clock } = deps;
  return {
    async write(principal, id, text, attachments, idempotencyKey) {
      const interaction = await mine(principal, id);
      if (interaction.channel === 'voice' || interaction.state.name !== 'active')
        throw new AppError('interaction.notActive', 409, 'Take the conversation before you write.');
      const files =
        attachments === undefined || deps.attachments === undefined
          ? []
          : await deps.attachments(interaction.companyId, attachments);
      return interactions.addMessage(
        interaction.companyId,
        interaction.id,
        {
          direction: 'outbound',
          author: { kind: 'agent', name: principal.name },
          from: interaction.to ?? '',
          to: [interaction.contact.address],
          ...(interaction.subject === null ? {} : { subject: interaction.subject }),
          text,
          attachments: [...files],
        },
        { idempotencyKey: `desk:${principal.userId}:${idempotencyKey ?? deps.ids()}` },
      );
    },
    async transfer(principal, id, to, mode) {
      const interaction = await mine(principal, id);
      const { companyId } = interaction;
      checkTarget(targets, interaction, to);
      // A number outside, or a talk with the colleague first, needs legs: call control does it and says `transferred`.
      if (to.type === 'number' || (mode === 'attended' && interaction.channel === 'voice')) {
        if (interaction.channel !== 'voice')
          throw new AppError('transfer.notVoice', 422, 'Only a call goes to a number.');
        await voice.transfer(companyId, interaction.id, to, mode);
        return (await interactions.get(companyId, interaction.id)) ?? interaction;
      }
      const waitMs = to.type === 'agent' ? targets.agentWaitMs : AVOID_GIVER_MS;
      const until = new Date(clock.now() + waitMs);
      return apply(interaction, { type: 'transferred', to, mode, until, actor: actorOf(principal) });
    },
  };
}

const notFound = (): AppError => new AppError('interaction.notFound', 404, 'There is no such contact.');

const actorOf = ({ userId, name }: Principal): Actor => ({ kind: 'agent', id: userId, name });

/** Operators: the work of their queues and their own. Supervisors: their company (the store asks for the company). */
function maySee(principal: Principal, interaction: Interaction): boolean {
  if (principal.role !== 'operator') return true;
  return (
    interaction.agent?.id === principal.userId ||
    (interaction.queue !== null && principal.queues.includes(interaction.queue))
  );
}

function checkTarget(targets: TransferTargets, interaction: Interaction, to: TransferTarget): void {
  const { companyId } = interaction;
  if (to.type === 'queue' && !targets.queueExists(companyId, to.id))
    throw new AppError('transfer.unknownTarget', 422, 'There is no such queue.');
  if (to.type !== 'agent') return;
  const state = targets.agentState(companyId, to.id);
  if (state === undefined) throw new AppError('transfer.unknownTarget', 422, 'There is no such operator.');
  if (state !== 'available' || to.id === interaction.agent?.id)
    throw new AppError('transfer.unavailable', 409, 'This operator cannot take it now.');
}
