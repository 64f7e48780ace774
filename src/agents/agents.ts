import { isDeepStrictEqual } from 'node:util';
import type { Clock } from '../shared/clock.ts';
import type { PresenceState, PresenceView } from '../contracts/realtime.ts';
import { AppError } from '../shared/errors.ts';
import type { AgentId, CompanyId } from '../shared/ids.ts';
import type { Logger } from '../platform/log/index.ts';
import {
  confirm,
  hold,
  noAnswer,
  release,
  releaseLost,
  setCounts,
  setPresence,
  type Agent,
  type HoldRequest,
  type PresenceChange,
} from './domain/agent.ts';
import { breaksUsed, type BreakUse } from './domain/breaks.ts';
import { createDesks } from './desks.ts';
import { createRoster, type HoldError, type Proposer } from './roster.ts';
import type { AgentStore } from './store.ts';
import { presenceView } from './view.ts';
import { createWatch, type HoldJudge } from './watch.ts';

/** What the users' administration knows of an operator. */
export interface AgentProfile {
  readonly id: AgentId;
  readonly companyId: CompanyId;
  readonly name: string;
  readonly queues: readonly string[];
  readonly skills?: Readonly<Record<string, number>>;
  /** SIP user name of the softphone; default the id. */
  readonly sipUser?: string;
  readonly active?: boolean;
}

export interface Agents {
  /** Creates or updates the operator's record from the users' administration. */
  ensure(profile: AgentProfile): Promise<Agent>;
  get(companyId: string, id: string): Agent | undefined;
  list(companyId: string): readonly Agent[];
  all(): readonly Agent[];
  view(agent: Agent): PresenceView;
  /** What the store says now. */
  refresh(companyId: CompanyId, id: AgentId): Promise<Agent | undefined>;
  /** Errors: agent.notFound 404. */
  setPresence(
    companyId: CompanyId,
    id: AgentId,
    state: PresenceState,
    reason?: string,
    /** A supervisor's hand: the reason is kept for every state. */
    by?: string,
    byName?: string,
  ): Promise<Agent>;
  /** Presence changes, newest first; the last 400 are kept. Errors: agent.notFound 404. */
  presenceHistory(companyId: CompanyId, id: AgentId): readonly PresenceChange[];
  breaks(companyId: CompanyId, id: AgentId, from: Date): readonly BreakUse[];
  /**
   * A phone can be called, or not any more. `autoAnswer`: the desk, which answers at once; else another SIP phone that rings.
   * `refuses`: it is there, but takes no calls.
   */
  setSoftphone(
    username: string,
    up: boolean,
    options?: { readonly autoAnswer?: boolean; readonly refuses?: boolean },
  ): Promise<void>;
  bySipUser(username: string): Agent | undefined;
  /** A desk's socket; the last one that closes starts the 60 s after which the operator is offline. */
  deskOpened(companyId: CompanyId, id: AgentId): Promise<void>;
  deskClosed(companyId: CompanyId, id: AgentId): Promise<void>;
  /** A desk's socket said something; from then on its silence is a loss too. */
  deskAlive(companyId: CompanyId, id: AgentId): void;
  /** Claims capacity by compare-and-set. */
  hold(
    companyId: CompanyId,
    id: AgentId,
    request: HoldRequest,
  ): Promise<
    { readonly ok: true; readonly agent: Agent } | { readonly ok: false; readonly error: HoldError }
  >;
  /**
   * Who is asked for work whenever a change makes an operator free (presence, softphone, work given back): the hold is
   * written together with the change, so that the next contact does not wait for a second write.
   */
  propose(proposer: Proposer): void;
  confirm(companyId: CompanyId, id: AgentId, token: string): Promise<void>;
  /** `callLost`: it was a call, and this operator's line was lost. */
  release(companyId: CompanyId, id: AgentId, token: string, callLost?: boolean): Promise<void>;
  noAnswer(companyId: CompanyId, id: AgentId, token: string): Promise<void>;
  setCounts(companyId: CompanyId, id: AgentId, token: string, counts: boolean): Promise<void>;
  /**
   * Who decides about a hold that nobody confirmed: true when the contact stands behind it; when false, no later claim
   * under its token can succeed any more. Without a judge holds are kept.
   */
  judgeHolds(judge: HoldJudge): void;
  /** Every committed change in this process, in the order of versions; must not throw. */
  onChange(listener: (agent: Agent, before: Agent | undefined) => void): void;
  /**
   * Reads all operators, gives back capacity that no contact stands behind, and starts the timers of lost desks.
   * `sweepAll`: no other process shares the store, so a fresh hold is as orphaned as an expired one.
   */
  start(options: { readonly sweepAll: boolean }): Promise<void>;
  idle(): Promise<void>;
  stop(): Promise<void>;
}

export interface AgentsDeps {
  readonly store: AgentStore;
  readonly clock: Clock;
  readonly logger: Logger;
  /** How long a lost desk leaves presence as it was, ms. */
  readonly lostDeskMs?: number;
}

const LOST_DESK_MS = 60_000;

