import { channel as channelName, type Channel } from '../contracts/common.ts';
import type { ChannelLive, QueueLive } from '../contracts/realtime.ts';
import type { Clock } from '../shared/clock.ts';
import type { Agent } from '../agents/index.ts';
import type { Interaction } from '../interactions/index.ts';
import { freeFor, placesFor, type Ask, type Hands } from './domain/eligible.ts';
import { estimatedWaitMs, smoothed } from './domain/estimate.ts';
import { covers } from './domain/types.ts';
import type { Matcher, SkillSet } from './domain/matcher.ts';
import type { RouterDeps } from './router.ts';
import { slotOf, weightNow } from './slots.ts';

export interface Live {
  /** Follows a committed change. */
  see(interaction: Interaction): void;
  live(companyId: string, key: string): QueueLive;
  /** Of this contact, or of a caller who comes now. */
  estimatedWait(companyId: string, key: string, interactionId?: string): number | null;
}

/** Voice first. */
const CHANNELS: readonly Channel[] = channelName.options;
const NO_SKILLS: readonly string[] = [];

/** What a queue looks like now, kept up with each change instead of counted. */
export function createLive(deps: RouterDeps, matcherOf: (companyId: string) => Matcher): Live {
  const { operators, queues, clock } = deps;
  const doing = createDoing(clock);
  const askOf = (companyId: string, queue: string, channel: Channel, skills = NO_SKILLS): Ask => ({
    ...{ queue, channel, skills },
    weight: weightNow(deps, { companyId, channel, queue }),
  });
  const membersOf = (companyId: string, key: string) =>
    operators.list(companyId).filter((agent) => agent.active && agent.queues.includes(key));
  const handsOf = (companyId: string, key: string): readonly Hands[] =>
    membersOf(companyId, key).map((agent) => ({
      now: slotOf(agent),
      emptied: slotOf({ ...agent, work: [], lostAt: null }),
    }));
  const waitOf = (companyId: string, ask: Ask, people: readonly Hands[], position: number): number | null => {
    const { all, free } = placesFor(people, ask);
    return estimatedWaitMs(position, all, free, doing.handleMs(companyId, ask.queue, ask.channel));
  };
  /** Who comes now stands behind all that takes the same room: callers behind callers, text behind text. */
  const lastOf = (matcher: Matcher, key: string, channel: Channel): number =>
    CHANNELS.filter((other) => (other === 'voice') === (channel === 'voice')).reduce(
      (sum, other) => sum + matcher.waiting(key, other),
      0,
    );

  const estimatedWait = (companyId: string, key: string, interactionId?: string): number | null => {
    const matcher = matcherOf(companyId);
    const item = interactionId === undefined ? undefined : matcher.item(interactionId);
    const ask = askOf(companyId, key, item?.channel ?? 'voice', item?.skills);
    const position =
      interactionId === undefined ? lastOf(matcher, key, 'voice') : matcher.position(interactionId);
    return waitOf(companyId, ask, handsOf(companyId, key), position);
  };

  /** What waits asks for; while some wait, whoever can take none of these is not free for the queue. */
  const asksOf = (companyId: string, key: string, channel: Channel): readonly Ask[] => {
    const sets = matcherOf(companyId).skillSets(key, channel);
    if (sets.length === 0) return [askOf(companyId, key, channel)];
    return sets.map(({ skills }) => askOf(companyId, key, channel, skills));
  };

  const channelLive = (
    companyId: string,
    key: string,
    channel: Channel,
    people: readonly Hands[],
  ): ChannelLive => {
    const matcher = matcherOf(companyId);
    const oldest = matcher.oldestSinceMs(key, channel);
    const newcomer = askOf(companyId, key, channel);
    return {
      channel,
      waiting: matcher.waiting(key, channel),
      longestWaitMs: oldest === undefined ? 0 : Math.max(0, clock.now() - oldest),
      free: freeFor(people, asksOf(companyId, key, channel)),
      estimatedWaitMs: waitOf(companyId, newcomer, people, lastOf(matcher, key, channel)),
      ...deps.day.figures(companyId, key, channel),
    };
  };

  return {
    see: (interaction) => doing.see(interaction),
    live(companyId, key) {
      const people = handsOf(companyId, key);
      const channels = CHANNELS.map((channel) => channelLive(companyId, key, channel, people));
      const asks = CHANNELS.flatMap((channel) => asksOf(companyId, key, channel));
      return {
        key,
        name: queues.settings(companyId, key).name,
        waiting: channels.reduce((sum, { waiting }) => sum + waiting, 0),
        longestWaitMs: Math.max(...channels.map(({ longestWaitMs }) => longestWaitMs)),
        ...doing.counts(companyId, key),
        agentsAvailable: freeFor(people, asks),
        agentsPaused: membersOf(companyId, key).filter(({ presence }) => presence.state === 'paused').length,
        ...deps.day.figures(companyId, key),
        estimatedWaitMs: estimatedWait(companyId, key),
        ...nobodyFor(matcherOf(companyId).skillSets(key), membersOf(companyId, key)),
        channels,
      };
    },
    estimatedWait,
  };
}

