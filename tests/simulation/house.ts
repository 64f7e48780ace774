import type { QueueSettings } from '../../src/queue/index.ts';
import type { AgentId, InteractionId } from '../../src/shared/ids.ts';
import { newDisk } from './memory-disk.ts';
import { boot, COMPANY } from './scripted.ts';

interface Person {
  readonly queues?: readonly string[];
  readonly skills?: Readonly<Record<string, number>>;
  readonly phone?: boolean;
}

/** A company whose people and contacts the test moves; a write may be kept from the disk for a while. */
export async function house(settings: QueueSettings = {}, inOrder = true) {
  const disk = newDisk();
  const rig = await boot(disk, { inOrder });
  const { core, clock } = rig;
  await core.queues.create(COMPANY, 'vendas', { name: 'Vendas' });
  if (Object.keys(settings).length > 0) await core.queues.patch(COMPANY, 'suporte', settings);
  let serial = 0;
  const settle = () => core.idle();
  return {
    disk,
    core,
    clock,
    rig,
    settle,
    async person(id: AgentId, { queues = ['suporte'], skills = {}, phone = true }: Person = {}) {
      await core.agents.ensure({ id, companyId: COMPANY, name: id, queues, skills });
      await core.agents.setSoftphone(id, phone);
    },
    async is(id: AgentId, state: 'available' | 'paused' | 'offline') {
      await core.agents.setPresence(COMPANY, id, state);
      await settle();
    },
    async comes(
      channel: 'voice' | 'email',
      more: {
        readonly priority?: number;
        readonly skills?: readonly string[];
        readonly prefers?: AgentId;
        readonly queue?: string;
      } = {},
    ): Promise<InteractionId> {
      const { interaction } = await core.interactions.open({
        companyId: COMPANY,
        channel,
        direction: 'inbound',
        contact: { address: `+551198765${String(4300 + serial)}` },
        idempotencyKey: `c${serial++}`,
        identity: 'unknown',
      });
      const { id } = interaction;
      if (more.prefers !== undefined)
        await core.interactions.identify(COMPANY, id, {
          customer: null,
          identity: 'unknown',
          preferredAgent: more.prefers,
        });
      const { queue = 'suporte', priority = 0, skills = [] } = more;
      await core.interactions.apply(COMPANY, id, { type: 'enqueued', queue, priority, skills });
      await settle();
      return id;
    },
    async pass(ms: number) {
      clock.advance(ms);
      await settle();
    },
    /** Whom it rings at, or in whose hands it is. */
    at: (id: InteractionId) => {
      const state = disk.interactions.get(id)?.interaction.state;
      return state !== undefined && 'claim' in state ? state.claim.agentId : state?.name;
    },
    stateOf: (id: InteractionId) => disk.interactions.get(id)?.interaction.state.name,
    journal: (id: InteractionId) =>
      [...disk.journal.values()].filter((line) => line.interactionId === id).map((line) => line.kind),
  };
}
