import { describe, expect, it } from 'vitest';
import { arrivingContact } from '../../../tests/support/arriving.ts';
import type { AgentId, CustomerId } from '../../shared/ids.ts';
import { transition } from './transition.ts';
import type { InteractionEvent } from './events.ts';
import type { Interaction } from './types.ts';

/**
 * The whole table: every state against every event, with the next state, the line of the journal and the effects, in fixtures/.
 * A change of the rules changes the table: read the difference, then `npx vitest run src/interactions/domain/table.test.ts -u`.
 */
const START = Date.parse('2026-11-23T12:00:00Z');
const second = (n: number): Date => new Date(START + n * 1000);
const ANA = 'ana' as AgentId;
const BIA = 'bia' as AgentId;
const by = { kind: 'agent', id: 'sofia', name: 'Sofia' } as const;

const arriving = (more: Partial<Interaction> = {}): Interaction => arrivingContact(second(0), more);
const mail = { channel: 'email' } as const;

/** Events ten seconds apart. */
function play(start: Interaction, ...events: readonly InteractionEvent[]): Interaction {
  return events.reduce((now, event, i) => {
    const outcome = transition(now, event, second(10 * (i + 1)));
    if (!outcome.ok) throw new Error(`${outcome.error.code}: ${event.type} in ${now.state.name}`);
    return outcome.value.next;
  }, start);
}

const flow: InteractionEvent = { type: 'flowStarted', flow: 'principal' };
const enqueue: InteractionEvent = { type: 'enqueued', queue: 'suporte', priority: 1, skills: ['ingles'] };
const offer: InteractionEvent = {
  type: 'offered',
  agentId: ANA,
  agentName: 'Ana',
  hold: 'h1',
  ringMs: 20_000,
  wrapUpMs: 30_000,
};
const accept: InteractionEvent = { type: 'accepted', agentId: ANA };
const connect: InteractionEvent = { type: 'connected' };
const ended: InteractionEvent = { type: 'agentEnded' };
const close: InteractionEvent = { type: 'closed', disposition: 'resolvido', note: 'tudo certo', by };

const STATES: Readonly<Record<string, Interaction>> = {
  arriving: arriving(),
  'arriving, outbound': arriving({ direction: 'outbound' }),
  'arriving, e-mail': arriving(mail),
  inFlow: play(arriving(), flow),
  queued: play(arriving(), flow, enqueue),
  'queued, kept for and from somebody': play(
    arriving(),
    { ...enqueue, sticky: { agentId: ANA, until: second(60) } },
    offer,
    { type: 'offerRejected', agentId: ANA, avoidUntil: second(50) },
    { ...offer, agentId: BIA, hold: 'h0' },
    { type: 'offerRejected', agentId: BIA, avoidUntil: second(90) },
  ),
  'queued, a hold voided': play(arriving(), enqueue, { type: 'holdVoided', hold: 'h1' }),
  offered: play(arriving(), enqueue, offer),
  'offered to the preferred, who declined before': play(
    arriving({ preferredAgent: ANA, ...mail }),
    { ...enqueue, sticky: { agentId: ANA, until: second(60) } },
    offer,
    { type: 'offerRejected', agentId: ANA, avoidUntil: second(20) },
    { ...offer, hold: 'h2' },
  ),
  'active, not connected': play(arriving(), enqueue, offer, accept),
  active: play(arriving(), enqueue, offer, accept, connect),
  'active, on hold': play(arriving(), enqueue, offer, accept, connect, { type: 'held' }),
  'active, held before': play(
    arriving(),
    enqueue,
    offer,
    accept,
    connect,
    { type: 'held' },
    { type: 'resumed' },
  ),
  'active, outbound, no queue': play(arriving({ direction: 'outbound' }), {
    type: 'accepted',
    agentId: ANA,
    direct: { hold: 'h1', wrapUpMs: 30_000, agentName: 'Ana' },
  }),
  'active, e-mail': play(arriving(mail), enqueue, offer, accept),
  'active, e-mail, answered': play(arriving(mail), enqueue, offer, accept, {
    type: 'replied',
    messageId: 'm0',
  }),
  wrapUp: play(arriving(), enqueue, offer, accept, connect, ended),
  'wrapUp, no queue': play(
    arriving({ direction: 'outbound' }),
    { type: 'accepted', agentId: ANA, direct: { hold: 'h1', wrapUpMs: 30_000 } },
    ended,
  ),
  closed: play(arriving(), enqueue, offer, accept, connect, ended, close),
  'closed, no reason named': play(arriving(), enqueue, offer, accept, connect, ended, {
    type: 'wrapUpExpired',
    hold: 'h1',
  }),
  abandoned: play(arriving(), enqueue, { type: 'customerLeft', by: 'customer' }),
  missed: play(arriving(), enqueue, { type: 'missed', cause: 'crash' }),
  callbackScheduled: play(arriving(), enqueue, { type: 'callbackScheduled', dueAt: second(600) }),
};

