import { describe, expect, it } from 'vitest';
import { COMPANY } from '../simulation/scripted.ts';
import { voiceRig } from './voice-rig.ts';

interface Invite {
  answer(): void;
  refuse(status: number): void;
  /** 180 */
  ring(): void;
  readonly signal: AbortSignal | undefined;
}

/** Ana's telephone is called with a caller's offer; `answer` and `refuse` are its keys. It answers questions, unless `phone` says otherwise. */
async function ringing(phone: { readonly answers: boolean | 'no' } = { answers: true }) {
  const rig = await voiceRig();
  const ana = await rig.operator('ana', 'phone');
  rig.rig.phones.set('ana', phone);
  const invites: Invite[] = [];
  rig.rig.answers = (call) =>
    call.to.kind !== 'softphone' || call.to.username !== 'ana'
      ? Promise.resolve()
      : new Promise((resolve, reject) =>
          invites.push({
            answer: resolve,
            ring: () => call.onHeard?.(),
            signal: call.signal,
            refuse: (status) => reject(Object.assign(new Error(String(status)), { status })),
          }),
        );
  const { leg, contact } = await rig.customer();
  await rig.settle();
  const first = invites[0];
  if (first === undefined) throw new Error('it does not ring');
  const agent = () => rig.core.agents.get(COMPANY, 'ana');
  return { ...rig, ana, invites, first, customer: leg, contact, agent };
}

describe('a telephone that rings with an offer', () => {
  it('accepted at the desk meanwhile: no second call goes there, and the one that rings is joined', async () => {
    const call = await ringing();
    await call.core.router.accept(COMPANY, (await call.contact()).id, call.ana);
    await call.pass(2000);
    expect(call.invites).toHaveLength(1);
    call.first.answer();
    await call.settle();
    expect(call.customer.endpoint.heard()).toBe('voice of ana');
    expect(call.legs.filter(({ to }) => to === 'ana')).toHaveLength(1);
  });

  it('accepted at the desk and declined at the telephone: the caller waits again', async () => {
    const call = await ringing();
    await call.core.router.accept(COMPANY, (await call.contact()).id, call.ana);
    await call.settle();
    call.first.refuse(603);
    await call.settle();
    expect(['queued', 'offered']).toContain((await call.contact()).state.name);
    await call.pass(1000);
    expect(call.customer.endpoint.heard()).not.toBe('silence');
  });

  it.each([486, 600, 603])(
    'declined with %i: somebody else is asked at once, nobody is paused',
    async (status) => {
      const call = await ringing();
      const bruno = await call.operator('bruno', 'desk');
      call.first.refuse(status);
      await call.settle();
      expect((await call.contact()).state).toMatchObject({ name: 'offered', claim: { agentId: bruno } });
      expect(call.agent()).toMatchObject({ presence: { state: 'available' }, softphone: { up: true } });
      await call.pass(25_000);
      expect(call.agent()?.presence.state).toBe('available');
    },
  );

  it.each(['answers nothing, not even a question', 'is not known any more'])(
    '%s: it counts as gone within 3 s, somebody else is asked, nobody is paused',
    async (how) => {
      const call = await ringing({ answers: how.startsWith('is not') ? 'no' : false });
      const bruno = await call.operator('bruno', 'desk');
      await call.pass(3000);
      expect((await call.contact()).state).toMatchObject({ name: 'offered', claim: { agentId: bruno } });
      expect(call.agent()).toMatchObject({ presence: { state: 'available' }, softphone: { up: false } });
      expect(call.first.signal?.aborted).toBe(true);
      await call.pass(15_000);
      expect(call.agent()?.presence.state).toBe('available');
    },
  );

  it('gone, and accepted at the desk meanwhile: the caller waits again at once', async () => {
    const call = await ringing({ answers: false });
    await call.core.router.accept(COMPANY, (await call.contact()).id, call.ana);
    await call.pass(3000);
    expect((await call.contact()).state.name).toBe('queued');
    expect(call.agent()).toMatchObject({ softphone: { up: false } });
  });

  it.each([
    ['answers a question', { answers: true }, () => undefined],
    ['rings, and answers no question', { answers: false }, (first: Invite) => first.ring()],
  ] as const)('%s: it is left to ring until it is picked up', async (_how, phone, sign) => {
    const call = await ringing(phone);
    sign(call.first);
    await call.pass(15_000);
    expect((await call.contact()).state).toMatchObject({ name: 'offered', claim: { agentId: call.ana } });
    call.first.answer();
    await call.settle();
    expect(call.customer.endpoint.heard()).toBe('voice of ana');
    expect(call.agent()).toMatchObject({ softphone: { up: true } });
  });

  it('picked up before the question is answered: it is not taken for gone', async () => {
    const call = await ringing({ answers: false });
    await call.pass(2000);
    call.first.answer();
    await call.pass(5000);
    expect(call.customer.endpoint.heard()).toBe('voice of ana');
    expect(call.agent()).toMatchObject({ softphone: { up: true } });
  });

  it.each([408, 480, 503])(
    'not there (%i): it counts as gone, somebody else is asked at once',
    async (status) => {
      const call = await ringing();
      const bruno = await call.operator('bruno', 'desk');
      call.rig.phones.set('ana', { answers: false });
      call.first.refuse(status);
      await call.settle();
      expect((await call.contact()).state).toMatchObject({ name: 'offered', claim: { agentId: bruno } });
      expect(call.agent()).toMatchObject({ presence: { state: 'available' }, softphone: { up: false } });
    },
  );
});