/** Contacts that ask for what no member of the queue can do, present or not, nobody will ever take them; and what that is. */
function nobodyFor(
  sets: readonly SkillSet[],
  members: readonly Pick<Agent, 'skills'>[],
): Pick<QueueLive, 'nobodyFor' | 'nobodyHas'> {
  const has = (skills: readonly string[]) => members.some((agent) => covers(agent.skills, skills));
  const lacking = sets.filter(({ skills }) => skills.length > 0 && !has(skills));
  // Where each skill is somebody's and nobody has them together, it is all of them.
  const names = lacking.map(({ skills }) => {
    const alone = skills.filter((skill) => !has([skill]));
    return (alone.length === 0 ? skills : alone).toSorted().join(' + ');
  });
  return {
    nobodyFor: lacking.reduce((sum, { waiting }) => sum + waiting, 0),
    nobodyHas: [...new Set(names)].sort(),
  };
}

interface Doing {
  readonly place: string;
  readonly state: 'offered' | 'active';
  /** Text: how long it was our turn so far, ms; `sinceMs` while it is. Waiting for the customer is nobody's work. */
  readonly workedMs: number;
  readonly sinceMs: number | null;
}

/** Text has no wrap-up: its work ends with the contact. */
function workedOn({ state, channel, segments }: Interaction, before: Doing | undefined, nowMs: number) {
  if (state.name !== 'active' || channel === 'voice') return { workedMs: 0, sinceMs: null };
  const known = before?.state === 'active' ? workedSoFar(before, nowMs) : undefined;
  const ours = !state.waitingForCustomer;
  if (known !== undefined) return { workedMs: known, sinceMs: ours ? nowMs : null };
  // First seen, perhaps after a restart.
  const talkAt = segments.at(-1)?.talkAt?.getTime() ?? nowMs;
  return { workedMs: 0, sinceMs: ours ? talkAt : null };
}

const workedSoFar = ({ workedMs, sinceMs }: Doing, nowMs: number): number =>
  workedMs + (sinceMs === null ? 0 : nowMs - sinceMs);

/** How long this contact took, once, at the end of its work; a contact that went elsewhere teaches nothing. */
function tookMs(
  { state, channel, segments }: Interaction,
  before: Doing | undefined,
  nowMs: number,
): number | undefined {
  const talkAt = segments.at(-1)?.talkAt ?? null;
  if (before?.state !== 'active' || talkAt === null) return undefined;
  // Once: while the wrap-up lasts, notes and more time are told again.
  if (state.name === 'wrapUp') return state.endedAt.getTime() - talkAt.getTime() + state.claim.wrapUpMs;
  return state.name === 'closed' && channel !== 'voice' ? workedSoFar(before, nowMs) : undefined;
}

/** Contacts on offer and in hand by queue, and how long work takes by queue and channel. */
function createDoing(clock: Clock) {
  const where = new Map<string, Doing>();
  const counts = new Map<string, { offered: number; active: number }>();
  const handleMs = new Map<string, number>();
  const placeOf = (companyId: string, key: string): string => `${companyId}:${key}`;
  const countOf = (place: string): { offered: number; active: number } => {
    const known = counts.get(place) ?? { offered: 0, active: 0 };
    counts.set(place, known);
    return known;
  };
  return {
    counts: (companyId: string, key: string) => countOf(placeOf(companyId, key)),
    handleMs: (companyId: string, key: string, channel: Channel): number | undefined =>
      handleMs.get(`${placeOf(companyId, key)}:${channel}`),
    see(interaction: Interaction): void {
      const { id, state, queue, companyId, channel } = interaction;
      const before = where.get(id);
      if (before !== undefined) countOf(before.place)[before.state]--;
      where.delete(id);
      if (queue === null) return;
      const place = placeOf(companyId, queue);
      const nowMs = clock.now();
      if (state.name === 'offered' || state.name === 'active') {
        where.set(id, { place, state: state.name, ...workedOn(interaction, before, nowMs) });
        countOf(place)[state.name]++;
      }
      const took = tookMs(interaction, before, nowMs);
      if (took === undefined) return;
      const of = `${place}:${channel}`;
      handleMs.set(of, smoothed(handleMs.get(of), took));
    },
  };
}