const maria = { id: 'k1' as CustomerId, name: 'Maria' };
const EVENTS: Readonly<Record<string, InteractionEvent>> = {
  flowStarted: flow,
  'flowStarted, another': { type: 'flowStarted', flow: 'noite' },
  enqueued: enqueue,
  'enqueued elsewhere, typed': {
    type: 'enqueued',
    queue: 'vendas',
    protocolType: 'complaint',
    actor: by,
    sticky: { agentId: BIA, until: second(900) },
  },
  'enqueued, nothing said': { type: 'enqueued', queue: 'suporte' },
  offered: { ...offer, hold: 'h9', agentId: BIA },
  'offered under the first hold': offer,
  'offerTimedOut h1': { type: 'offerTimedOut', hold: 'h1' },
  'offerTimedOut h2': { type: 'offerTimedOut', hold: 'h2' },
  'offerRejected by Ana': { type: 'offerRejected', agentId: ANA, avoidUntil: second(800) },
  'offerRejected by Bia': { type: 'offerRejected', agentId: BIA, avoidUntil: second(800) },
  'offerRevoked h1': { type: 'offerRevoked', hold: 'h1', reason: 'presence' },
  'offerRevoked h2': { type: 'offerRevoked', hold: 'h2', reason: 'presence' },
  'accepted by Ana': accept,
  'accepted by Bia': { type: 'accepted', agentId: BIA },
  'accepted directly': {
    type: 'accepted',
    agentId: BIA,
    direct: { hold: 'h9', wrapUpMs: 5_000, agentName: 'Bia' },
  },
  'accepted directly, nameless': { type: 'accepted', agentId: ANA, direct: { hold: 'h1', wrapUpMs: 5_000 } },
  connected: connect,
  held: { type: 'held' },
  resumed: { type: 'resumed' },
  customerSilent: { type: 'customerSilent', forMs: 15_000 },
  customerHeard: { type: 'customerHeard' },
  agentLost: { type: 'agentLost', reason: 'offline' },
  'agentLost, a queue of the operator': { type: 'agentLost', reason: 'unreachable', queue: 'vendas' },
  requeued: { type: 'requeued' },
  'requeued elsewhere': { type: 'requeued', queue: 'vendas', priority: 2, actor: by },
  'requeued, priority': { type: 'requeued', priority: 3 },
  'transferred to a queue': { type: 'transferred', to: { type: 'queue', id: 'vendas' }, mode: 'blind' },
  'transferred to Bia': {
    type: 'transferred',
    to: { type: 'agent', id: BIA },
    mode: 'attended',
    queue: 'vendas',
    until: second(820),
    actor: by,
  },
  'transferred to Bia, no time': { type: 'transferred', to: { type: 'agent', id: BIA }, mode: 'blind' },
  'transferred out': { type: 'transferred', to: { type: 'number', id: '+551140004000' }, mode: 'blind' },
  'customerLeft, customer': { type: 'customerLeft', by: 'customer', cause: 'bye' },
  'customerLeft, line': { type: 'customerLeft', by: 'line', cause: 'transport' },
  'customerLeft, server': { type: 'customerLeft', by: 'server' },
  'customerLeft, given up': { type: 'customerLeft', by: 'customer', actor: by },
  agentEnded: ended,
  replied: { type: 'replied' },
  'replied, message': { type: 'replied', messageId: 'm1' },
  customerReplied: { type: 'customerReplied', messageId: 'm2' },
  'customerReplied, nothing said': { type: 'customerReplied' },
  replyFailed: { type: 'replyFailed', messageId: 'm1' },
  'wrapUpExpired h1': { type: 'wrapUpExpired', hold: 'h1' },
  'wrapUpExpired h2': { type: 'wrapUpExpired', hold: 'h2' },
  wrapUpExtended: { type: 'wrapUpExtended', byMs: 60_000, maxMs: 9_999_000, actor: by },
  drafted: { type: 'drafted', draft: { disposition: 'resolvido', note: null } },
  closed: close,
  'closed, no reason': { type: 'closed', disposition: null, cause: 'leftover', by: { kind: 'system' } },
  'closed, another reason': { type: 'closed', disposition: 'outro', by },
  endedByOrder: { type: 'endedByOrder', reason: 'golpe', by },
  missed: { type: 'missed', cause: 'engineLost' },
  callbackScheduled: { type: 'callbackScheduled', dueAt: second(2_000), actor: by },
  identified: { type: 'identified', customer: maria, identity: 'confirmed', preferredAgent: BIA },
  'identified, nobody': { type: 'identified', customer: null, identity: 'unknown' },
  'holdVoided h1': { type: 'holdVoided', hold: 'h1' },
  'holdVoided h9': { type: 'holdVoided', hold: 'h9' },
  messageQueued: { type: 'messageQueued', messageId: 'm3' },
  recordingStarted: { type: 'recordingStarted' },
};

/** What is different in `next`, field by field. */
const difference = (before: Interaction, next: Interaction): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(next).filter(
      ([key, value]) =>
        key !== 'version' && JSON.stringify(value) !== JSON.stringify(before[key as keyof Interaction]),
    ),
  );

function row(state: Interaction, event: InteractionEvent): string {
  const outcome = transition(state, event, second(700));
  if (!outcome.ok) {
    expect(outcome.error).toMatchObject({ state: state.state.name, event: event.type });
    return `refused, ${outcome.error.code}`;
  }
  const { next, line, effects, unlogged } = outcome.value;
  if (line === null) {
    expect(next).toBe(state);
    return 'nothing';
  }
  expect(next.version).toBe(state.version + 1);
  const told = `${line.kind} by ${JSON.stringify(line.actor)} ${JSON.stringify(line.data)}${unlogged === true ? ', unlogged' : ''}`;
  return [
    told,
    ...Object.entries(difference(state, next)).map(([key, value]) => `  ${key} = ${JSON.stringify(value)}`),
    ...effects.map((effect) => `  → ${JSON.stringify(effect)}`),
  ].join('\n  ');
}

describe('the table of transitions', () => {
  it.each(Object.entries(STATES))('%s', async (name, state) => {
    const rows = Object.entries(EVENTS).map(([event, value]) => `${event}: ${row(state, value)}`);
    const file = `./fixtures/transitions/${name.replace(/[^a-zA-Z]+/g, '-')}.txt`;
    await expect(`${rows.join('\n')}\n`).toMatchFileSnapshot(file);
  });
});
