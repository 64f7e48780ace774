import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createAgentStore } from '../../src/agents/index.ts';
import { createInteractionStore, interactionView, type Interaction } from '../../src/interactions/index.ts';
import { silentLogger } from '../../src/platform/log/index.ts';
import type { Store } from '../../src/platform/store/index.ts';
import { createProtocolStore } from '../../src/protocols/index.ts';
import { createQueueStore } from '../../src/queue/index.ts';
import type { AgentId, CompanyId, InteractionId } from '../../src/shared/ids.ts';
import { createCore, type Core, type CoreStores } from '../simulation/core-rig.ts';
import { createDice, createManualClock, type Dice, type ManualClock } from '../simulation/manual-time.ts';
import { storeEngines, titleOf } from '../support/stores.ts';

const START = Date.parse('2026-11-23T12:00:00Z');

function storesOn(store: Store): CoreStores {
  return {
    interactions: createInteractionStore(store.connection, { inOrder: store.kind === 'embedded' }),
    agents: createAgentStore(store.connection, { inOrder: store.kind === 'embedded' }),
    protocols: createProtocolStore(store.connection),
    queues: createQueueStore(store.connection),
  };
}

interface Rig {
  readonly company: CompanyId;
  readonly clock: ManualClock;
  readonly dice: Dice;
  readonly sent: { readonly to: string; readonly event: string; readonly payload: unknown }[];
  core: Core;
  restart(): Promise<void>;
}

