import { describe, expect, it } from 'vitest';
import { AppError } from '../../src/shared/errors.ts';
import { PROMPTS } from '../../src/speech/index.ts';
import { COMPANY } from '../simulation/scripted.ts';
import { voiceRig } from './voice-rig.ts';

type Rig = Awaited<ReturnType<typeof voiceRig>>;

/** Ana calls a number from a customer's page: no queue knows of it. */
async function dialling(answers: Rig['rig']['answers']) {
  const rig = await voiceRig();
  const ana = await rig.operator('ana');
  rig.rig.answers = (call) => (call.to.kind === 'softphone' ? Promise.resolve() : answers(call));
  const made = await rig.voice.call(COMPANY, ana, { to: '+5511987650000' });
  await rig.settle();
  const contact = async () => {
    const found = await rig.core.interactions.get(COMPANY, made.id);
    if (found === null) throw new Error('gone');
    return found;
  };
  return { ...rig, ana, id: made.id, contact };
}

describe('a call of ours', () => {
  it.each([
    [{ to: '+5511987650000', from: '190' }, 'call.fromNotOwned'],
    [{ to: '0900 123 4567' }, 'call.destinationNotAllowed'],
    [{ to: '+1 212 555 0100' }, 'call.destinationNotAllowed'],
    [{ to: '+5511987650000', queue: 'inventada' }, 'queue.unknown'],
  ])('%j is refused before anything rings or is written', async (request, code) => {
    const rig = await voiceRig();
    const ana = await rig.operator('ana');
    await expect(rig.voice.call(COMPANY, ana, request)).rejects.toMatchObject({ code, status: 422 });
    expect(rig.legs).toEqual([]);
    expect((await rig.core.interactions.list(COMPANY, {}, { limit: 1 })).items).toEqual([]);
    await rig.voice.call(COMPANY, ana, { to: '+5511987650000', from: '(11) 4000-4000', queue: 'suporte' });
  });

  it("is refused for a queue that is not the operator's own; who may name any, and who names none, calls", async () => {
    const rig = await voiceRig();
    const ana = await rig.operator('ana');
    const call = (more: object) => rig.voice.call(COMPANY, ana, { to: '+5511987650000', ...more });
    const refused = { code: 'queue.notYours', status: 403 };
    await expect(call({ queue: 'suporte', within: ['vendas'] })).rejects.toMatchObject(refused);
    await expect(call({ queue: 'suporte', within: [] })).rejects.toMatchObject(refused);
    await expect(call({ queue: 'inventada', within: [] })).rejects.toMatchObject({ code: 'queue.unknown' });
    expect((await rig.core.interactions.list(COMPANY, {}, { limit: 1 })).items).toEqual([]);
    expect((await call({ queue: 'suporte', within: ['suporte'] })).queue).toBe('suporte');
    const [bruno, carla] = [await rig.operator('bruno'), await rig.operator('carla')];
    expect((await rig.voice.call(COMPANY, bruno, { to: '+5511987650001', within: [] })).queue).toBeNull();
    const any = { to: '+5511987650002', queue: 'suporte', within: undefined };
    expect((await rig.voice.call(COMPANY, carla, any)).queue).toBe('suporte');
  });

  it('is refused without a phone of the own, also one that has just left, and in a call, before anything is opened', async () => {
    const rig = await voiceRig();
    const ana = await rig.operator('ana');
    rig.register('ana', 'desk', 0);
    await rig.core.agents.setPresence(COMPANY, ana, 'offline');
    for (const who of [ana, 'nobody' as typeof ana])
      await expect(rig.voice.call(COMPANY, who, { to: '+5511987650000' })).rejects.toMatchObject({
        code: 'agent.noSoftphone',
        status: 409,
      });
    expect((await rig.core.interactions.list(COMPANY, {}, { limit: 1 })).items).toEqual([]);
    rig.register('ana');
    expect((await rig.voice.call(COMPANY, ana, { to: '+5511987650000' })).state.name).toBe('active');
    // In that call no second one is begun, and nothing is opened for it.
    await expect(rig.voice.call(COMPANY, ana, { to: '+5511987650001' })).rejects.toMatchObject({
      code: 'agent.onCall',
      status: 409,
    });
    expect((await rig.core.interactions.list(COMPANY, {}, { limit: 5 })).items).toHaveLength(1);
  });

  it('over the next trunk when the first fails, whose line is free again; not when the called one is busy', async () => {
    const rig = await voiceRig();
    const ana = await rig.operator('ana');
    const line = { companyId: COMPANY, channels: 1, direction: 'both' } as const;
    rig.rig.trunks = [
      { ...line, id: 'cheap', name: 'Cheap', order: 1, callerId: '+551140004001' },
      { ...line, id: 'sure', name: 'Sure', order: 2, callerId: '+551140004002' },
    ];
    const tried: string[] = [];
    rig.rig.answers = ({ to, callerUser }) => {
      if (to.kind !== 'trunk') return Promise.resolve();
      tried.push(`${to.trunkId} as ${callerUser}`);
      const status = to.number.endsWith('9') ? 486 : 503;
      const failed = Object.assign(new Error('refused'), { status, reason: '' });
      return to.trunkId === 'sure' ? Promise.resolve() : Promise.reject(failed);
    };
    const made = await rig.voice.call(COMPANY, ana, { to: '+5511987650000' });
    await rig.settle();
    expect(tried).toEqual(['cheap as +551140004001', 'sure as +551140004002']);
    expect(rig.legTo('+5511987650000')?.life).toBe('alive');
    expect(rig.voice.trunks(COMPANY).map(({ id, used }) => [id, used])).toEqual([
      ['cheap', 0],
      ['sure', 1],
    ]);
    await rig.voice.control.hangup(COMPANY, made.id, ana);
    await rig.pass(60_000);
    const bruno = await rig.operator('bruno');
    await rig.voice.call(COMPANY, bruno, { to: '+5511987650009' });
    await rig.settle();
    expect(tried).toHaveLength(3);
    expect(rig.voice.trunks(COMPANY).map(({ used }) => used)).toEqual([0, 0]);
  });

  it('to a trunk that answers nothing: hanging up frees the operator at once, and the next number is dialled', async () => {
    const call = await dialling(() => new Promise(() => undefined));
    expect((await call.contact()).state.name).toBe('active');
    await call.voice.control.hangup(COMPANY, call.id, call.ana);
    await call.settle();
    expect((await call.contact()).state).toMatchObject({ name: 'closed', cause: 'agentCancelled' });
    const next = await call.voice.call(COMPANY, call.ana, { to: '+5511987650001' });
    expect(next.state.name).toBe('active');
  });

  it('answered by somebody who sends no sound: answered, the ringing stops, the operator is told, nothing is hung up', async () => {
    const call = await dialling(() => Promise.resolve());
    const theirs = call.legTo('+5511987650000');
    if (theirs === undefined) throw new Error('not dialled');
    theirs.life = 'mute';
    await call.pass(1000);
    expect((await call.contact()).state).toMatchObject({
      name: 'active',
      connectedAt: expect.any(Date) as Date,
    });
    expect(call.legTo('ana')?.endpoint.heard()).not.toBe('ringback');
    await call.pass(10_000);
    expect((await call.contact()).state).toMatchObject({ silentSince: expect.any(Date) as Date });
    await call.pass(60_000);
    expect((await call.contact()).state.name).toBe('active');
    theirs.life = 'alive';
    await call.pass(4000);
    expect((await call.contact()).state).toMatchObject({ silentSince: null });
    expect(theirs.byes).toEqual([]);
  });
});

