import { describe, expect, it } from 'vitest';
import { arrivingContact } from '../../../tests/support/arriving.ts';
import type { AgentId } from '../../shared/ids.ts';
import { transition } from './transition.ts';
import type { InteractionEvent } from './events.ts';
import type { Interaction } from './types.ts';

const AT = new Date('2026-11-23T12:00:00Z');
const ANA = 'ana' as AgentId;
const BRUNO = 'bruno' as AgentId;

function arriving(
  channel: Interaction['channel'],
  direction: Interaction['direction'] = 'inbound',
): Interaction {
  return arrivingContact(AT, { channel, direction });
}

/** Applies events one second apart; an error ends the test. */
function play(start: Interaction, ...events: readonly InteractionEvent[]): Interaction {
  let now = start;
  events.forEach((event, i) => {
    const outcome = transition(now, event, new Date(AT.getTime() + (i + 1) * 1000));
    if (!outcome.ok) throw new Error(`${outcome.error.code} for ${event.type} in ${now.state.name}`);
    now = outcome.value.next;
  });
  return now;
}

const offer = (agentId: AgentId, hold: string): InteractionEvent => ({
  type: 'offered',
  agentId,
  hold,
  ringMs: 20_000,
  wrapUpMs: 30_000,
});
const enqueue: InteractionEvent = { type: 'enqueued', queue: 'suporte' };
const code = (interaction: Interaction, event: InteractionEvent): string | undefined => {
  const outcome = transition(interaction, event, AT);
  return outcome.ok ? undefined : outcome.error.code;
};

