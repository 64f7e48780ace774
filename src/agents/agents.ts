import type { Clock, Timer } from '../shared/clock.ts';
import type { PresenceState, PresenceView } from '../contracts/realtime.ts';
import { AppError } from '../shared/errors.ts';
import type { AgentId, CompanyId } from '../shared/ids.ts';
import { createSerial } from '../shared/serial.ts';
import type { Logger } from '../platform/log/index.ts';
import {
  confirm,
  hold,
  noAnswer,
  release,
  setCounts,
  setPresence,
  type Agent,
  type HoldRefusal,
  type HoldRequest,
  type Work,
} from './domain/agent.ts';
import { breaksUsed, type BreakUse } from './domain/breaks.ts';
import type { AgentStore } from './store.ts';
import { presenceView } from './view.ts';

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
  /** Errors: agent.notFound 404. */
  setPresence(
    companyId: CompanyId,
    id: AgentId,
    state: PresenceState,
    reason?: string,
    /** A supervisor's hand. */
    by?: string,
  ): Promise<Agent>;
  breaks(companyId: CompanyId, id: AgentId, from: Date): readonly BreakUse[];
  /** A registration came or went. `autoAnswer`: the desk, which answers at once; else another SIP phone that rings. */
  setSoftphone(username: string, up: boolean, options?: { readonly autoAnswer?: boolean }): Promise<void>;
  bySipUser(username: string): Agent | undefined;
  /** A desk's socket; the last one that closes starts the 60 s after which the operator is offline. */
  deskOpened(companyId: CompanyId, id: AgentId): Promise<void>;
  deskClosed(companyId: CompanyId, id: AgentId): Promise<void>;
  /** Claims capacity by compare-and-set. */
  hold(
    companyId: CompanyId,
    id: AgentId,
    request: HoldRequest,
  ): Promise<
    { readonly ok: true; readonly agent: Agent } | { readonly ok: false; readonly error: HoldError }
  >;
  confirm(companyId: CompanyId, id: AgentId, token: string): Promise<void>;
  release(companyId: CompanyId, id: AgentId, token: string): Promise<void>;
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

export type HoldError = HoldRefusal | 'agent.notFound' | 'agent.conflict';

export type HoldJudge = (agent: Agent, work: Work) => Promise<boolean>;

export interface AgentsDeps {
  readonly store: AgentStore;
  readonly clock: Clock;
  readonly logger: Logger;
  /** How long a lost desk leaves presence as it was, ms. */
  readonly lostDeskMs?: number;
}

const LOST_DESK_MS = 60_000;
const MAX_CONFLICTS = 50;