export function createAgents(deps: AgentsDeps): Agents {
  const { store, clock, logger } = deps;
  const roster = createRoster(store);
  const watch = createWatch({ roster, clock, logger, lostDeskMs: deps.lostDeskMs ?? LOST_DESK_MS });
  const desks = createDesks({ roster, clock, logger });
  const now = (): Date => new Date(clock.now());
  const known = (companyId: CompanyId, id: AgentId): Agent => {
    const agent = roster.byId(id);
    if (agent?.companyId === companyId) return agent;
    throw new AppError('agent.notFound', 404, 'There is no such operator.');
  };

  return {
    async ensure(profile) {
      const created = fresh(profile, now());
      if ((await store.insert(created)) === 'inserted') {
        roster.remember(created);
        return created;
      }
      return roster.must(profile.companyId, profile.id, (agent) => ({
        ...agent,
        version: agent.version + 1,
        name: profile.name,
        queues: profile.queues,
        skills: profile.skills ?? agent.skills,
        sipUser: profile.sipUser ?? agent.sipUser,
        active: profile.active ?? agent.active,
      }));
    },
    get(companyId, id) {
      const agent = roster.byId(id);
      return agent?.companyId === companyId ? agent : undefined;
    },
    list: (companyId) => roster.all().filter((agent) => agent.companyId === companyId),
    all: () => roster.all(),
    view: presenceView,
    async refresh(companyId, id) {
      const read = await roster.change(companyId, id, (agent) => agent);
      return read.ok ? read.agent : undefined;
    },
    setPresence: (companyId, id, state, reason, by, byName) =>
      roster.must(companyId, id, (agent) => setPresence(agent, state, reason ?? null, now(), by, byName)),
    presenceHistory: (companyId, id) => known(companyId, id).presenceLog.toReversed(),
    breaks: (companyId, id, from) => breaksUsed(known(companyId, id).presenceLog, from, now()),
    async setSoftphone(username, up, options) {
      const agent = roster.bySipUser(username);
      if (agent === undefined) return;
      const refuses = !up && options?.refuses === true ? { refuses: true as const } : {};
      const softphone = { up, autoAnswer: up && options?.autoAnswer === true, ...refuses };
      await roster.must(agent.companyId, agent.id, (current) =>
        isDeepStrictEqual(current.softphone, softphone)
          ? current
          : { ...current, version: current.version + 1, softphone },
      );
    },
    bySipUser: (username) => roster.bySipUser(username),
    ...desks,
    hold: (companyId, id, request) => roster.change(companyId, id, (agent) => hold(agent, request)),
    propose: (proposer) => roster.propose(proposer),
    async confirm(companyId, id, token) {
      await roster.must(companyId, id, (agent) => confirm(agent, token));
    },
    async release(companyId, id, token, callLost = false) {
      const give = callLost ? releaseLost : release;
      await roster.must(companyId, id, (agent) => give(agent, token, now()));
    },
    async noAnswer(companyId, id, token) {
      await roster.must(companyId, id, (agent) => noAnswer(agent, token, now()));
    },
    async setCounts(companyId, id, token, counts) {
      await roster.must(companyId, id, (agent) => setCounts(agent, token, counts));
    },
    judgeHolds: (decide) => watch.judge(decide),
    onChange: (listener) => roster.onChange(listener),
    async start({ sweepAll }) {
      for (const agent of await store.all()) {
        // Its registrations ended with the earlier process: nobody hears of a phone that goes now.
        roster.remember({ ...agent, softphone: { up: false, autoAnswer: false } });
        const woken = await wake(store, agent, now());
        if (woken !== agent) roster.remember(woken);
      }
      for (const agent of roster.all())
        await watch.sweep(agent, (work) => sweepAll || work.phase === 'work' || watch.isExpired(work));
    },
    idle: () => roster.idle(),
    async stop() {
      desks.stop();
      watch.stop();
      await roster.idle();
    },
  };
}

/** Registrations and sockets ended with the process that had them; whoever was connected has 60 s to come back. */
async function wake(store: AgentStore, agent: Agent, at: Date): Promise<Agent> {
  const lost = agent.desk && agent.presence.state !== 'offline' && agent.lostAt === null;
  const phone = agent.softphone.up || agent.softphone.refuses === true;
  if (!phone && !lost) return agent;
  const woken: Agent = {
    ...agent,
    version: agent.version + 1,
    softphone: { up: false, autoAnswer: false },
    lostAt: lost ? at : agent.lostAt,
  };
  if (await store.replace(agent.version, woken)) return woken;
  return (await store.load(agent.companyId, agent.id)) ?? agent;
}

function fresh(profile: AgentProfile, at: Date): Agent {
  const presence = { state: 'offline', reason: null, at } as const;
  return {
    id: profile.id,
    companyId: profile.companyId,
    version: 1,
    name: profile.name,
    active: profile.active ?? true,
    queues: profile.queues,
    skills: profile.skills ?? {},
    sipUser: profile.sipUser ?? profile.id,
    softphone: { up: false, autoAnswer: false },
    presence,
    desk: false,
    lostAt: null,
    callReturnedAt: null,
    work: [],
    idleSince: at,
    turn: 0,
    presenceLog: [presence],
  };
}
