import type { Agents } from '../agents/index.ts';
import type { CustomerContext } from '../contracts/context.ts';
import type { Channel } from '../contracts/common.ts';
import type { QueueLive } from '../contracts/realtime.ts';
import type { Interaction, Interactions } from '../interactions/index.ts';

/** The contacts, as routing needs them. */
export type Contacts = Pick<
  Interactions,
  'apply' | 'get' | 'inStates' | 'onChange' | 'onCommit' | 'onEffect' | 'onMessage'
>;

/** The operators, as routing needs them. */
export type Operators = Pick<
  Agents,
  | 'all'
  | 'confirm'
  | 'get'
  | 'hold'
  | 'judgeHolds'
  | 'list'
  | 'noAnswer'
  | 'onChange'
  | 'propose'
  | 'refresh'
  | 'release'
  | 'setCounts'
  | 'view'
>;

/** What the day has seen so far of a queue; supervision counts it. */
export interface DayFigures {
  /** A contact that another process changed; changes of this one are followed already. */
  see(interaction: Interaction): void;
  /** Without a channel: of all. */
  figures(
    companyId: string,
    queue: string,
    channel?: Channel,
  ): Pick<QueueLive, 'answeredToday' | 'abandonedToday' | 'serviceLevel'>;
}

/** What is known of the customer at this instant; never waits. */
export type ContextNow = (interaction: Interaction) => CustomerContext;

/** A record that changed, by name. */
export interface Word {
  readonly kind: 'agent' | 'contact';
  readonly companyId: string;
  readonly id: string;
  readonly version: number;
}

/** The other processes over the same store. At most once, in any order; nobody waits. One process alone has none. */
export interface Neighbours {
  tell(word: Word): void;
  /** Words of the others, not of this process. */
  onTold(listener: (word: Word) => void): void;
}
