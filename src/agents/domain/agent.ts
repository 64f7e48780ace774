import type { Channel } from '../../contracts/common.ts';
import type { PresenceState } from '../../contracts/realtime.ts';
import type { AgentId, CompanyId, InteractionId } from '../../shared/ids.ts';

/** Units of 100 that one conversation takes of an operator's text capacity (contract.md, "How work is given"). */
export type Weights = Readonly<Record<Exclude<Channel, 'voice'>, number>>;
export const DEFAULT_WEIGHTS: Weights = { whatsapp: 25, sms: 25, webchat: 25, email: 15 };
export const TEXT_CAPACITY = 100;

/**
 * Capacity that is taken. hold: claimed for an offer, gone at `expiresAt` unless the contact says otherwise; work: accepted.
 * Voice is exclusive, in its wrap-up too; text has a weight, 0 while the customer's answer is awaited.
 */
export interface Work {
  readonly interactionId: InteractionId;
  readonly channel: Channel;
  readonly token: string;
  readonly weight: number;
  readonly counts: boolean;
  readonly phase: 'hold' | 'work';
  readonly expiresAt: Date | null;
  /** It rang at a desk that was away for a part of the time: nobody had the whole chance to answer (ADR 0026). */
  readonly unseen?: true;
}

export interface PresenceChange {
  readonly state: PresenceState;
  /** Of a pause, of whatever a supervisor forced, and of a desk that did not come back. */
  readonly reason: string | null;
  readonly at: Date;
  /** A supervisor who forced it. */
  readonly by?: string;
  /** The supervisor's name as it was then: the person who is paused reads it. */
  readonly byName?: string;
  /** Offline without having chosen it: the conversations in hand that went back to the queue. */
  readonly returned?: number;
  /** With the reason `deskLost`: how long the desk had been away, ms. */
  readonly lostMs?: number;
}

export interface Agent {
  readonly id: AgentId;
  readonly companyId: CompanyId;
  readonly version: number;
  readonly name: string;
  readonly active: boolean;
  readonly queues: readonly string[];
  /** Skill → level, higher is better. */
  readonly skills: Readonly<Record<string, number>>;
  /** SIP user name of the softphone. */
  readonly sipUser: string | null;
  /** `refuses`: registered and there, but it takes no calls (do not disturb). */
  readonly softphone: { readonly up: boolean; readonly autoAnswer: boolean; readonly refuses?: true };
  readonly presence: PresenceChange;
  /** A desk is, or was when the process died, connected by socket. */
  readonly desk: boolean;
  /** The last desk connection ended: offline 60 s later, unless a desk comes back. */
  readonly lostAt: Date | null;
  /** A call in hand went back to the queue because this operator's line was lost; until the next call, or a state that was chosen. */
  readonly callReturnedAt: Date | null;
  readonly work: readonly Work[];
  /** End of the last work of any channel, or the moment of becoming available: idle since then. */
  readonly idleSince: Date;
  /** Grows with each offer: round robin takes the smallest. */
  readonly turn: number;
  /** Newest last; what breaks are counted from (NR-17 annex II). */
  readonly presenceLog: readonly PresenceChange[];
}

export const PRESENCE_LOG_LENGTH = 400;

export const textLoad = (agent: Agent): number =>
  agent.work.reduce((sum, work) => sum + (work.channel !== 'voice' && work.counts ? work.weight : 0), 0);

/** A conversation in which the customer waits for an answer: it goes back to the queue when its operator is offline. */
export const isAwaited = ({ phase, channel, counts }: Work): boolean =>
  phase === 'work' && channel !== 'voice' && counts;

export const onVoice = (agent: Agent): boolean => agent.work.some((work) => work.channel === 'voice');

/** A text is being offered. One rings at a time, because a person answers one thing at a time (ADR 0026). */
export const textRings = (agent: Agent): boolean =>
  agent.work.some((work) => work.channel !== 'voice' && work.phase === 'hold');

/**
 * Whether an offer can be seen or heard: a text rings at the desk, a call at the phone, which is the desk's own (it answers by
 * itself) or rings by itself. Nobody is asked, and nobody is paused, for what rings nowhere (ADR 0026).
 */
