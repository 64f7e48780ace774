import {
  canRing,
  DEFAULT_WEIGHTS,
  onVoice,
  textLoad,
  textRings,
  TEXT_CAPACITY,
  type Agent,
} from '../../src/agents/index.ts';
import type { Interaction } from '../../src/interactions/index.ts';
import type { World } from './world.ts';

const claimOf = ({ state }: Interaction) =>
  state.name === 'offered' || state.name === 'active' || state.name === 'wrapUp' ? state.claim : undefined;

/** What must hold on the disk between any two operations. Throws with the fact that is wrong. */
export function checkAlways(world: World, before: ReadonlyMap<string, Agent>): void {
  const textRingsAt = new Set<string>();
  for (const contact of world.contacts()) {
    const claim = claimOf(contact);
    if (claim === undefined) continue;
    if (contact.state.name === 'offered' && contact.channel !== 'voice') {
      if (textRingsAt.has(claim.agentId)) throw new Error(`two texts ring at ${claim.agentId}`);
      textRingsAt.add(claim.agentId);
    }
    const agent = world.disk.agents.get(claim.agentId);
    const backing = agent?.work.filter((work) => work.token === claim.hold) ?? [];
    if (backing.length !== 1)
      throw new Error(
        `${contact.id} is ${contact.state.name} with ${claim.agentId}, whose record backs it ${backing.length} times`,
      );
  }
  for (const agent of world.disk.agents.values()) {
    const calls = agent.work.filter((work) => work.channel === 'voice');
    if (calls.length > 1) throw new Error(`${agent.id} has ${calls.length} calls`);
    const twice = new Set(agent.work.map((work) => work.interactionId));
    if (twice.size !== agent.work.length) throw new Error(`${agent.id} has one contact twice`);
    checkGrowth(agent, before.get(agent.id));
  }
}

/** More text than fits may only come from customers who answer, never from a new claim. */
function checkGrowth(agent: Agent, before: Agent | undefined): void {
  if (before === undefined || agent.version === before.version) return;
  const had = new Set(before.work.map((work) => work.token));
  const fresh = agent.work.filter((work) => !had.has(work.token));
  for (const work of fresh) {
    if (work.channel === 'voice') continue;
    if (textLoad(agent) > TEXT_CAPACITY)
      throw new Error(`${agent.id} was given ${work.channel} at a load of ${textLoad(agent)}`);
    if (onVoice(agent)) throw new Error(`${agent.id} was given text while on a call`);
  }
}

/** What must hold when nothing moves any more without time passing: work and free people do not stand side by side. */

export function checkAtRest(world: World): void {
  const nowMs = world.clock.now();
  for (const stored of world.disk.interactions.values()) {
    if (stored.outbox.length > 0) throw new Error(`${stored.interaction.id} has effects that never ran`);
    const { state, channel, id } = stored.interaction;
    if (state.name !== 'queued') continue;
    const { waiting } = state;
    // Until when is a date of the wall clock, which somebody set meanwhile.
    if (world.badClocks && (waiting.sticky !== null || waiting.avoid.length > 0)) continue;
    for (const agent of world.disk.agents.values()) {
      if (waiting.sticky !== null && waiting.sticky.until.getTime() > nowMs) continue;
      if (waiting.avoid.some((entry) => entry.agentId === agent.id && entry.until.getTime() > nowMs))
        continue;
      if (!agent.queues.includes(waiting.queue)) continue;
      if (!waiting.skills.every((skill) => (agent.skills[skill] ?? 0) > 0)) continue;
      if (agent.presence.state !== 'available' || onVoice(agent) || !canRing(agent, channel)) continue;
      if (channel === 'voice' && agent.softphone.up)
        throw new Error(`${id} waits although ${agent.id} is free`);
      // What waits behind a text that rings gets its turn when that one is answered.
      if (textRings(agent)) continue;
      if (channel !== 'voice' && textLoad(agent) + DEFAULT_WEIGHTS[channel] <= TEXT_CAPACITY)
        throw new Error(`${id} (${channel}) waits although ${agent.id} has room`);
    }
  }
}

/** Nothing that was acknowledged is gone, each story is whole, and nobody holds what is over. */
export function checkEnd(world: World): void {
  for (const id of world.told.opened)
    if (!world.disk.interactions.has(id)) throw new Error(`${id} was acknowledged and is gone`);
  const numbers = new Set<string>();
  for (const contact of world.contacts()) {
    if (!['closed', 'abandoned', 'missed'].includes(contact.state.name))
      throw new Error(`${contact.id} is stuck in ${contact.state.name}`);
    if (!world.disk.protocols.has(`${contact.companyId}:${contact.protocol}`))
      throw new Error(`${contact.id} has a number that was not stored`);
    for (let version = 1; version <= contact.version; version++)
      if (!world.disk.journal.has(`${contact.id}:${String(version).padStart(8, '0')}`))
        throw new Error(`${contact.id} lacks line ${version} of ${contact.version} in the journal`);
  }
  for (const protocol of world.disk.protocols.values()) {
    if (numbers.has(protocol.number)) throw new Error(`${protocol.number} was given twice`);
    numbers.add(protocol.number);
  }
  for (const agent of world.disk.agents.values())
    if (agent.work.length > 0) throw new Error(`${agent.id} still holds ${JSON.stringify(agent.work)}`);
  checkTakenOnce(world);
}

/** Between two acceptances of one contact there is a line that gave it back. */
function checkTakenOnce(world: World): void {
  for (const contact of world.contacts()) {
    let taken = false;
    for (let version = 1; version <= contact.version; version++) {
      const line = world.disk.journal.get(`${contact.id}:${String(version).padStart(8, '0')}`);
      if (line?.kind === 'accepted') {
        if (taken) throw new Error(`${contact.id} was taken twice`);
        taken = true;
      } else if (['agentLost', 'requeued', 'transferred'].includes(line?.kind ?? '')) taken = false;
    }
  }
}