describe('a call from ring to close', () => {
  const talking = play(
    arriving('voice'),
    { type: 'flowStarted', flow: 'principal' },
    enqueue,
    offer(ANA, 'h1'),
    { type: 'accepted', agentId: ANA },
    { type: 'connected' },
  );

  it('measures from queue entry to the first word', () => {
    const [segment] = talking.segments;
    expect(segment!.talkAt!.getTime() - segment!.queuedAt.getTime()).toBe(3000);
    expect(segment?.outcome).toBe('answered');
  });

  it('goes to wrap-up when either side hangs up, and closes with a reason', () => {
    for (const last of [{ type: 'agentEnded' }, { type: 'customerLeft', by: 'customer' }] as const) {
      const wrapUp = play(talking, last);
      expect(wrapUp.state).toMatchObject({ name: 'wrapUp', deadline: new Date(AT.getTime() + 31_000) });
      const closed = play(wrapUp, {
        type: 'closed',
        disposition: 'resolvido',
        by: { kind: 'agent', id: ANA },
      });
      expect(closed).toMatchObject({ state: { name: 'closed' }, disposition: 'resolvido' });
    }
  });

  it('says who hung up, by the causes that the phone line gives', () => {
    const ended = (event: InteractionEvent) => {
      const outcome = transition(talking, event, AT);
      if (!outcome.ok) throw new Error(outcome.error.code);
      const { line, effects } = outcome.value;
      return {
        actor: line?.actor,
        data: line?.data,
        callBack: effects.some((e) => e.kind === 'callback.schedule'),
      };
    };
    expect(ended({ type: 'customerLeft', by: 'customer', cause: 'bye' })).toEqual({
      actor: { kind: 'customer' },
      data: { by: 'customer', cause: 'bye' },
      callBack: false,
    });
    for (const cause of ['transport', 'unreachable', 'sessionTimer'])
      expect(ended({ type: 'customerLeft', by: 'line', cause })).toEqual({
        actor: { kind: 'system' },
        data: { by: 'line', cause },
        callBack: true,
      });
    expect(ended({ type: 'agentEnded', agentId: ANA })).toMatchObject({ actor: { kind: 'agent', id: ANA } });
  });

  it('is abandoned in the queue by a line that dropped, and missed only by a loss of ours', () => {
    const queued = play(arriving('voice'), { type: 'flowStarted', flow: 'principal' }, enqueue);
    for (const by of ['customer', 'line'] as const)
      for (const waiting of [queued, play(queued, offer(ANA, 'h1'))])
        expect(play(waiting, { type: 'customerLeft', by, cause: 'transport' }).state.name).toBe('abandoned');
    expect(play(queued, { type: 'customerLeft', by: 'server', cause: 'mediaLost' }).state.name).toBe(
      'missed',
    );
  });

  it('cannot be closed while the call is up', () => {
    expect(code(talking, { type: 'closed', disposition: 'x', by: { kind: 'system' } })).toBe(
      'interaction.stillTalking',
    );
  });

  it('takes the reason late, once, after the wrap-up ran out', () => {
    const expired = play(talking, { type: 'agentEnded' }, { type: 'wrapUpExpired', hold: 'h1' });
    expect(expired).toMatchObject({ state: { name: 'closed' }, disposition: null });
    const late: InteractionEvent = { type: 'closed', disposition: 'resolvido', by: { kind: 'system' } };
    const classified = play(expired, late);
    expect(classified.disposition).toBe('resolvido');
    expect(code(classified, { ...late, disposition: 'outro' })).toBe('interaction.ended');
  });

  it('tells that nothing is heard from the customer, and that it is heard again; once each', () => {
    const silent = play(talking, { type: 'customerSilent', forMs: 8000 });
    expect(silent.state).toMatchObject({ name: 'active', silentSince: new Date(AT.getTime() - 7000) });
    expect(play(silent, { type: 'customerSilent', forMs: 9000 })).toBe(silent);
    const heard = play(silent, { type: 'customerHeard' });
    expect(heard.state).toMatchObject({ silentSince: null });
    expect(play(heard, { type: 'customerHeard' })).toBe(heard);
    expect(code(play(talking, { type: 'agentEnded' }), { type: 'customerHeard' })).toBe(
      'interaction.illegalTransition',
    );
  });

  it('given up before the customer answered is over at once, and may be named late; busy is written up', () => {
    const dialled = play(arriving('voice', 'outbound'), {
      type: 'accepted',
      agentId: ANA,
      direct: { hold: 'h1', wrapUpMs: 30_000 },
    });
    const by = { kind: 'agent', id: ANA } as const;
    const left = { type: 'customerLeft', by: 'customer' } as const;
    const outcome = transition(dialled, { ...left, cause: 'agentCancelled', actor: by }, AT);
    if (!outcome.ok) throw new Error(outcome.error.code);
    expect(outcome.value.next.state).toMatchObject({ name: 'closed', cause: 'agentCancelled' });
    expect(outcome.value.effects.map((effect) => effect.kind)).toContain('agent.release');
    expect(play(outcome.value.next, { type: 'closed', disposition: 'x', by }).disposition).toBe('x');
    expect(play(dialled, { ...left, cause: 'busy', actor: { kind: 'system' } }).state.name).toBe('wrapUp');
  });

  it('goes back to its first place when the operator is lost', () => {
    const back = play(talking, { type: 'agentLost' });
    expect(back.state).toMatchObject({ name: 'queued', waiting: { since: talking.timestamps.queuedAt } });
    expect(back.segments).toHaveLength(2);
  });
});

describe('an offer', () => {
  const offered = play(arriving('whatsapp'), enqueue, offer(ANA, 'h1'));

  it('is accepted twice by the winner, and by nobody else', () => {
    const active = play(offered, { type: 'accepted', agentId: ANA });
    expect(play(active, { type: 'accepted', agentId: ANA })).toBe(active);
    expect(code(active, { type: 'accepted', agentId: BRUNO })).toBe('offer.taken');
    expect(code(offered, { type: 'accepted', agentId: BRUNO })).toBe('offer.taken');
    expect(code(active, offer(BRUNO, 'h2'))).toBe('offer.taken');
  });

  it('keeps the place when nobody answers, and a stale timer does nothing', () => {
    const back = play(offered, { type: 'offerTimedOut', hold: 'h1' });
    expect(back.state).toEqual({
      name: 'queued',
      waiting: offered.state.name === 'offered' ? offered.state.waiting : null,
    });
    const again = play(back, offer(BRUNO, 'h2'));
    expect(code(again, { type: 'offerTimedOut', hold: 'h1' })).toBe('offer.expired');
  });

  it('is refused under a hold that was taken back', () => {
    const queued = play(arriving('email'), enqueue, { type: 'holdVoided', hold: 'h9' });
    expect(code(queued, offer(ANA, 'h9'))).toBe('offer.expired');
    expect(code(offered, { type: 'holdVoided', hold: 'h1' })).toBe('hold.stands');
  });
});

