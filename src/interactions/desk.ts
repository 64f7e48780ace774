import { may, sight } from '../access/index.ts';
import { AppError } from '../shared/errors.ts';
import type { AgentId, InteractionId } from '../shared/ids.ts';
import type { Principal } from '../platform/http/index.ts';
import type { InteractionEvent, TransferTarget } from './domain/events.ts';
import type { Actor, Interaction } from './domain/types.ts';
import { toAppError } from './errors.ts';
import type { Interactions, PageRequest } from './interactions.ts';
import { checkTarget, queueAfter } from './transfer-targets.ts';
import type { AttachmentView, Message, OfferDesk, TransferTargets, VoiceControl } from './ports.ts';
import type { ListFilter } from './filters.ts';

export interface DeskDeps {
  readonly interactions: Interactions;
  readonly offers: OfferDesk;
  readonly voice: VoiceControl;
  readonly targets: TransferTargets;
  readonly clock: { now(): number };
  readonly ids: () => string;
  /**
   * Files to be sent with a message of this contact, each one that this person may see. Errors: attachment.notFound 404.
   * Without it messages carry none.
   */
  readonly attachments?: (
    principal: Principal,
    ids: readonly string[],
    contact: Interaction,
  ) => Promise<readonly AttachmentView[]>;
  /** Sends a message that failed once more; the channel decides whether it can. */
  readonly sendAgain?: (interaction: Interaction, messageId: string) => Promise<Message>;
}

/** How a contact is closed. */
export interface Closing {
  readonly disposition: string;
  readonly note?: string | undefined;
  readonly followUp?: string | undefined;
  /** An own call that is still up is ended first. */
  readonly hangup?: boolean | undefined;
}

export interface WrittenMessage {
  readonly text: string;
  readonly attachments?: readonly string[] | undefined;
  /** E-mail: who gets a copy; undefined: whoever the customer's last mail was written to besides us. */
  readonly cc?: readonly string[] | undefined;
}

/** What people at a desk may do with a contact, by HTTP and by socket alike. */
export interface Desk {
  list(
    principal: Principal,
    filter: Omit<ListFilter, 'visibleTo'>,
    page: PageRequest,
  ): Promise<{ readonly items: readonly Interaction[]; readonly nextCursor: string | null }>;
  /** Errors: interaction.notFound 404, also for what this person may not see. */
  see(principal: Principal, id: string): Promise<Interaction>;
  accept(principal: Principal, id: string): Promise<Interaction>;
  reject(principal: Principal, id: string): Promise<Interaction>;
  close(principal: Principal, id: string, how: Closing): Promise<Interaction>;
  /** A supervisor's explicit end of whatever it is. Errors: interaction.ended. */
  end(principal: Principal, id: string, reason: string): Promise<Interaction>;
  hangup(principal: Principal, id: string): Promise<Interaction>;
  hold(principal: Principal, id: string): Promise<Interaction>;
  resume(principal: Principal, id: string): Promise<Interaction>;
  dtmf(principal: Principal, id: string, digits: string): Promise<Interaction>;
  note(principal: Principal, id: string, text: string, idempotencyKey?: string): Promise<Interaction>;
  write(principal: Principal, id: string, wish: WrittenMessage, idempotencyKey?: string): Promise<Message>;
  /** Errors: message.notFound 404, message.notFailed 409. */
  sendAgain(principal: Principal, id: string, messageId: string): Promise<Message>;
  /** Everybody who may see the contact may put its undelivered reply aside. Errors: message.notFound 404. */
  acknowledge(principal: Principal, id: string, messageId: string): Promise<Message>;
  transfer(
    principal: Principal,
    id: string,
    to: TransferTarget,
    mode: 'blind' | 'attended',
  ): Promise<Interaction>;
}

/** After a transfer to a queue, who gave it away is not offered it again for this long. */
const AVOID_GIVER_MS = 30_000;

/** A contact as the walls see it. */
export const wallOf = ({ companyId, queue, agent }: Pick<Interaction, 'companyId' | 'queue' | 'agent'>) =>
  ({ kind: 'contact', companyId, queue, agentId: agent?.id ?? null }) as const;

function within(principal: Principal, filter: Omit<ListFilter, 'visibleTo'>): ListFilter {
  const visibleTo = sight(principal);
  return visibleTo === undefined ? filter : { ...filter, visibleTo };
}

