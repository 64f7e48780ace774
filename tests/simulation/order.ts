import { canRing, DEFAULT_WEIGHTS, mayHold, textRings, type Agent } from '../../src/agents/index.ts';
import type { Interaction } from '../../src/interactions/index.ts';
import type { Decision, World } from './world.ts';

interface Suspicion {
  readonly passed: Interaction;
  readonly fact: string;
}

/** Priority, then waiting time, then arrival number (architecture.md, "Queue order"). */
function before(a: Interaction, b: Interaction): boolean {
  if (a.state.name !== 'queued' || !('waiting' in b.state) || b.state.waiting === null) return false;
  const [older, younger] = [a.state.waiting, b.state.waiting];
  if (older.priority !== younger.priority) return older.priority > younger.priority;
  const sinceMs = older.since.getTime() - younger.since.getTime();
  return sinceMs !== 0 ? sinceMs < 0 : a.id < b.id;
}

function mayTake(agent: Agent, { state, channel }: Interaction): boolean {
  if (state.name !== 'queued') return false;
  const { queue, skills, sticky, avoid } = state.waiting;
  if (sticky !== null || avoid.some(({ agentId }) => agentId === agent.id)) return false;
  if (!agent.queues.includes(queue) || !skills.every((skill) => (agent.skills[skill] ?? 0) > 0)) return false;
  if (!canRing(agent, channel) || (channel !== 'voice' && textRings(agent))) return false;
  return mayHold(agent, channel, channel === 'voice' ? 0 : DEFAULT_WEIGHTS[channel]) === undefined;
}

/**
 * Nobody is passed over: when an operator gets a contact, every older one of the same or a higher priority that the operator may
 * take, and of which the process knew at that instant, is given to somebody too before things come to rest.
 */
export function watchOrder(world: World): { see(): void; atRest(): void } {
  const decisions = new Map<string, Decision>();
  const suspicions: Suspicion[] = [];
  let agents: ReadonlyMap<string, Agent> = new Map(world.disk.agents);
  /** The operator as the hold found it, by token. */
  const found = new Map<string, readonly Agent[]>();
  let contacts: ReadonlyMap<string, Interaction> = new Map();
  world.onDecision((decision) => void decisions.set(decision.hold, decision));

  const noteHolds = (): void => {
    for (const agent of world.disk.agents.values()) {
      const old = agents.get(agent.id);
      if (old === agent) continue;
      const had = new Set(old?.work.map(({ token }) => token));
      for (const { token } of agent.work) {
        if (had.has(token)) continue;
        const without = { ...agent, work: agent.work.filter((work) => work.token !== token) };
        const known = decisions.get(token)?.agents.get(agent.id);
        // A write that only adds the hold was decided by what was known; one that changes more carries the hold with it.
        const alone = old !== undefined && without.work.length === old.work.length;
        found.set(token, alone && known !== undefined ? [without, known] : [without]);
      }
    }
    agents = new Map(world.disk.agents);
  };

  const suspect = (contact: Interaction, hold: string): void => {
    const taker = found.get(hold);
    if (taker === undefined) return;
    for (const passed of decisions.get(hold)?.queued ?? [])
      if (passed.id !== contact.id && before(passed, contact) && taker.every((one) => mayTake(one, passed)))
        suspicions.push({
          passed,
          fact: `${contact.id} (${contact.channel}) was given to ${taker[0]?.id ?? ''} before ${passed.id} (${passed.channel})`,
        });
  };

  return {
    see() {
      noteHolds();
      for (const contact of world.contacts())
        if (contact.state.name === 'offered' && contacts.get(contact.id)?.state.name === 'queued')
          suspect(contact, contact.state.claim.hold);
      contacts = new Map(world.contacts().map((contact) => [contact.id, contact]));
    },
    atRest() {
      for (const { passed, fact } of suspicions.splice(0))
        if (world.disk.interactions.get(passed.id)?.interaction === passed) throw new Error(fact);
      decisions.clear();
      found.clear();
    },
  };
}