describe.each(storeEngines())('$name', (engine) => {
  describe.skipIf(!engine.present)(titleOf('core', engine), () => {
    let store: Store;
    let stores: CoreStores;
    let companies = 0;

    beforeAll(async () => {
      await engine.setUp();
      store = await engine.open();
      stores = storesOn(store);
      await store.ensureIndexes();
    });
    afterAll(async () => {
      await store.stop();
      await engine.tearDown();
    });

    const boot = async (rig: Omit<Rig, 'core' | 'restart'>): Promise<Core> => {
      const core = createCore({
        stores,
        clock: rig.clock,
        random: rig.dice,
        logger: silentLogger(),
        publisher: {
          toUser: (_company, to, event, payload) => void rig.sent.push({ to, event, payload }),
          toQueue: () => undefined,
          toSupervisors: (_company, event, payload) =>
            void rig.sent.push({ to: 'supervisors', event, payload }),
        },
        timeZone: () => 'America/Sao_Paulo',
        aloneOnStore: true,
      });
      await core.start();
      return core;
    };

    const newRig = async (operators: readonly string[] = []): Promise<Rig> => {
      const company = `company-${companies++}` as CompanyId;
      const base = { company, clock: createManualClock(START), dice: createDice(companies), sent: [] };
      const rig: Rig = {
        ...base,
        core: await boot(base),
        async restart() {
          await rig.core.stop();
          rig.core = await boot(base);
        },
      };
      await rig.core.queues.create(company, 'suporte', { name: 'Suporte' });
      for (const id of operators) {
        const agentId = `${company}-${id}` as AgentId;
        await rig.core.agents.ensure({ id: agentId, companyId: company, name: id, queues: ['suporte'] });
        await rig.core.agents.setSoftphone(agentId, true, { autoAnswer: true });
        await rig.core.agents.setPresence(company, agentId, 'available');
      }
      return rig;
    };

    const arrive = async (
      { core, company }: Rig,
      key: string,
      channel: 'voice' | 'email' | 'whatsapp' = 'voice',
      thread?: string,
    ): Promise<Interaction> => {
      const { interaction } = await core.interactions.open({
        companyId: company,
        channel,
        direction: 'inbound',
        contact: { address: `+55119${key}` },
        idempotencyKey: key,
        identity: 'unknown',
        ...(thread === undefined ? {} : { thread }),
      });
      const queued = await core.interactions.apply(company, interaction.id, {
        type: 'enqueued',
        queue: 'suporte',
      });
      if (!queued.ok) throw new Error(queued.error.code);
      await core.idle();
      return (await core.interactions.get(company, interaction.id))!;
    };

    it('offers a call, takes it, writes it up, closes it, and tells the story', async () => {
      const rig = await newRig(['ana']);
      const { core, company } = rig;
      const ana = `${company}-ana` as AgentId;
      const offered = await arrive(rig, 'call-1');
      expect(offered.state).toMatchObject({ name: 'offered', claim: { agentId: ana } });
      expect(rig.sent.filter((event) => event.event === 'offer').map((event) => event.to)).toEqual([ana]);

      await core.router.accept(company, offered.id, ana);
      await core.router.accept(company, offered.id, ana);
      await expect(core.router.accept(company, offered.id, 'x' as AgentId)).rejects.toMatchObject({
        code: 'offer.taken',
        status: 409,
      });
      await core.interactions.apply(company, offered.id, { type: 'connected' });
      await core.interactions.apply(company, offered.id, { type: 'agentEnded' });
      await core.idle();
      const second = await arrive(rig, 'call-2');
      expect(second.state.name, 'nothing new in wrap-up').toBe('queued');

      await core.interactions.apply(company, offered.id, {
        type: 'closed',
        disposition: 'resolvido',
        by: { kind: 'agent', id: ana },
      });
      await core.idle();
      expect((await core.interactions.get(company, second.id))?.state.name).toBe('offered');
      const kinds = (await core.interactions.timeline(company, offered.id)).map((entry) => entry.kind);
      expect(kinds).toEqual(['opened', 'queued', 'offered', 'accepted', 'connected', 'ended', 'closed']);
      expect(core.router.live(company, 'suporte')).toMatchObject({
        answeredToday: 1,
        offered: 1,
        waiting: 0,
      });
      await rig.core.stop();
    });

    it('pauses who does not answer, and the contact keeps its place', async () => {
      const rig = await newRig(['ana', 'bruno']);
      const { core, company, clock } = rig;
      const first = await arrive(rig, 'noanswer');
      clock.advance(20_000);
      await core.idle();
      const again = (await core.interactions.get(company, first.id))!;
      expect(again.state).toMatchObject({ name: 'offered', claim: { agentId: `${company}-bruno` } });
      expect(core.agents.get(company, `${company}-ana`)?.presence).toMatchObject({
        state: 'paused',
        reason: 'noAnswer',
      });
      expect(again.segments).toHaveLength(1);
      await rig.core.stop();
    });

    it('gives text by weight and a call on top of it', async () => {
      const rig = await newRig(['ana']);
      const { core, company } = rig;
      const ana = `${company}-ana` as AgentId;
      for (let i = 0; i < 5; i++) {
        const { id, state } = await arrive(rig, `w${i}`, 'whatsapp');
        expect(state.name).toBe(i < 4 ? 'offered' : 'queued');
        if (state.name === 'offered') await core.router.accept(company, id, ana);
      }
      const call = await arrive(rig, 'call');
      expect(call.state.name, 'text in hand never blocks a call').toBe('offered');
      await rig.core.stop();
    });

    it('frees the weight of a conversation that waits for the customer', async () => {
      const rig = await newRig(['ana']);
      const { core, company } = rig;
      const ana = `${company}-ana` as AgentId;
      const ids: InteractionId[] = [];
      for (let i = 0; i < 4; i++) {
        const { id } = await arrive(rig, `f${i}`, 'whatsapp');
        await core.router.accept(company, id, ana);
        ids.push(id);
      }
      const waiting = await arrive(rig, 'f9', 'whatsapp');
      expect(waiting.state.name).toBe('queued');
      const sends: string[] = [];
      core.interactions.onEffect('message.send', (effect) =>
        Promise.resolve(void sends.push(effect.messageId)),
      );
      const reply = await core.interactions.addMessage(
        company,
        ids[0]!,
        { direction: 'outbound', author: { kind: 'agent' }, from: 'nós', to: ['+55'], text: 'oi' },
        { idempotencyKey: 'r1' },
      );
      await core.idle();
      expect(sends).toEqual([reply.id]);
      expect((await core.interactions.get(company, waiting.id))?.state.name).toBe('offered');
      await rig.core.stop();
    });

    it('opens once per key, goes on in one thread, and keeps the protocol after the close', async () => {
      const rig = await newRig();
      const { core, company } = rig;
      const mail = (idempotencyKey: string) =>
        core.interactions.open({
          companyId: company,
          channel: 'email',
          direction: 'inbound',
          contact: { address: 'maria@cliente.test' },
          idempotencyKey,
          identity: 'unconfirmed',
          thread: 't1',
        });
      const opened = await Promise.all([mail('m1'), mail('m1'), mail('m2'), mail('m3')]);
      expect(new Set(opened.map(({ interaction }) => interaction.id)).size).toBe(1);
      const { interaction } = opened[0];
      await core.interactions.apply(company, interaction.id, {
        type: 'closed',
        disposition: 'resolvido',
        by: { kind: 'system' },
      });
      const later = await mail('m4');
      expect(later.interaction.id).not.toBe(interaction.id);
      expect(later).toMatchObject({ joined: true, duplicate: false, continued: false });
      expect(later.interaction.protocol).toBe(interaction.protocol);
      expect((await mail('m4')).duplicate).toBe(true);
      await rig.core.stop();
    });

    it('goes on after a restart: offer, timers, presence, waiting contacts', async () => {
      const rig = await newRig(['ana']);
      const { company, clock } = rig;
      const ana = `${company}-ana` as AgentId;
      const first = await arrive(rig, 'r1', 'email');
      const second = await arrive(rig, 'r2');
      await rig.restart();
      expect(rig.core.agents.get(company, ana)?.presence.state).toBe('available');
      expect((await rig.core.interactions.get(company, first.id))?.state.name).toBe('offered');
      clock.advance(20_000);
      await rig.core.idle();
      expect(rig.core.agents.get(company, ana)?.presence.reason).toBe('noAnswer');
      expect(rig.core.router.live(company, 'suporte').waiting).toBe(2);
      expect((await rig.core.interactions.get(company, second.id))?.state.name).toBe('queued');
      await rig.core.stop();
    });

    it('shows what still rings to a desk that comes back after a restart without a history', async () => {
      const rig = await newRig(['ana']);
      const { company } = rig;
      const ana = `${company}-ana` as AgentId;
      await rig.core.agents.deskOpened(company, ana);
      const { id } = await arrive(rig, 'rings', 'email');
      await rig.restart();
      rig.sent.length = 0;
      await rig.core.agents.deskOpened(company, ana);
      const heard = () => rig.sent.filter(({ to, event }) => to === ana && event === 'offer');
      await expect.poll(heard).toHaveLength(1);
      expect(heard()[0]?.payload).toMatchObject({ interaction: { id, state: 'offered' } });
      // And by HTTP, with the moment until which it rings.
      const page = await rig.core.interactions.list(company, { states: ['offered'] }, { limit: 10 });
      expect(page.items.map(interactionView)).toMatchObject([
        { id, agent: { id: ana }, deadline: new Date(START + 20_000).toISOString() },
      ]);
      // A second tab, or a reconnect that replays by itself, hears nothing twice.
      await rig.core.agents.deskOpened(company, ana);
      await rig.core.idle();
      expect(heard()).toHaveLength(1);
      await rig.core.stop();
    });

    it('keeps why a supervisor ended a shift, for the person and for the history', async () => {
      const rig = await newRig(['ana']);
      const { core, company } = rig;
      const ana = `${company}-ana` as AgentId;
      await core.agents.setPresence(company, ana, 'offline', 'fim do turno combinado', 'sup');
      await rig.restart();
      const agent = rig.core.agents.get(company, ana)!;
      expect(rig.core.agents.view(agent)).toMatchObject({
        state: 'offline',
        reason: 'fim do turno combinado',
      });
      await rig.core.agents.setPresence(company, ana, 'available');
      expect(rig.core.agents.presenceHistory(company, ana)).toMatchObject([
        { state: 'available', reason: null },
        { state: 'offline', reason: 'fim do turno combinado', by: 'sup' },
        { state: 'available' },
        { state: 'offline' },
      ]);
      expect(() => rig.core.agents.presenceHistory('another' as CompanyId, ana)).toThrow(
        expect.objectContaining({ code: 'agent.notFound' }),
      );
      await rig.core.stop();
    });

    it('joins, finds, types and cancels protocols', async () => {
      const rig = await newRig();
      const { core, company, clock } = rig;
      const maria = { id: 'maria' as never, name: 'Maria Souza' };
      const call = (key: string) =>
        core.interactions.open({
          companyId: company,
          channel: 'voice',
          direction: 'inbound',
          contact: { address: '+5511987654321' },
          idempotencyKey: key,
          identity: 'unconfirmed',
          customer: maria,
        });
      const first = (await call('j1')).interaction;
      expect((await call('j2')).interaction.protocol).toBe(first.protocol);
      clock.advance(25 * 3_600_000);
      const later = (await call('j3')).interaction;
      expect(later.protocol).not.toBe(first.protocol);
      expect((await call('j4')).interaction.protocol, 'only one was touched in the last 24 h').toBe(
        later.protocol,
      );
      await core.protocols.learn(company, first.protocol, { document: '52998224725', type: 'complaint' });
      const found = await core.protocols.search(company, { document: '52998224725' }, { limit: 10 });
      expect(found.items.map((protocol) => protocol.number)).toEqual([first.protocol]);
      const byPhone = await core.protocols.search(company, { phone: '+5511987654321' }, { limit: 1 });
      expect(byPhone.items.map((protocol) => protocol.number)).toEqual([later.protocol]);
      expect(byPhone.nextCursor).toBe(later.protocol);
      const [record] = found.items;
      expect(record!.deadline.getTime() - record!.openedAt.getTime()).toBe(7 * 24 * 3_600_000);
      await expect(
        core.protocols.patch(company, first.protocol, { status: 'cancelled' }, 'ana'),
      ).rejects.toMatchObject({ code: 'protocol.cancelNeedsReason' });
      const cancelled = await core.protocols.patch(
        company,
        first.protocol,
        { status: 'cancelled', reason: 'duplicado' },
        'ana',
      );
      expect(cancelled).toMatchObject({ status: 'cancelled', history: [{ from: 'open', by: 'ana' }] });
      await rig.core.stop();
    });
  });
});