export function createAgents(deps: AgentsDeps): Agents {
  const { store, clock, logger } = deps;
  const lostDeskMs = deps.lostDeskMs ?? LOST_DESK_MS;
  const cache = new Map<string, Agent>();
  const bySip = new Map<string, AgentId>();
  const sockets = new Map<AgentId, number>();
  const timers = new Map<string, Timer>();
  const listeners: Parameters<Agents['onChange']>[0][] = [];
  const serial = createSerial();
  let stopped = false;
  let judge: HoldJudge = () => Promise.resolve(true);

  const remember = (agent: Agent): void => {
    const before = cache.get(agent.id);
    cache.set(agent.id, agent);
    if (before?.sipUser != null && before.sipUser !== agent.sipUser) bySip.delete(before.sipUser);
    if (agent.sipUser !== null) bySip.set(agent.sipUser, agent.id);
    watch(agent);
    for (const listener of listeners) listener(agent, before);
  };

  /** One timer per reason and operator; it dies with the change that makes it moot. */
  const setTimer = (key: string, at: Date | null, run: () => Promise<unknown>): void => {
    timers.get(key)?.cancel();
    timers.delete(key);
    if (at === null || stopped) return;
    const fire = (): void => {
      timers.delete(key);
      void run().catch((error: unknown) => logger.error({ err: error, timer: key }, 'operator timer failed'));
    };
    timers.set(key, clock.after(Math.max(0, at.getTime() - clock.now()), fire));
  };

  const watch = (agent: Agent): void => {
    const { companyId, id, lostAt } = agent;
    const offlineAt = lostAt === null ? null : new Date(lostAt.getTime() + lostDeskMs);
    setTimer(`lost:${id}`, offlineAt, () => deskIsGone(companyId, id));
    const expiries = agent.work.flatMap((work) => (work.expiresAt === null ? [] : [work.expiresAt]));
    const next = expiries.length === 0 ? null : new Date(Math.min(...expiries.map(Number)) + 1);
    setTimer(`hold:${id}`, next, () => sweep(agent, (work) => isExpired(work)));
  };

  const isExpired = (work: Work): boolean =>
    work.expiresAt !== null && work.expiresAt.getTime() < clock.now();

  const change = (
    companyId: CompanyId,
    id: AgentId,
    decide: (agent: Agent) => Agent | HoldRefusal,
  ): ReturnType<Agents['hold']> =>
    serial.run(id, async () => {
      for (let attempt = 0; attempt < MAX_CONFLICTS; attempt++) {
        const agent = await store.load(companyId, id);
        if (agent === null) return { ok: false, error: 'agent.notFound' };
        const next = decide(agent);
        if (typeof next === 'string') {
          if (cache.get(id)?.version !== agent.version) remember(agent);
          return { ok: false, error: next };
        }
        if (next === agent || (await store.replace(agent.version, next))) {
          if (next !== agent || cache.get(id)?.version !== agent.version) remember(next);
          return { ok: true, agent: next };
        }
      }
      return { ok: false, error: 'agent.conflict' };
    });

  const must = async (companyId: CompanyId, id: AgentId, decide: (agent: Agent) => Agent): Promise<Agent> => {
    const result = await change(companyId, id, decide);
    if (result.ok) return result.agent;
    if (result.error === 'agent.notFound')
      throw new AppError('agent.notFound', 404, 'There is no such operator.');
    throw new AppError(result.error, 409, 'The operator changed too often at once; try again.');
  };

  const now = (): Date => new Date(clock.now());

  const deskIsGone = (companyId: CompanyId, id: AgentId): Promise<Agent> =>
    must(companyId, id, (agent) => {
      if (agent.lostAt === null || agent.lostAt.getTime() + lostDeskMs > clock.now()) return agent;
      const offline = setPresence(agent, 'offline', null, now());
      return { ...offline, desk: false };
    });

  const sweep = async (agent: Agent, suspect: (work: Work) => boolean): Promise<void> => {
    for (const work of agent.work) {
      if (!suspect(work)) continue;
      const stands = await judge(agent, work);
      await change(agent.companyId, agent.id, (current) =>
        stands
          ? extend(current, work.token, new Date(clock.now() + HOLD_AGAIN_MS))
          : release(current, work.token, now()),
      );
    }
  };

  return {
    async ensure(profile) {
      const created = fresh(profile, now());
      if ((await store.insert(created)) === 'inserted') {
        await serial.run(profile.id, async () => remember(created));
        return created;
      }
      return must(profile.companyId, profile.id, (agent) => ({
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
      const agent = cache.get(id);
      return agent?.companyId === companyId ? agent : undefined;
    },
    list: (companyId) => [...cache.values()].filter((agent) => agent.companyId === companyId),
    all: () => [...cache.values()],
    view: presenceView,
    setPresence: (companyId, id, state, reason, by) =>
      must(companyId, id, (agent) => setPresence(agent, state, reason ?? null, now(), by)),
    breaks(companyId, id, from) {
      const agent = cache.get(id);
      if (agent?.companyId !== companyId)
        throw new AppError('agent.notFound', 404, 'There is no such operator.');
      return breaksUsed(agent.presenceLog, from, now());
    },
    async setSoftphone(username, up, options) {
      const agent = cache.get(bySip.get(username) ?? username);
      if (agent === undefined) return;
      const softphone = { up, autoAnswer: up && options?.autoAnswer === true };
      await must(agent.companyId, agent.id, (current) =>
        current.softphone.up === softphone.up && current.softphone.autoAnswer === softphone.autoAnswer
          ? current
          : { ...current, version: current.version + 1, softphone },
      );
    },
    bySipUser: (username) => cache.get(bySip.get(username) ?? username),
    async deskOpened(companyId, id) {
      sockets.set(id, (sockets.get(id) ?? 0) + 1);
      await must(companyId, id, (agent) =>
        agent.desk && agent.lostAt === null
          ? agent
          : { ...agent, version: agent.version + 1, desk: true, lostAt: null },
      );
    },
    async deskClosed(companyId, id) {
      const left = Math.max(0, (sockets.get(id) ?? 0) - 1);
      sockets.set(id, left);
      if (left > 0) return;
      await must(companyId, id, (agent) =>
        // Another tab may have come back while this waited its turn.
        (sockets.get(id) ?? 0) > 0 || agent.presence.state === 'offline'
          ? agent
          : { ...agent, version: agent.version + 1, lostAt: now() },
      );
    },
    hold: (companyId, id, request) => change(companyId, id, (agent) => hold(agent, request)),
    async confirm(companyId, id, token) {
      await must(companyId, id, (agent) => confirm(agent, token));
    },
    async release(companyId, id, token) {
      await must(companyId, id, (agent) => release(agent, token, now()));
    },
    async noAnswer(companyId, id, token) {
      await must(companyId, id, (agent) => noAnswer(agent, token, now()));
    },
    async setCounts(companyId, id, token, counts) {
      await must(companyId, id, (agent) => setCounts(agent, token, counts));
    },
    judgeHolds(decide) {
      judge = decide;
    },
    onChange: (listener) => void listeners.push(listener),
    async start({ sweepAll }) {
      for (const agent of await store.all()) {
        // Registrations and sockets ended with the process that had them; whoever was connected has 60 s to come back.
        const lost = agent.desk && agent.presence.state !== 'offline' && agent.lostAt === null;
        const woken = {
          ...agent,
          version: agent.version + 1,
          softphone: { up: false, autoAnswer: false },
          lostAt: lost ? now() : agent.lostAt,
        };
        const stale = agent.softphone.up || lost;
        if (!stale || !(await store.replace(agent.version, woken)))
          remember((await store.load(agent.companyId, agent.id)) ?? agent);
        else remember(woken);
      }
      for (const agent of [...cache.values()])
        await sweep(agent, (work) => sweepAll || work.phase === 'work' || isExpired(work));
    },
    idle: () => serial.idle(),
    async stop() {
      stopped = true;
      for (const timer of timers.values()) timer.cancel();
      timers.clear();
      await serial.idle();
    },
  };
}

/** A hold that outlived its time although the contact stands behind it is looked at again after this. */
const HOLD_AGAIN_MS = 30_000;

function extend(agent: Agent, token: string, expiresAt: Date): Agent {
  if (!agent.work.some((work) => work.token === token && work.phase === 'hold')) return agent;
  return {
    ...agent,
    version: agent.version + 1,
    work: agent.work.map((work) => (work.token === token ? { ...work, expiresAt } : work)),
  };
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
    work: [],
    idleSince: at,
    turn: 0,
    presenceLog: [presence],
  };
}