describe('a call of ours that comes to nothing tells why', () => {
  const toldBy = async (call: Awaited<ReturnType<typeof dialling>>) => {
    const lines = await call.core.interactions.timeline(COMPANY, call.id);
    return lines.filter(({ kind }) => kind === 'dialFailed').map(({ data }) => data['cause']);
  };
  const refusedWith = (status: number) => () => Promise.reject(Object.assign(new Error('no'), { status }));

  it.each([
    [486, 'busy'],
    [600, 'busy'],
    [480, 'notAnswered'],
    [603, 'notAnswered'],
    [404, 'notCompleted'],
    [484, 'notCompleted'],
    [503, 'notCompleted'],
  ])('the called side answers %i: %s', async (status, cause) => {
    const call = await dialling(refusedWith(status));
    expect(await toldBy(call)).toEqual([cause]);
    expect((await call.contact()).state).toMatchObject({ cause });
  });

  it('the own telephone dies while the customer’s rings: it is not said that the operator gave up', async () => {
    const call = await dialling(() => new Promise(() => undefined));
    call.legTo('ana')?.hangUp('transport');
    await call.settle();
    expect(await toldBy(call)).toEqual(['softphoneUnreachable']);
    expect((await call.contact()).state).toMatchObject({ cause: 'softphoneUnreachable' });
  });

  it('the operator hangs up the own telephone while the customer’s rings: given up', async () => {
    const call = await dialling(() => new Promise(() => undefined));
    call.legTo('ana')?.hangUp();
    await call.settle();
    expect(await toldBy(call)).toEqual(['agentCancelled']);
  });

  it('the customer answered and the two cannot be joined: no dial failed, the customer waits for a colleague with music', async () => {
    let answer = (): void => undefined;
    const call = await dialling(() => new Promise((resolve) => (answer = resolve)));
    const anas = call.legTo('ana');
    if (anas === undefined) throw new Error('not dialled');
    const bruno = await call.operator('bruno');
    anas.endpoint.connected = () => Promise.reject(new AppError('media.notConnected', 504, 'no media'));
    answer();
    await call.pass(1000);
    const theirs = call.legTo('+5511987650000');
    expect(await toldBy(call)).toEqual([]);
    expect(theirs?.byes).toEqual([]);
    expect(theirs?.endpoint.heard()).not.toBe('silence');
    expect(anas.byes).toHaveLength(1);
    expect((await call.contact()).state).toMatchObject({ name: 'offered', claim: { agentId: bruno } });
    const lines = await call.core.interactions.timeline(COMPANY, call.id);
    expect(lines.find(({ kind }) => kind === 'agentLost')?.data).toMatchObject({ reason: 'mediaLost' });
  });

  it('nobody is there to whom the customer could be given: told so, hung up, and left as a task', async () => {
    let answer = (): void => undefined;
    const call = await dialling(() => new Promise((resolve) => (answer = resolve)));
    const anas = call.legTo('ana');
    if (anas === undefined) throw new Error('not dialled');
    await call.core.agents.ensure({ id: call.ana, companyId: COMPANY, name: 'ana', queues: [] });
    anas.endpoint.connected = () => Promise.reject(new AppError('media.notConnected', 504, 'no media'));
    answer();
    await call.settle();
    const theirs = call.legTo('+5511987650000');
    expect(theirs?.endpoint.heard()).toBe(PROMPTS.callBack);
    await call.pass(5000);
    expect(theirs?.byes).toHaveLength(1);
    expect((await call.contact()).state).toMatchObject({ name: 'wrapUp', cause: 'mediaLost' });
  });
});

