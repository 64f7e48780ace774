import type { Channel } from '../../contracts/common.ts';
import type { Identity } from '../../contracts/interaction.ts';
import type { AgentId, CompanyId, CustomerId, InteractionId, ProtocolNumber } from '../../shared/ids.ts';

export type { Channel, Identity };
export type ProtocolType = 'request' | 'complaint' | 'information' | 'cancellation';

/** A preference for one operator until a moment; afterwards anybody of the queue may take it. */
export interface Sticky {
  readonly agentId: AgentId;
  readonly until: Date;
}

/** What waiting for an operator needs to know; carried through the offer so that an unanswered one keeps its place. */
export interface Waiting {
  readonly queue: string;
  /** Higher first. */
  readonly priority: number;
  readonly skills: readonly string[];
  /** Entry into this queue: what the caller's wait is measured from. */
  readonly queuedAt: Date;
  /** What the order is made of: the first entry for a call that comes back after a lost operator. */
  readonly since: Date;
  readonly sticky: Sticky | null;
  /** The last operator or the owner of the portfolio had the chance (declined, or did not answer): anybody's from now on. */
  readonly preferenceOver?: true;
  /** Operators that declined it, not asked again until then. */
  readonly avoid: readonly Sticky[];
}

/** An operator's capacity held for this work; the token pairs the two documents. */
export interface Claim {
  readonly agentId: AgentId;
  readonly hold: string;
  /** Wrap-up that follows, in ms; 0 for text. */
  readonly wrapUpMs: number;
}

/** What the operator chose and typed about the end and has not sent: it closes the contact when the wrap-up ends by itself. */
export interface ClosingDraft {
  readonly disposition: string | null;
  readonly note: string | null;
}

/**
 * One contact on one channel, from arrival to its end.
 *
 * ```
 *  arriving ─flowStarted→ inFlow ─enqueued→ queued ─offered→ offered ─accepted→ active ─agentEnded, customerLeft→ wrapUp ─closed→ closed
 *     │ └──────────────enqueued──────────────→│ ↑ ↑             │ │               │ │                              wrapUpExpired ↗
 *     │                   │                   │ │ └ timed out,  ┘ │               │ └─closed (text)→ closed
 *     │                   │                   │ │   rejected,     │               │
 *     │                   │                   │ │   revoked       │               │
 *     │                   │                   │ └─────── agentLost, requeued, transferred
 *     └ customerLeft → closed (hungUpInFlow)  └ customerLeft → abandoned ←┘
 *  any of arriving … wrapUp ─endedByOrder→ closed (a live call → wrapUp)
 *  any of arriving … active ─missed→ missed; inFlow, queued, missed, abandoned ─callbackScheduled→ callbackScheduled ─enqueued→ queued
 *  outbound: arriving ─accepted→ active
 * ```
 */
export type InteractionState =
  | { readonly name: 'arriving' }
  | { readonly name: 'inFlow'; readonly flow: string; readonly startedAt: Date }
  | { readonly name: 'queued'; readonly waiting: Waiting }
  | {
      readonly name: 'offered';
      readonly waiting: Waiting;
      readonly claim: Claim;
      readonly offeredAt: Date;
      readonly deadline: Date;
    }
  | {
      readonly name: 'active';
      readonly claim: Claim;
      /** null: an outbound call that no queue has seen. */
      readonly waiting: Waiting | null;
      readonly acceptedAt: Date;
      /** Voice: two-way sound since. Text: since accepted. */
      readonly connectedAt: Date | null;
      readonly onHold: boolean;
      /** Voice: the line stands, but nothing has come from the customer since then. */
      readonly silentSince?: Date | null;
      /** Text: the last word was ours; the work weighs nothing until the customer answers. */
      readonly waitingForCustomer: boolean;
      /** Text: this operator has not written a word yet. */
      readonly wordless?: boolean;
      readonly draft?: ClosingDraft;
    }
  | {
      readonly name: 'wrapUp';
      readonly claim: Claim;
      readonly endedAt: Date;
      readonly deadline: Date;
      readonly cause: string;
      readonly draft?: ClosingDraft;
    }
  | { readonly name: 'closed'; readonly closedAt: Date; readonly cause: string | null }
  | { readonly name: 'abandoned'; readonly abandonedAt: Date }
  | { readonly name: 'missed'; readonly missedAt: Date; readonly cause: string }
  | { readonly name: 'callbackScheduled'; readonly dueAt: Date };

export type StateName = InteractionState['name'];
export type StateOf<N extends StateName> = Extract<InteractionState, { name: N }>;

/** How a stay in one queue ended. moved: transferred, taken elsewhere or given back; missed: lost by us. */
export type SegmentOutcome = 'answered' | 'abandoned' | 'moved' | 'missed' | 'closed';

export interface Segment {
  readonly queue: string;
  readonly queuedAt: Date;
  readonly offeredAt: Date | null;
  /** The operator's first word could be heard (voice) or the conversation was taken (text). */
  readonly talkAt: Date | null;
  readonly endedAt: Date | null;
  readonly outcome: SegmentOutcome | null;
  readonly agentId: AgentId | null;
}

export interface Timestamps {
  readonly arrivedAt: Date;
  readonly queuedAt: Date | null;
  readonly offeredAt: Date | null;
  readonly acceptedAt: Date | null;
  readonly closedAt: Date | null;
}

export interface NamedRef<I extends string = string> {
  readonly id: I;
  readonly name: string;
}

/** The aggregate: everything that one compare-and-set may change. */
export interface Interaction {
  readonly id: InteractionId;
  readonly companyId: CompanyId;
  /** Grows by one with every transition; the compare-and-set compares it. */
  readonly version: number;
  readonly channel: Channel;
  readonly direction: 'inbound' | 'outbound';
  readonly contact: { readonly address: string; readonly name?: string };
  /** Our side: the DID, the mailbox, the account. */
  readonly to: string | null;
  readonly subject: string | null;
  readonly thread: string | null;
  readonly customer: NamedRef<CustomerId> | null;
  readonly identity: Identity;
  readonly protocol: ProtocolNumber;
  readonly protocolType: ProtocolType | null;
  /** Last operator of this contact, or the owner of its portfolio. */
  readonly preferredAgent: AgentId | null;
  readonly state: InteractionState;
  /** The queue that it is in, or was last in. */
  readonly queue: string | null;
  readonly priority: number;
  readonly agent: NamedRef<AgentId> | null;
  readonly segments: readonly Segment[];
  readonly timestamps: Timestamps;
  readonly disposition: string | null;
  readonly recording: boolean;
  /** Time on hold so far, ms; `heldSince` while it lasts. */
  readonly holdMs: number;
  readonly heldSince: Date | null;
  /** Holds that were taken back before they claimed this contact: whoever comes late with one is refused. */
  readonly voided: readonly string[];
}

export type Actor =
  | { readonly kind: 'customer' }
  | { readonly kind: 'system' }
  | { readonly kind: 'agent'; readonly id: string; readonly name?: string };
