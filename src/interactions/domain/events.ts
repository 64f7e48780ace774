import type { AgentId, CustomerId } from '../../shared/ids.ts';
import type {
  Actor,
  ClosingDraft,
  Identity,
  Interaction,
  NamedRef,
  ProtocolType,
  StateName,
  Sticky,
} from './types.ts';

export type TransferTarget =
  | { readonly type: 'queue'; readonly id: string }
  | { readonly type: 'agent'; readonly id: string }
  | { readonly type: 'number'; readonly id: string };

/** What happened to a contact; `transition` says what comes of it. */
export type InteractionEvent =
  | { readonly type: 'flowStarted'; readonly flow: string }
  | {
      readonly type: 'enqueued';
      readonly queue: string;
      readonly priority?: number;
      readonly skills?: readonly string[];
      readonly protocolType?: ProtocolType;
      readonly sticky?: Sticky | null;
      readonly actor?: Actor;
    }
  | {
      readonly type: 'offered';
      readonly agentId: AgentId;
      readonly agentName?: string;
      readonly hold: string;
      /** How long it stands, ms. */
      readonly ringMs: number;
      readonly wrapUpMs: number;
    }
  | { readonly type: 'offerTimedOut'; readonly hold: string }
  | { readonly type: 'offerRejected'; readonly agentId: AgentId; readonly avoidUntil: Date }
  | { readonly type: 'offerRevoked'; readonly hold: string; readonly reason: string }
  | {
      readonly type: 'accepted';
      readonly agentId: AgentId;
      /** Taken without an offer (outbound call, picked from the queue): capacity is held already. */
      readonly direct?: { readonly hold: string; readonly wrapUpMs: number; readonly agentName?: string };
    }
  /** Voice: both lines are joined. Whether sound passes is measured after that. */
  | { readonly type: 'connected' }
  | { readonly type: 'held' }
  | { readonly type: 'resumed' }
  /** Voice: nothing is heard from the customer for a while, or again. `forMs`: how long already; `oneWay`: the operator is heard. */
  | { readonly type: 'customerSilent'; readonly forMs: number; readonly oneWay?: true }
  | { readonly type: 'customerHeard' }
  /** The operator's side is gone for good; back to its place in the queue, or into `queue` when none has seen it yet. */
  | { readonly type: 'agentLost'; readonly reason?: string; readonly queue?: string }
  /** Moved by a supervisor or the server: other queue or other priority. */
  | {
      readonly type: 'requeued';
      readonly queue?: string;
      readonly priority?: number;
      readonly actor?: Actor;
    }
  | {
      readonly type: 'transferred';
      readonly to: TransferTarget;
      readonly mode: 'blind' | 'attended';
      /** The queue that it falls back to when the named operator does not take it until then. */
      readonly queue?: string;
      readonly until?: Date;
      readonly actor?: Actor;
    }
  /** By the customer's own hand (BYE, CANCEL), by a line that dropped (nobody hung up), or by the loss of a part of ours. */
  | {
      readonly type: 'customerLeft';
      readonly by: 'customer' | 'line' | 'server';
      /** Why, as the phone line tells it: bye, cancelled, transport, unreachable, sessionTimer, mediaLost … */
      readonly cause?: string;
      /** Who ended it where nobody of those did: an operator who gave up the call that rang, or nobody (busy). */
      readonly actor?: Actor;
    }
  /** The operator's leg hung up; the customer may still be with us (survey). */
  | { readonly type: 'agentEnded'; readonly agentId?: AgentId }
  /** Text: the operator wrote. */
  | { readonly type: 'replied'; readonly messageId?: string }
  | { readonly type: 'customerReplied'; readonly messageId?: string }
  /** Text: what the operator wrote was refused for good. The customer has nothing to answer: the turn is ours again. */
  | { readonly type: 'replyFailed'; readonly messageId: string }
  | { readonly type: 'wrapUpExpired'; readonly hold: string }
  /** More time for the wrap-up: `byMs` from now on, never beyond `maxMs` after the talk. */
  | {
      readonly type: 'wrapUpExtended';
      readonly byMs: number;
      readonly maxMs: number;
      readonly actor: Actor;
    }
  | { readonly type: 'drafted'; readonly draft: ClosingDraft }
  | {
      readonly type: 'closed';
      readonly disposition: string | null;
      readonly note?: string;
      readonly followUp?: string;
      readonly cause?: string;
      readonly by: Actor;
    }
  /** A supervisor ends it, whatever it is doing, and says why. */
  | { readonly type: 'endedByOrder'; readonly reason: string; readonly by: Actor }
  /** Lost with an engine or the server: ours to call back. */
  | { readonly type: 'missed'; readonly cause: string }
  | { readonly type: 'callbackScheduled'; readonly dueAt: Date; readonly actor?: Actor }
  | {
      readonly type: 'identified';
      readonly customer: NamedRef<CustomerId> | null;
      readonly identity: Identity;
      readonly preferredAgent?: AgentId;
    }
  /**
   * The operator's record is about to take this hold back. Refused with hold.stands when the contact is in its name; else no
   * later claim under it can succeed, however long the claimer slept (ADR 0005).
   */
  | { readonly type: 'holdVoided'; readonly hold: string }
  /** Text: nobody's turn changes, but this message has to go out (automatic, or again after a restart). */
  | { readonly type: 'messageQueued'; readonly messageId: string }
  | { readonly type: 'recordingStarted' };