describe('a telephone that is there and takes no calls (480, do not disturb)', () => {
  const SECOND = 1000;

  /** Ana's telephone answers whoever asks, and refuses each INVITE while `refuses`; the times of those, in s. */
  async function undisturbed(says: { retryAfterS?: number } = {}) {
    const rig = await voiceRig();
    const phone = { refuses: true, says, rangAtS: [] as number[] };
    const startMs = rig.clock.now();
    rig.rig.answers = ({ to }) => {
      if (to.kind !== 'softphone') return Promise.resolve();
      phone.rangAtS.push(Math.round((rig.clock.now() - startMs) / SECOND));
      return phone.refuses
        ? Promise.reject(Object.assign(new Error('480'), { status: 480, ...phone.says }))
        : Promise.resolve();
    };
    await rig.operator('ana', 'phone');
    const { leg, contact } = await rig.customer();
    const ana = () => {
      const agent = rig.core.agents.get(COMPANY, 'ana');
      if (agent === undefined) throw new Error('no ana');
      return rig.core.agents.view(agent);
    };
    return { ...rig, phone, leg, contact, ana };
  }

  it('is called again after 15, 30, 60 and then 120 s; desk and board are told, and nobody is paused', async () => {
    const call = await undisturbed();
    expect(call.ana()).toMatchObject({ softphone: false, softphoneRefuses: true, state: 'available' });
    await call.pass(360 * SECOND);
    expect(call.phone.rangAtS).toEqual([0, 15, 45, 105, 225, 345]);
    expect((await call.contact()).state.name).toBe('queued');
    expect(call.leg.endpoint.heard()).not.toBe('silence');
  });

  it('is told to be back once it takes a call, and begins at 15 s again', async () => {
    const call = await undisturbed();
    await call.pass(20 * SECOND);
    call.phone.refuses = false;
    await call.pass(30 * SECOND);
    expect(call.leg.endpoint.heard()).toBe('voice of ana');
    expect(call.ana()).toMatchObject({ softphone: true });
    expect(call.ana()).not.toHaveProperty('softphoneRefuses');
    call.leg.hangUp();
    await call.pass(40 * SECOND);
    call.phone.refuses = true;
    call.phone.rangAtS.length = 0;
    await call.customer('+5511900000000');
    await call.pass(20 * SECOND);
    const [first = 0, second = 0] = call.phone.rangAtS;
    expect(second - first).toBe(15);
  });

  it('is not called before the time that it names (Retry-After), nor sooner than one that names none', async () => {
    const call = await undisturbed({ retryAfterS: 40 });
    await call.pass(40 * SECOND - 1);
    expect(call.phone.rangAtS).toEqual([0]);
    call.phone.says = { retryAfterS: 5 };
    await call.pass(2 * SECOND);
    expect(call.phone.rangAtS).toEqual([0, 40]);
    await call.pass(30 * SECOND);
    expect(call.phone.rangAtS).toEqual([0, 40, 70]);
  });

  it('that registers anew is called at once', async () => {
    const call = await undisturbed();
    await call.pass(20 * SECOND);
    call.phone.refuses = false;
    call.register('ana', 'phone');
    await call.pass(SECOND);
    expect(call.leg.endpoint.heard()).toBe('voice of ana');
  });
});

describe('a caller who waits', () => {
  it('hears music where its place cannot be told', async () => {
    const rig = await voiceRig();
    rig.rig.unplayable = (file) => file !== 'music';
    const { leg, contact } = await rig.customer();
    await rig.pass(1000);
    expect((await contact()).state.name).toBe('queued');
    expect(leg.endpoint.heard()).toBe('music');
  });

  it('hears music again that failed once', async () => {
    const rig = await voiceRig();
    rig.rig.unplayable = () => true;
    const { leg } = await rig.customer();
    await rig.pass(1000);
    rig.rig.unplayable = () => false;
    await rig.pass(6000);
    expect(leg.endpoint.heard()).not.toBe('silence');
  });

  it('whom the queue refuses is told of a fault and called back', async () => {
    const rig = await voiceRig();
    const tasks: string[] = [];
    rig.core.interactions.onEffect('callback.schedule', ({ cause }) =>
      Promise.resolve(void tasks.push(cause)),
    );
    rig.rig.queueFor = async (id, wanted) => {
      await rig.core.interactions.apply(COMPANY, id, { type: 'enqueued', queue: 'outra' });
      return wanted;
    };
    const { leg, contact } = await rig.customer();
    await rig.pass(4000);
    expect((await contact()).state).toMatchObject({ name: 'missed', cause: 'flowFailed' });
    expect(leg.byes).toHaveLength(1);
    expect(tasks).toEqual(['flowFailed']);
  });
});