export const canRing = ({ softphone, lostAt }: Agent, channel: Channel): boolean => {
  const hasDesk = lostAt === null;
  return channel === 'voice' ? softphone.up && (hasDesk || !softphone.autoAnswer) : hasDesk;
};

/** Why nobody can be blamed for not answering what rang under this hold; undefined: it could be seen or heard the whole time. */
export function unheard(agent: Agent, { channel, unseen }: Work): 'deskLost' | 'phoneGone' | undefined {
  if (unseen === true) return 'deskLost';
  if (canRing(agent, channel)) return undefined;
  return agent.lostAt === null ? 'phoneGone' : 'deskLost';
}

/** The desk is back after a while: what rang there meanwhile was not seen. A telephone that rings by itself went on ringing. */
export const unseenMeanwhile = ({ work, softphone }: Agent): readonly Work[] =>
  work.map((one) =>
    one.phase === 'hold' && (one.channel !== 'voice' || softphone.autoAnswer)
      ? { ...one, unseen: true }
      : one,
  );

export type HoldRefusal =
  | 'agent.notAvailable'
  | 'agent.noSoftphone'
  | 'agent.onCall'
  | 'agent.full'
  | 'agent.ringing'
  | 'agent.alreadyHeld';

/**
 * Whether this operator may be given one more. One call at a time; while on it and in its wrap-up nothing new; text in hand
 * never blocks a call; text by weight.
 */
export function mayHold(agent: Agent, channel: Channel, weight: number): HoldRefusal | undefined {
  if (!agent.active || agent.presence.state !== 'available') return 'agent.notAvailable';
  if (onVoice(agent)) return 'agent.onCall';
  if (channel === 'voice') return agent.softphone.up ? undefined : 'agent.noSoftphone';
  return textLoad(agent) + weight <= TEXT_CAPACITY ? undefined : 'agent.full';
}

const bump = (agent: Agent, patch: Partial<Agent>): Agent => ({
  ...agent,
  ...patch,
  version: agent.version + 1,
});

export interface HoldRequest {
  readonly interactionId: InteractionId;
  readonly channel: Channel;
  readonly weight: number;
  readonly token: string;
  readonly expiresAt: Date;
  /** The operator's own wish: neither a pause nor load matters, being on a call does, and so does being there for a text. */
  readonly own?: boolean;
  /** It will ring. Without this the contact goes straight into the operator's hands, whatever rings meanwhile. */
  readonly rings?: true;
}

/** What the operator wants by itself. A text goes back at once from whoever is not there; for a call of one's own the phone is there. */
function mayHoldOwn(agent: Agent, channel: Channel): HoldRefusal | undefined {
  if (!agent.active) return 'agent.notAvailable';
  if (channel === 'voice') return onVoice(agent) ? 'agent.onCall' : undefined;
  return agent.presence.state === 'offline' ? 'agent.notAvailable' : undefined;
}

export function hold(agent: Agent, request: HoldRequest): Agent | HoldRefusal {
  const { interactionId, channel, weight, token, expiresAt } = request;
  if (agent.work.some((work) => work.interactionId === interactionId)) return 'agent.alreadyHeld';
  const refusal = request.own === true ? mayHoldOwn(agent, channel) : mayHold(agent, channel, weight);
  if (refusal !== undefined) return refusal;
  if (request.rings === true) {
    if (!canRing(agent, channel)) return 'agent.notAvailable';
    if (channel !== 'voice' && textRings(agent)) return 'agent.ringing';
  }
  const work: Work = { interactionId, channel, token, weight, counts: true, phase: 'hold', expiresAt };
  return bump(agent, { work: [...agent.work, work], turn: agent.turn + 1 });
}

const patchWork = (agent: Agent, token: string, change: (work: Work) => Work): Agent => {
  const work = agent.work.find((entry) => entry.token === token);
  if (work === undefined) return agent;
  const next = change(work);
  if (next === work) return agent;
  return bump(agent, { work: agent.work.map((entry) => (entry === work ? next : entry)) });
};