export function createDesk(deps: DeskDeps): Desk {
  const { interactions, voice } = deps;
  const reach = createReach(deps);
  const { see, call } = reach;
  return {
    list: (principal, filter, page) =>
      interactions.list(principal.companyId, within(principal, filter), page),
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
    ...createEndings(deps, reach),
    hold: (principal, id) => call(principal, id, (found) => voice.hold(found.companyId, found.id)),
    resume: (principal, id) => call(principal, id, (found) => voice.resume(found.companyId, found.id)),
    dtmf: (principal, id, digits) =>
      call(principal, id, (found) => voice.dtmf(found.companyId, found.id, digits)),
    async note(principal, id, text, idempotencyKey) {
      const interaction = await see(principal, id);
      const actor = actorOf(principal);
      await interactions.record(interaction.companyId, interaction.id, {
        kind: 'note',
        actor,
        data: { text },
        ...(idempotencyKey === undefined ? {} : { key: `desk:${principal.userId}:${idempotencyKey}` }),
      });
      return interaction;
    },
    async acknowledge(principal, id, messageId) {
      const { companyId } = await see(principal, id);
      const [message] = await interactions.messages(companyId, { id: messageId });
      if (message?.interactionId !== id) throw noMessage();
      return (await interactions.acknowledge(companyId, messageId)) ?? message;
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
    if (found === null || !may(principal, 'see', wallOf(found))) throw notFound();
    return found;
  };
  /** In this person's hands, or a supervisor's to manage. */
  const mine = async (principal: Principal, id: string): Promise<Interaction> => {
    const found = await see(principal, id);
    if (!may(principal, 'work', wallOf(found)))
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

/** The ways in which people end a contact. */
function createEndings(deps: DeskDeps, { mine, apply, call }: Reach): Pick<Desk, 'close' | 'end' | 'hangup'> {
  const hangup: Desk['hangup'] = (principal, id) =>
    call(principal, id, (interaction) =>
      deps.voice.hangup(
        interaction.companyId,
        interaction.id,
        interaction.agent?.id ?? (principal.userId satisfies AgentId),
      ),
    );
  return {
    hangup,
    async close(principal, id, { disposition, note, followUp, hangup: hangsUp }) {
      let contact = await mine(principal, id);
      const isOwn = contact.agent?.id === principal.userId;
      if (hangsUp === true && isOwn && contact.channel === 'voice' && contact.state.name === 'active')
        contact = await hangup(principal, id);
      return apply(contact, {
        type: 'closed',
        disposition,
        ...(note === undefined ? {} : { note }),
        ...(followUp === undefined ? {} : { followUp }),
        by: actorOf(principal),
      });
    },
    async end(principal, id, reason) {
      const contact = await mine(principal, id);
      return apply(contact, { type: 'endedByOrder', reason, by: actorOf(principal) });
    },
  };
}

/** Writing to the customer, and giving the contact to somebody else. */
function createHandover(
  deps: DeskDeps,
  { mine, apply }: Reach,
): Pick<Desk, 'write' | 'sendAgain' | 'transfer'> {
  const { interactions, voice, targets, clock } = deps;
  return {
    async write(principal, id, { text, attachments, cc }, idempotencyKey) {
      const interaction = await mine(principal, id);
      if (interaction.channel === 'voice' || interaction.state.name !== 'active')
        throw new AppError('interaction.notActive', 409, 'Take the conversation before you write.');
      const files =
        attachments === undefined || deps.attachments === undefined
          ? []
          : await deps.attachments(principal, attachments, interaction);
      const copies = await copiesOf(deps, interaction, cc);
      return interactions.addMessage(
        interaction.companyId,
        interaction.id,
        {
          direction: 'outbound',
          author: { kind: 'agent', name: principal.name },
          from: interaction.to ?? '',
          to: [interaction.contact.address],
          ...(copies.length === 0 ? {} : { cc: copies }),
          ...(interaction.subject === null ? {} : { subject: interaction.subject }),
          text,
          attachments: [...files],
        },
        { idempotencyKey: `desk:${principal.userId}:${idempotencyKey ?? deps.ids()}` },
      );
    },
    async sendAgain(principal, id, messageId) {
      const interaction = await mine(principal, id);
      if (deps.sendAgain === undefined) throw noMessage();
      return deps.sendAgain(interaction, messageId);
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
      const fallBack = queueAfter(targets, interaction, to);
      return apply(interaction, {
        type: 'transferred',
        ...{ to, mode, until, actor: actorOf(principal) },
        ...(fallBack === undefined ? {} : { queue: fallBack }),
      });
    },
  };
}

/** A mail goes to everybody that the customer's last one was written to, unless its writer chose. */
async function copiesOf(
  { interactions }: DeskDeps,
  { channel, companyId, id, contact }: Interaction,
  chosen: readonly string[] | undefined,
): Promise<string[]> {
  if (channel !== 'email') {
    if (chosen === undefined || chosen.length === 0) return [];
    throw new AppError('message.noCopies', 422, 'Only an e-mail has copies.');
  }
  const wanted = chosen ?? (await lastReplyCc(interactions, companyId, id));
  const clean = new Set(wanted.map((address) => address.trim().toLowerCase()));
  clean.delete(contact.address);
  return [...clean];
}

async function lastReplyCc(
  interactions: Interactions,
  companyId: Interaction['companyId'],
  id: InteractionId,
): Promise<readonly string[]> {
  const [last] = await interactions.messages(
    companyId,
    { interactionIds: [id], direction: 'inbound' },
    { order: 'newest', limit: 1 },
  );
  return last?.replyCc ?? [];
}

const notFound = (): AppError => new AppError('interaction.notFound', 404, 'There is no such contact.');

const noMessage = (): AppError =>
  new AppError('message.notFound', 404, 'There is no such message in this contact.');

const actorOf = ({ userId, name }: Principal): Actor => ({ kind: 'agent', id: userId, name });