export type EventType = InteractionEvent['type'];

/** What a transition asks the world to do; run at least once, each with a key unique on (interaction, version, index). */
export type InteractionEffect =
  | {
      readonly kind: 'offer.show';
      readonly agentId: AgentId;
      readonly hold: string;
      readonly deadline: Date;
    }
  | {
      readonly kind: 'offer.revoke';
      readonly agentId: AgentId;
      readonly hold: string;
      readonly reason: string;
    }
  /** Bring this operator's softphone to the customer's leg. */
  | { readonly kind: 'voice.connect'; readonly agentId: AgentId; readonly hold: string }
  /** The customer waits again: music, position. */
  | { readonly kind: 'voice.park' }
  /** agent: only the operator's leg is over, the customer goes back to the flow. all: every leg ends. */
  | { readonly kind: 'voice.end'; readonly legs: 'agent' | 'all'; readonly cause: string }
  | { readonly kind: 'queue.changed'; readonly queue: string }
  | { readonly kind: 'agent.confirm'; readonly agentId: AgentId; readonly hold: string }
  /** `callLost`: a call in hand whose operator's line was lost goes back to the queue. */
  | {
      readonly kind: 'agent.release';
      readonly agentId: AgentId;
      readonly hold: string;
      readonly callLost?: true;
    }
  /** Release and pause with the reason noAnswer, in one step, so that nothing is offered in between. */
  | { readonly kind: 'agent.noAnswer'; readonly agentId: AgentId; readonly hold: string }
  | {
      readonly kind: 'agent.wrapUp';
      readonly agentId: AgentId;
      readonly hold: string;
      readonly deadline: Date;
    }
  /** Text: counts again, or not, towards the operator's load. */
  | {
      readonly kind: 'agent.load';
      readonly agentId: AgentId;
      readonly hold: string;
      readonly counts: boolean;
    }
  | { readonly kind: 'protocol.opened'; readonly joined: boolean }
  | { readonly kind: 'protocol.typed'; readonly type: ProtocolType }
  | { readonly kind: 'protocol.customer' }
  | { readonly kind: 'protocol.notice'; readonly notice: 'closed' }
  | { readonly kind: 'message.send'; readonly messageId: string }
  | { readonly kind: 'callback.schedule'; readonly cause: string }
  | { readonly kind: 'contact.closed'; readonly disposition: string | null };

export type EffectKind = InteractionEffect['kind'];
export type EffectOf<K extends EffectKind> = Extract<InteractionEffect, { kind: K }>;

/** One line of the journal, written together with the change that it tells. */
export interface JournalLine {
  readonly kind: string;
  readonly actor: Actor;
  readonly data: Readonly<Record<string, unknown>>;
}

export interface Change {
  readonly next: Interaction;
  /** null: the event had already happened; nothing is written. */
  readonly line: JournalLine | null;
  /** Stored without a line in the journal: nothing that anybody will want to read. */
  readonly unlogged?: boolean;
  readonly effects: readonly InteractionEffect[];
}

export type TransitionErrorCode =
  /** This event means nothing in this state. */
  | 'interaction.illegalTransition'
  /** It is over. */
  | 'interaction.ended'
  /** Somebody else has it. */
  | 'offer.taken'
  /** The offer that is meant is no longer the one that stands. */
  | 'offer.expired'
  /** The contact is in the name of this hold. */
  | 'hold.stands'
  /** It waits or rings: nobody has it in hand who could close it. */
  | 'interaction.notYours'
  /** The wrap-up is as long as the queue allows. */
  | 'wrapUp.limit'
  /** The call is still up: hang up first. */
  | 'interaction.stillTalking';

export interface TransitionError {
  readonly code: TransitionErrorCode | 'interaction.notFound' | 'interaction.conflict';
  readonly state?: StateName;
  readonly event: EventType;
}