describe('a call of ours that no queue has seen, whose operator is lost', () => {
  async function talking(queues = ['suporte']) {
    const call = await dialling(() => Promise.resolve());
    await call.core.agents.ensure({ id: call.ana, companyId: COMPANY, name: 'ana', queues });
    const [anas, customer] = [call.legTo('ana'), call.legTo('+5511987650000')];
    if (anas === undefined || customer === undefined) throw new Error('not dialled');
    expect(customer.endpoint.heard()).toBe('voice of ana');
    const tasks: string[] = [];
    call.core.interactions.onEffect('callback.schedule', ({ cause }) =>
      Promise.resolve(void tasks.push(cause)),
    );
    const lose = (): void => {
      call.rig.phones.set('ana', { answers: false });
      call.register('ana', 'desk', 0);
      anas.hangUp('transport');
    };
    return { ...call, customer, tasks, lose };
  }

  it('who comes back in time has its customer again', async () => {
    const call = await talking();
    call.lose();
    await call.pass(15_000);
    expect(call.customer.endpoint.heard()).not.toBe('silence');
    call.rig.phones.set('ana', { answers: true });
    call.register('ana');
    await call.pass(1000);
    expect(call.customer.endpoint.heard()).toBe('voice of ana');
    expect((await call.contact()).state.name).toBe('active');
  });

  it("waits in the operator's first queue, where a colleague is asked", async () => {
    const call = await talking();
    const bruno = await call.operator('bruno');
    call.lose();
    await call.pass(21_000);
    expect(await call.contact()).toMatchObject({
      queue: 'suporte',
      state: { name: 'offered', claim: { agentId: bruno } },
    });
    await call.core.router.accept(COMPANY, call.id, bruno);
    await call.settle();
    expect(call.customer.endpoint.heard()).toBe('voice of bruno');
    expect(call.tasks).toEqual([]);
  });

  it.each([
    ['works in no queue', [], undefined],
    ['works in a queue that is closed now', ['suporte'], 'Fechado.'],
  ])('%s: it is told, ends politely, and leaves a task to call back', async (_case, queues, closed) => {
    const call = await talking(queues);
    call.rig.closed = closed;
    call.lose();
    await call.pass(20_500);
    expect(call.customer.endpoint.heard()).toBe(PROMPTS.callBack);
    await call.pass(5000);
    expect(call.plays.at(-1)?.file).toBe(PROMPTS.goodbye);
    expect(call.customer.byes).toHaveLength(1);
    expect(call.voice.callsInHand()).toBe(0);
    expect((await call.contact()).state).toMatchObject({ name: 'wrapUp', cause: 'transport' });
    expect(call.tasks).toEqual(['transport']);
    await call.pass(60_000);
    expect((await call.contact()).state.name).toBe('closed');
    expect(call.core.agents.get(COMPANY, 'ana')?.work).toEqual([]);
  });

  it('ended by an order meanwhile: nothing more is told to it', async () => {
    const call = await talking();
    call.lose();
    await call.pass(19_000);
    const by = { kind: 'system' } as const;
    await call.core.interactions.apply(COMPANY, call.id, { type: 'endedByOrder', reason: 'teste', by });
    await call.pass(8000);
    expect(call.customer.byes).toHaveLength(1);
    expect(call.plays.map(({ file }) => file)).not.toContain(PROMPTS.callBack);
    expect((await call.contact()).state).toMatchObject({ name: 'wrapUp', cause: 'endedByOrder' });
  });
});
