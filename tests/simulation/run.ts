import { checkAlways, checkAtRest, checkEnd } from './invariants.ts';
import { watchOrder } from './order.ts';
import { watchTimes } from './times.ts';
import { COMPANY, createWorld, type World, type WorldOptions } from './world.ts';

/** One random life of the company; throws an error that names the seed. */
export async function simulate(seed: number, options: WorldOptions): Promise<World> {
  const world = await createWorld(seed, options);
  try {
    let before = new Map(world.disk.agents);
    let broken: unknown;
    const order = watchOrder(world);
    const times = watchTimes(world);
    world.onCrash(() => times.crashed());
    world.watch(() => {
      try {
        checkAlways(world, before);
        order.see();
        times.see();
      } catch (error) {
        broken ??= error;
      }
      before = new Map(world.disk.agents);
    });
    const step = async (run: () => Promise<void>): Promise<void> => {
      await run();
      if (broken instanceof Error) throw broken;
    };
    for (let i = 0; i < options.steps; i++) {
      await step(() => world.step());
      if (i % 50 === 49) {
        await step(() => world.settle());
        // Pairs that were refused a moment ago are looked at again after 100 ms.
        world.clock.advance(200);
        await step(() => world.settle());
        checkAtRest(world);
        order.atRest();
        times.atRest();
      }
    }
    await drain(world, step);
    await options.ground?.refresh();
    checkEnd(world);
    return world;
  } catch (error) {
    throw new Error(`seed ${seed}: ${error instanceof Error ? error.message : String(error)}`, {
      cause: error,
    });
  }
}

/** Everybody comes to work, nobody new arrives: all that waits is served to its end. */

async function drain(world: World, step: (run: () => Promise<void>) => Promise<void>): Promise<void> {
  for (let round = 0; round < 400; round++) {
    const open = world
      .contacts()
      .filter(({ state }) => !['closed', 'abandoned', 'missed'].includes(state.name));
    for (const id of world.agentIds) {
      const agent = world.disk.agents.get(id);
      if (agent?.softphone.up !== true) world.ask((core) => core.agents.setSoftphone(id, true));
      if (agent?.presence.state !== 'available')
        world.ask((core) => core.agents.setPresence(COMPANY, id, 'available'));
    }
    for (const { id, state, channel, queue } of open) {
      const by = { kind: 'system' } as const;
      if (state.name === 'arriving' || state.name === 'inFlow')
        world.ask((core) => core.interactions.apply(COMPANY, id, { type: 'enqueued', queue: 'suporte' }));
      else if (state.name === 'offered')
        world.ask((core) => core.router.accept(COMPANY, id, state.claim.agentId));
      else if (state.name === 'active' && channel === 'voice')
        world.ask((core) => core.interactions.apply(COMPANY, id, { type: 'agentEnded' }));
      else if (state.name === 'active')
        world.ask((core) => core.interactions.apply(COMPANY, id, { type: 'closed', disposition: 'fim', by }));
      else if (state.name === 'queued' && !served(world, state.waiting.skills, queue))
        world.ask((core) => core.interactions.apply(COMPANY, id, { type: 'customerLeft', by: 'customer' }));
    }
    await step(() => world.settle());
    if (open.length === 0 && allOver(world) && settled(world)) return;
    // Nobody lets it ring in the end.
    if (world.contacts().some(({ state }) => state.name === 'offered')) continue;
    world.clock.next(60_000);
    await step(() => world.settle());
  }
}

const allOver = (world: World): boolean =>
  world.contacts().every(({ state }) => ['closed', 'abandoned', 'missed'].includes(state.name));

const settled = (world: World): boolean =>
  [...world.disk.agents.values()].every((agent) => agent.work.length === 0);

/** Somebody works here who could ever take it. */
const served = (world: World, skills: readonly string[], queue: string | null): boolean =>
  [...world.disk.agents.values()].some(
    (agent) => agent.queues.includes(queue ?? '') && skills.every((skill) => (agent.skills[skill] ?? 0) > 0),
  );
