import type { MessageView } from '../contracts/interaction.ts';
import type { ServerEvent, ServerEventName } from '../contracts/realtime.ts';
import type { AgentId, CompanyId, CustomerId, InteractionId, ProtocolNumber } from '../shared/ids.ts';
import type { TransferTarget } from './domain/events.ts';
import type { Channel, Interaction, ProtocolType } from './domain/types.ts';

/** What opening a contact needs from the numbering of protocols. */
export interface ProtocolDesk {
  /**
   * Joins an open protocol (by number, by thread, or the only one that the customer had open in the last 24 h) or stores a new
   * one. Idempotent on `openKey`. When it resolves the number is stored.
   */
  joinOrOpen(request: {
    readonly companyId: CompanyId;
    readonly openKey: string;
    readonly queue?: string;
    readonly hint?: string;
    readonly threadProtocol?: ProtocolNumber;
    readonly customer: { readonly id: CustomerId; readonly name: string } | null;
    readonly subject?: string;
    readonly phone?: string;
  }): Promise<{
    readonly number: ProtocolNumber;
    readonly type: ProtocolType | null;
    readonly joined: boolean;
  }>;
}

/** Live updates; a subset of the realtime room's publisher. */
export interface Publisher {
  toUser<N extends ServerEventName>(
    companyId: string,
    userId: string,
    event: N,
    payload: ServerEvent<N>,
  ): void;
  toQueue<N extends ServerEventName>(
    companyId: string,
    queueKey: string,
    event: N,
    payload: ServerEvent<N>,
  ): void;
  toSupervisors<N extends ServerEventName>(companyId: string, event: N, payload: ServerEvent<N>): void;
}

/** What the operators' routes need from call control; the voice room implements it. Each rejects with AppError. */
export interface VoiceControl {
  /** Ends the operator's leg; the customer's goes back to the flow (survey) or ends. */
  hangup(companyId: CompanyId, interactionId: InteractionId, agentId: AgentId): Promise<void>;
  hold(companyId: CompanyId, interactionId: InteractionId): Promise<void>;
  resume(companyId: CompanyId, interactionId: InteractionId): Promise<void>;
  dtmf(companyId: CompanyId, interactionId: InteractionId, digits: string): Promise<void>;
  /** To a number, or attended to anybody: consultation, then the event `transferred`. */
  transfer(
    companyId: CompanyId,
    interactionId: InteractionId,
    to: TransferTarget,
    mode: 'blind' | 'attended',
  ): Promise<void>;
}

/** Accepting and declining belong to the router. */
export interface OfferDesk {
  accept(companyId: CompanyId, interactionId: InteractionId, agentId: AgentId): Promise<Interaction>;
  reject(companyId: CompanyId, interactionId: InteractionId, agentId: AgentId): Promise<void>;
}

/** Whether a named operator or queue can be the target of a transfer. */
export interface TransferTargets {
  queueExists(companyId: CompanyId, key: string): boolean;
  /** Why routing would not give this contact to this operator now; null: it would. undefined: no such operator. */
  refusal(contact: Interaction, id: string): string | null | undefined;
  /** The first queue in use that the operator works in. */
  queueOf(companyId: CompanyId, id: string): string | undefined;
  /** How long a transferred contact waits for the named operator before the queue takes it, ms. */
  readonly agentWaitMs: number;
}

export type AttachmentView = MessageView['attachments'][number];

export interface MessageInput {
  readonly direction: 'inbound' | 'outbound';
  readonly author: MessageView['author'];
  readonly from: string;
  readonly to: readonly string[];
  readonly cc?: readonly string[];
  /** Inbound: who else an answer goes to unless its writer says otherwise. */
  readonly replyCc?: readonly string[];
  /** Inbound: the From address when the answer goes elsewhere. */
  readonly via?: string;
  /** Inbound: what its reader should know of how it came; codes of the channel. */
  readonly notices?: readonly string[];
  readonly subject?: string;
  readonly text: string;
  /** Inbound: what another rendering of the mail says that says something else. */
  readonly otherText?: string;
  readonly attachments?: MessageView['attachments'];
  readonly status?: MessageView['status'];
  /** The channel's own id, e.g. the Message-ID of a mail; for status callbacks and threads. */
  readonly externalId?: string;
  /** What the channel needs to send it, e.g. In-Reply-To. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly at?: Date;
}

export interface Message extends MessageInput {
  readonly id: string;
  readonly companyId: CompanyId;
  readonly interactionId: InteractionId;
  readonly idempotencyKey: string;
  readonly channel: Channel;
  readonly protocol: ProtocolNumber;
  readonly status: MessageView['status'];
  readonly attachments: MessageView['attachments'];
  readonly at: Date;
  /** Why it failed, by the channel's code. */
  readonly error?: string;
  /** An operator's reply that failed, its contact is over: true while nobody has put it aside, then false. */
  readonly undelivered?: boolean;
}
