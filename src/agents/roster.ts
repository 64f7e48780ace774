import type { AgentId, CompanyId } from '../shared/ids.ts';
import { AppError } from '../shared/errors.ts';
import { createSerial } from '../shared/serial.ts';
import { hold, type Agent, type HoldRefusal, type HoldRequest } from './domain/agent.ts';
import type { AgentStore } from './store.ts';

export type HoldError = HoldRefusal | 'agent.notFound' | 'agent.conflict';
export type Changed =
  | { readonly ok: true; readonly agent: Agent }
  | { readonly ok: false; readonly error: HoldError };

/** Work for an operator whom a change makes free: its hold goes to the disk together with that change. */
export interface Proposal {
  readonly request: HoldRequest;
  /**
   * Called once, with what became of the hold, before anybody else hears of the change. With `stored` the hold is on its way
   * in a store that keeps order: writes may follow it, and nothing is shown until `stored` says true.
   */
  settled(held: Changed, stored?: Promise<boolean>): void;
}
/** Routing, as changes of operators meet it. Must not throw. */
export interface Proposer {
  /** Asked before a change is written; `agent` is the operator as it will be. Until `changed` nothing else is given to it. */
  changing(agent: Agent): Proposal | undefined;
  /** That change is over, written or not; `agent` is what stands now. */
  changed(agent: Agent): void;
}

/**
 * The operators as this process knows them; every change goes to the store first, by compare-and-set. What is known here
 * may lead to a write without a read, for the write finds out whether it was true; what would write nothing (a refusal, or
 * nothing to do) is only believed of a record just read, since another process may have changed it.
 */
export interface Roster {
  byId(id: string): Agent | undefined;
  bySipUser(username: string): Agent | undefined;
  all(): readonly Agent[];
  /** What is stored now; listeners hear of it. */
  remember(agent: Agent): void;
  change(companyId: CompanyId, id: AgentId, decide: (agent: Agent) => Agent | HoldRefusal): Promise<Changed>;
  /** Who is asked for work in the changes of `must`. */
  propose(proposer: Proposer): void;
  /** The same for changes that are never refused. Errors: agent.notFound 404, agent.conflict 409. */
  must(companyId: CompanyId, id: AgentId, decide: (agent: Agent) => Agent): Promise<Agent>;
  onChange(listener: (agent: Agent, before: Agent | undefined) => void): void;
  idle(): Promise<void>;
}

const MAX_CONFLICTS = 50;

export function createRoster(store: AgentStore): Roster {
  const cache = new Map<string, Agent>();
  const bySip = new Map<string, AgentId>();
  const listeners: Parameters<Roster['onChange']>[0][] = [];
  const serial = createSerial();
  let proposer: Proposer | undefined;

  const remember = (agent: Agent): void => {
    const before = cache.get(agent.id);
    cache.set(agent.id, agent);
    if (before?.sipUser != null && before.sipUser !== agent.sipUser) bySip.delete(before.sipUser);
    if (agent.sipUser !== null) bySip.set(agent.sipUser, agent.id);
    for (const listener of listeners) listener(agent, before);
  };

  const write = async (
    companyId: CompanyId,
    id: AgentId,
    decide: (agent: Agent) => Agent | HoldRefusal,
    ask: Asking,
  ): Promise<Changed> => {
    let known = cache.get(id);
    if (known?.companyId !== companyId) known = undefined;
    for (let attempt = 0; attempt < MAX_CONFLICTS; attempt++) {
      const agent = known ?? (await store.load(companyId, id));
      if (agent === null) return { ok: false, error: 'agent.notFound' };
      const decided = decide(agent);
      if (typeof decided === 'string' || decided === agent) {
        if (known === undefined) return unchanged(agent, decided);
        known = undefined;
        continue;
      }
      const next = ask.with(agent, decided);
      const stored = store.replace(agent.version, next);
      if (store.inOrder && known !== undefined) ask.sent(next, stored);
      known = undefined;
      if (!(await stored)) continue;
      ask.written(next);
      remember(next);
      return { ok: true, agent: next };
    }
    return { ok: false, error: 'agent.conflict' };
  };

  /** Nothing to write: what was just read is remembered all the same. */
  const unchanged = (agent: Agent, decided: Agent | HoldRefusal): Changed => {
    if (cache.get(agent.id)?.version !== agent.version) remember(agent);
    return typeof decided === 'string' ? { ok: false, error: decided } : { ok: true, agent };
  };

  const change: Roster['change'] = (companyId, id, decide) =>
    serial.run(id, () => write(companyId, id, decide, NOBODY));

  const changeAndAsk = (
    companyId: CompanyId,
    id: AgentId,
    decide: (agent: Agent) => Agent,
  ): Promise<Changed> =>
    serial.run(id, async () => {
      const ask = asking(proposer);
      try {
        return await write(companyId, id, decide, ask);
      } finally {
        if (ask.end()) {
          const agent = cache.get(id);
          if (agent !== undefined) proposer?.changed(agent);
        }
      }
    });

  const must = async (companyId: CompanyId, id: AgentId, decide: (agent: Agent) => Agent): Promise<Agent> => {
    const result = await changeAndAsk(companyId, id, decide);
    if (result.ok) return result.agent;
    if (result.error === 'agent.notFound')
      throw new AppError('agent.notFound', 404, 'There is no such operator.');
    throw new AppError(result.error, 409, 'The operator changed too often at once; try again.');
  };

  return {
    byId: (id) => cache.get(id),
    bySipUser: (username) => cache.get(bySip.get(username) ?? username),
    all: () => [...cache.values()],
    remember,
    change,
    must,
    propose: (asked) => void (proposer = asked),
    onChange: (listener) => void listeners.push(listener),
    idle: () => serial.idle(),
  };
}

/** Asks the proposer at most once for one change, however often the change is tried. */
interface Asking {
  with(agent: Agent, decided: Agent): Agent;
  /** `next` is on its way, and in this store nothing can come before it. */
  sent(next: Agent, stored: Promise<boolean>): void;
  /** `next` is stored. */
  written(next: Agent): void;
  /** The change is over, whatever came of it: a proposal that was not stored goes back. True when the proposer was asked. */
  end(): boolean;
}

const NOBODY: Asking = {
  with: (_agent, decided) => decided,
  sent: () => undefined,
  written: () => undefined,
  end: () => false,
};

function asking(proposer: Proposer | undefined): Asking {
  let asked = false;
  let open: Proposal | undefined;
  const settle = (held: Changed, stored?: Promise<boolean>): void => {
    const proposal = open;
    open = undefined;
    proposal?.settled(held, stored);
  };
  return {
    with(agent, decided) {
      if (!asked) open = proposer?.changing(decided);
      asked = true;
      if (open === undefined) return decided;
      const held = hold(decided, open.request);
      // One write, one version.
      if (typeof held !== 'string') return { ...held, version: agent.version + 1 };
      settle({ ok: false, error: held });
      return decided;
    },
    sent: (next, stored) =>
      settle(
        { ok: true, agent: next },
        stored.catch(() => false),
      ),
    written: (next) => settle({ ok: true, agent: next }),
    end() {
      settle({ ok: false, error: 'agent.conflict' });
      return asked;
    },
  };
}