/** The offer was accepted: the hold is work now and does not expire. */
export function confirm(agent: Agent, token: string): Agent {
  const next = patchWork(agent, token, (work) =>
    work.phase === 'work' ? work : { ...work, phase: 'work', expiresAt: null },
  );
  const isCall = agent.work.some((work) => work.token === token && work.channel === 'voice');
  return next !== agent && isCall ? { ...next, callReturnedAt: null } : next;
}

/** A conversation that waits for the customer counts nothing. */
export const setCounts = (agent: Agent, token: string, counts: boolean): Agent =>
  patchWork(agent, token, (work) => (work.counts === counts ? work : { ...work, counts }));

/** Gives capacity back; only work that was accepted ends an operator's being busy. */
export function release(agent: Agent, token: string, at: Date): Agent {
  const work = agent.work.find((entry) => entry.token === token);
  if (work === undefined) return agent;
  return bump(agent, {
    work: agent.work.filter((entry) => entry !== work),
    idleSince: work.phase === 'work' ? at : agent.idleSince,
  });
}

/** A call whose operator's line was lost is given back: the operator reads of it. */
export function releaseLost(agent: Agent, token: string, at: Date): Agent {
  const freed = release(agent, token, at);
  return freed === agent ? agent : { ...freed, callReturnedAt: at };
}

/**
 * The presence that the person chose, or a supervisor (`by`), or the server. Only a desk that comes back forgives a lost one;
 * being offline makes the loss moot. A supervisor's pause of who is offline changes nothing: there is no work to pause.
 */
export function setPresence(
  agent: Agent,
  state: PresenceState,
  reason: string | null,
  at: Date,
  by?: string,
  byName?: string,
): Agent {
  if (by !== undefined && state === 'paused' && agent.presence.state === 'offline') return agent;
  const cause = state === 'paused' || by !== undefined ? reason : null;
  const lostAt = state === 'offline' ? null : agent.lostAt;
  if (agent.presence.state === state && agent.presence.reason === cause && agent.lostAt === lostAt)
    return agent;
  const presence: PresenceChange = {
    state,
    reason: cause,
    at,
    ...(by === undefined ? {} : { by }),
    ...(byName === undefined ? {} : { byName }),
    ...(by !== undefined && state === 'offline' && { returned: returnedBy(agent) }),
  };
  return { ...withPresence(agent, presence, lostAt), callReturnedAt: null };
}

/** What goes back with this operator; who was offline already had nothing to give back. */
const returnedBy = ({ presence, work }: Agent): number =>
  presence.state === 'offline' ? 0 : work.filter(isAwaited).length;

/** Nobody came back to a lost desk within `lostMs`: offline, and the record says that nobody chose it. */
export function deskGone(agent: Agent, lostMs: number, at: Date): Agent {
  const presence = { state: 'offline', reason: 'deskLost', at, lostMs, returned: returnedBy(agent) } as const;
  return { ...withPresence(agent, presence, null), desk: false };
}

function withPresence(agent: Agent, presence: PresenceChange, lostAt: Date | null): Agent {
  return bump(agent, {
    presence,
    lostAt,
    idleSince:
      presence.state === 'available' && agent.presence.state !== 'available' ? presence.at : agent.idleSince,
    presenceLog: [...agent.presenceLog, presence].slice(-PRESENCE_LOG_LENGTH),
  });
}

/**
 * Unanswered: the hold goes and the pause comes in one step, so that nothing is offered in between. Whose desk or phone is lost by now,
 * or was for a part of the time, is not to blame: no pause.
 */
export function noAnswer(agent: Agent, token: string, at: Date): Agent {
  const work = agent.work.find((entry) => entry.token === token);
  // The effect came a second time: whoever is back from the pause stays back.
  if (work === undefined) return agent;
  const freed = release(agent, token, at);
  if (freed.presence.state !== 'available' || unheard(agent, work) !== undefined) return freed;
  return { ...setPresence(freed, 'paused', 'noAnswer', at), version: agent.version + 1 };
}
