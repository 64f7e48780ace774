import type { Identity } from '../contracts/interaction.ts';
import type { FlowRuntime } from './flow-io.ts';
import type { Interaction, Interactions } from '../interactions/index.ts';
import type { Clock } from '../shared/clock.ts';
import type { AgentId, CompanyId, CustomerId, InteractionId } from '../shared/ids.ts';
import type { DialingRules } from './dialing.ts';
import type { MediaServer, SipEdge } from './ports.ts';
import type { TrunkLine } from './trunks.ts';

/** A called number and what answers it. */
export interface CalledNumber {
  readonly companyId: CompanyId;
  readonly number: string;
  readonly flow: string;
}

export interface VoiceLogger {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

/** What call control needs from the rest of the house. */
export interface VoiceWorld {
  readonly edge: SipEdge;
  readonly media: MediaServer;
  readonly interactions: Pick<Interactions, 'open' | 'apply' | 'get' | 'record' | 'identify' | 'onEffect'>;
  readonly flows: FlowRuntime;
  readonly speech: { wav(text: string): Promise<string> };
  /** Path of the music on hold, a WAV. */
  readonly musicPath: string;
  readonly directory: {
    /** The active DID that was called; number as the trunk sent it. */
    did(called: string, trunk: TrunkLine | null): Promise<CalledNumber | undefined>;
    trunks(): readonly TrunkLine[];
    /** Where the company lets its people call. */
    dialing(companyId: CompanyId): DialingRules;
    /** The company's active called numbers, E.164. */
    ownNumbers(companyId: CompanyId): readonly string[];
    queueExists(companyId: CompanyId, key: string): boolean;
    /** SIP user name of an operator's softphone. */
    softphoneOf(companyId: CompanyId, agentId: AgentId): string | undefined;
    /** A call is in the operator's hands, or on its way there. */
    isOnCall(companyId: CompanyId, agentId: AgentId): boolean;
    /** The queues that the operator works in and that are in use, the first one first. */
    queuesOf(companyId: CompanyId, agentId: AgentId): readonly string[];
    /** The queue in which the contact can wait: the wanted one, else another; undefined: the company has none. Tells of it. */
    queueFor(
      contact: { readonly companyId: CompanyId; readonly id: InteractionId },
      wanted: string,
    ): Promise<string | undefined>;
    /** Closed now: what to tell, e.g. that it opens on Monday at 8; undefined when open. */
    closedMessage(companyId: CompanyId, queue: string): Promise<string | undefined>;
  };
  readonly customers: {
    byPhone(
      companyId: CompanyId,
      phone: string,
    ): Promise<{
      readonly customer: { readonly id: CustomerId; readonly name: string } | null;
      readonly identity: Identity;
    }>;
  };
  readonly queue: {
    /** Answering a ringing SIP phone is accepting the offer. */
    accept(companyId: CompanyId, interactionId: InteractionId, agentId: AgentId): Promise<unknown>;
    /** Declining on a ringing SIP phone is declining the offer. */
    reject(companyId: CompanyId, interactionId: InteractionId, agentId: AgentId): Promise<void>;
    /** Straight into the operator's hands: its own outbound call. */
    takeOwn(companyId: CompanyId, interactionId: InteractionId, agentId: AgentId): Promise<Interaction>;
    /** Place in the queue from 1 and what is left to wait, if that can be told. */
    waitOf(
      companyId: CompanyId,
      interactionId: InteractionId,
      queue: string,
    ): { readonly position: number; readonly estimatedWaitMs: number | null };
  };
  readonly agents: {
    setSoftphone(
      username: string,
      up: boolean,
      options: { readonly autoAnswer: boolean; readonly refuses: boolean },
    ): Promise<void>;
  };
  /** Path of a tone that says: you are still connected. */
  readonly comfortPath: string;
  /** Path of a WAV with the ringing tone that an operator hears. */
  readonly ringbackPath: string;
  readonly recordingsDir: string;
  newKey(): string;
  readonly clock: Clock;
  readonly logger: VoiceLogger;
}