describe('endings', () => {
  it('names them by where the customer hung up', () => {
    const left: InteractionEvent = { type: 'customerLeft', by: 'customer' };
    const inFlow = play(arriving('voice'), { type: 'flowStarted', flow: 'principal' });
    expect(play(inFlow, left).state).toMatchObject({ name: 'closed', cause: 'hungUpInFlow' });
    const lost: InteractionEvent = { type: 'customerLeft', by: 'server', cause: 'mediaLost' };
    expect(play(inFlow, lost).state).toMatchObject({ name: 'missed', cause: 'mediaLost' });
    expect(play(inFlow, enqueue, left).state.name).toBe('abandoned');
    expect(play(inFlow, enqueue, offer(ANA, 'h'), left).state.name).toBe('abandoned');
    expect(play(inFlow, enqueue, { type: 'missed', cause: 'engineLost' }).state).toMatchObject({
      name: 'missed',
      cause: 'engineLost',
    });
  });
});

describe('who may end what', () => {
  const close: InteractionEvent = { type: 'closed', disposition: 'x', by: { kind: 'agent', id: ANA } };
  const order: InteractionEvent = { type: 'endedByOrder', reason: 'trote', by: { kind: 'agent', id: BRUNO } };
  const queued = (channel: 'voice' | 'email') => play(arriving(channel), enqueue);

  it.each(['voice', 'email'] as const)('%s that waits or rings is not closed by a form', (channel) => {
    const waiting = queued(channel);
    for (const one of [arriving(channel), waiting, play(waiting, offer(ANA, 'h1'))])
      expect(code(one, close)).toBe('interaction.notYours');
    const inFlow = play(arriving('voice'), { type: 'flowStarted', flow: 'principal' });
    expect(code(inFlow, close)).toBe('interaction.notYours');
  });

  it('a flow and the server still close what they carry', () => {
    const inFlow = play(arriving('voice'), { type: 'flowStarted', flow: 'principal' });
    expect(play(inFlow, { ...close, by: { kind: 'system' } }).state.name).toBe('closed');
  });

  it('an order ends what waits or rings, with every leg and the operator given back', () => {
    const offered = play(queued('voice'), offer(ANA, 'h1'));
    const outcome = transition(offered, order, AT);
    if (!outcome.ok) throw new Error(outcome.error.code);
    const { next, effects, line } = outcome.value;
    expect(next).toMatchObject({ state: { name: 'closed', cause: 'endedByOrder' }, disposition: null });
    expect(line).toMatchObject({ kind: 'closed', actor: { id: BRUNO }, data: { reason: 'trote' } });
    expect(effects.map((effect) => effect.kind)).toEqual(
      expect.arrayContaining(['offer.revoke', 'agent.release', 'voice.end', 'queue.changed']),
    );
  });

  it('an order on a live call leaves its operator the wrap-up; what is over stays over', () => {
    const talking = play(queued('voice'), offer(ANA, 'h1'), { type: 'accepted', agentId: ANA });
    const ended = play(talking, order);
    expect(ended.state).toMatchObject({ name: 'wrapUp', cause: 'endedByOrder', claim: { agentId: ANA } });
    expect(play(ended, order).state.name).toBe('closed');
    expect(code(play(ended, order), order)).toBe('interaction.ended');
  });
});
