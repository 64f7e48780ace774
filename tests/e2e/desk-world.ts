import type { CustomerContext } from '../../src/contracts/context.ts';
import type { InteractionView, TimelineEntry } from '../../src/contracts/interaction.ts';
import type { Board, PresenceView } from '../../src/contracts/realtime.ts';
import type { World } from './desk-mock.ts';
import { ago, ahead } from './desk-time.ts';
import { trunksOf, trunkStates } from './desk-trunks.ts';

const day = (days: number): string => ago(-days * 86_400).slice(0, 10);

export function interactionOf(part: Partial<InteractionView> & { id: string }): InteractionView {
  return {
    version: 1,
    channel: 'voice',
    direction: 'inbound',
    state: 'active',
    queue: 'suporte',
    priority: 0,
    customer: { id: 'c1', name: 'Maria Souza' },
    identity: 'confirmed',
    contact: { address: '+5511987654321' },
    protocol: '2026110000000123',
    agent: { id: 'u1', name: 'Ana Ribeiro' },
    segments: [],
    timestamps: { arrivedAt: ago(300), queuedAt: ago(260), acceptedAt: ago(221) },
    disposition: null,
    ...part,
  };
}

export function mariaContext(): CustomerContext {
  return {
    customerId: 'c1',
    candidates: [],
    sections: {
      customer: {
        state: 'ok',
        fetchedAt: ago(40),
        data: {
          externalId: '1001',
          name: 'Maria Souza',
          documentMasked: '***.982.247-**',
          personType: 'PF',
          phones: ['+5511987654321', '+551133224455'],
          emails: ['maria@cliente.test'],
          since: '2021-03-14',
          address: 'Rua das Acácias, 120',
          district: 'Jardim Europa',
        },
      },
      contracts: {
        state: 'stale',
        fetchedAt: ago(5400),
        data: [
          { id: 'k1', plan: 'Fibra 500 Mega', status: 'active', address: 'Rua das Acácias, 120' },
          { id: 'k2', plan: 'Fibra 200 Mega (loja)', status: 'reduced', address: 'Av. Brasil, 2200, loja 4' },
        ],
      },
      invoices: {
        state: 'ok',
        fetchedAt: ago(40),
        data: [
          {
            id: 'i1',
            amountCents: 11990,
            dueOn: day(-12),
            status: 'overdue',
            digitableLine: '8466000000',
            pixCode: '000201',
          },
          {
            id: 'i2',
            amountCents: 11990,
            dueOn: day(18),
            status: 'open',
            digitableLine: '8466000001',
            pixCode: '000202',
          },
          { id: 'i3', amountCents: 11990, dueOn: day(-42), status: 'paid' },
        ],
      },
      connection: {
        state: 'ok',
        fetchedAt: ago(20),
        data: [
          {
            login: 'maria.souza',
            online: true,
            sinceAt: ago(7200),
            lastDropAt: ago(7300),
            dropReason: 'sem energia',
            rxDbm: -21.4,
          },
          { login: 'maria.loja', online: false, lastDropAt: ago(1800), dropReason: 'sinal', rxDbm: -28.9 },
        ],
      },
      tickets: { state: 'failed', error: { code: 'erp.timeout', message: 'timeout' } },
      outage: { state: 'loading' },
    },
  };
}

export function mariaTimeline(): TimelineEntry[] {
  const now = Date.now();
  const line = (
    at: number,
    kind: string,
    actor: TimelineEntry['actor'],
    data: TimelineEntry['data'] = {},
  ) => ({
    id: `t${String(at)}${kind}`,
    at: new Date(now - at * 1000).toISOString(),
    kind,
    actor,
    data,
  });
  return [
    line(300, 'opened', { kind: 'customer' }, { to: '+551140004000' }),
    line(298, 'flowStarted', { kind: 'system' }, { flow: 'principal' }),
    line(270, 'flow.menu', { kind: 'customer' }, { label: 'suporte', digit: '1' }),
    line(260, 'queued', { kind: 'system' }, { queue: 'suporte' }),
    line(226, 'offered', { kind: 'system' }, { agentId: 'u1' }),
    line(221, 'accepted', { kind: 'agent', id: 'u1' }, { agentId: 'u1' }),
    line(220, 'connected', { kind: 'system' }),
    line(
      120,
      'note',
      { kind: 'agent', id: 'u1', name: 'Ana Ribeiro' },
      { text: 'Loja sem conexão desde as 14h. Luz PON piscando.' },
    ),
  ];
}

export function mailTimeline(): TimelineEntry[] {
  const message = (
    id: string,
    at: number,
    ours: boolean,
    author: 'customer' | 'agent' | 'automatic',
    text: string,
  ): TimelineEntry => ({
    id,
    at: ago(at),
    kind: 'message',
    actor: { kind: author === 'automatic' ? 'system' : author },
    data: {},
    message: {
      id,
      interactionId: 'm1',
      direction: ours ? 'outbound' : 'inbound',
      author: { kind: author, ...(author === 'customer' ? { name: 'Carlos Lima' } : {}) },
      from: ours ? 'suporte@exemplo.test' : 'carlos@cliente.test',
      to: [ours ? 'carlos@cliente.test' : 'suporte@exemplo.test'],
      text,
      attachments: ours
        ? []
        : [{ id: 'a1', filename: 'teste-velocidade.png', contentType: 'image/png', sizeBytes: 184_000 }],
      status: ours ? 'delivered' : 'received',
      at: ago(at),
    },
  });
  return [
    message(
      'g1',
      5400,
      false,
      'customer',
      'Boa tarde,\n\ndesde ontem minha internet está muito lenta à noite. Segue o teste de velocidade.\n\nCarlos',
    ),
    message('g2', 5395, true, 'automatic', 'Recebemos sua mensagem. Protocolo 2026110000000124.'),
  ];
}

export function presenceOf(part: Partial<PresenceView> = {}): PresenceView {
  return {
    agentId: 'u1',
    name: 'Ana Ribeiro',
    state: 'available',
    since: ago(751),
    softphone: true,
    load: { text: 15, voice: false },
    work: [],
    queues: ['suporte'],
    ...part,
  };
}

function boardOf(): Board {
  const lineOf = (
    channel: 'voice' | 'email',
    waiting: number,
    value: number | null,
    longestWaitMs: number,
    thresholdMs: number,
  ) => ({
    channel,
    waiting,
    longestWaitMs,
    free: channel === 'voice' ? 0 : 1,
    estimatedWaitMs: waiting === 0 ? null : 45_000,
    answeredToday: value === null ? 0 : 62,
    abandonedToday: value === null ? 0 : 3,
    serviceLevel: { formula: 'F1', thresholdMs, value },
  });
  const queue = (key: string, name: string, waiting: number, value: number | null, longest: number) => ({
    key,
    name,
    waiting,
    longestWaitMs: longest,
    offered: waiting > 3 ? 1 : 0,
    active: 2,
    agentsAvailable: 1,
    agentsPaused: 1,
    answeredToday: 124,
    abandonedToday: 6,
    serviceLevel: { formula: 'F1', thresholdMs: 60_000, value },
    estimatedWaitMs: waiting === 0 ? null : 45_000,
    channels: [
      lineOf('voice', waiting, value, longest, 60_000),
      lineOf('email', 0, value === null ? null : 0.99, 0, 14_400_000),
    ],
  });
  return {
    at: ago(1),
    queues: [
      queue('suporte', 'Suporte', 4, 0.82, 47_000),
      queue('financeiro', 'Financeiro', 1, 0.71, 92_000),
      queue('retencao', 'Retenção', 0, 0.96, 0),
      queue('ouvidoria', 'Ouvidoria', 0, null, 0),
    ],
    people: [
      presenceOf({ load: { text: 30, voice: true }, work: ['v1', 'm1'] }),
      presenceOf({
        agentId: 'u2',
        name: 'Bruno Alves',
        state: 'paused',
        reason: 'meal',
        since: ago(1400),
        load: { text: 0, voice: false },
      }),
      presenceOf({
        agentId: 'u3',
        name: 'Carla Dias',
        state: 'offline',
        softphone: false,
        since: ago(30_000),
        load: { text: 0, voice: false },
      }),
    ],
    trunks: [{ id: 't1', name: 'Demonstração', used: 9, channels: 60 }],
    engines: [
      { name: 'store', ok: true, detail: 'embedded', facts: [{ says: 'embedded' }] },
      { name: 'sip', ok: true, facts: [{ says: 'sipHere', values: { address: '127.0.0.1:5060' } }] },
      { name: 'media', ok: true, facts: [{ says: 'media', values: { endpoints: 2, free: 900 } }] },
      { name: 'smtp', ok: false, detail: 'not listening', facts: [{ says: 'smtpDeaf' }] },
    ],
  };
}

/** A working afternoon: a call in hand, a mail in hand, three waiting. */
export function busyWorld(): World {
  const call = interactionOf({ id: 'v1', recording: true });
  const mail = interactionOf({
    id: 'm1',
    channel: 'email',
    identity: 'unconfirmed',
    customer: { id: 'c2', name: 'Carlos Lima' },
    contact: { address: 'carlos@cliente.test', name: 'Carlos Lima' },
    protocol: '2026110000000124',
    subject: 'Internet lenta à noite',
    timestamps: { arrivedAt: ago(5400), queuedAt: ago(5300), acceptedAt: ago(600) },
  });
  const waiting = [1, 2, 3].map((index) =>
    interactionOf({
      id: `w${String(index)}`,
      state: 'queued',
      agent: null,
      channel: index === 2 ? 'email' : 'voice',
      customer:
        index === 1
          ? null
          : { id: `c${String(index + 5)}`, name: index === 2 ? 'Padaria Estrela Ltda' : 'João Pereira' },
      identity: index === 1 ? 'unknown' : 'confirmed',
      contact: { address: '+5511912345678' },
      timestamps: { arrivedAt: ago(80 * index), queuedAt: ago(70 * index) },
    }),
  );
  const past = [1, 2].map((index) =>
    interactionOf({
      id: `p${String(index)}`,
      state: 'closed',
      disposition: 'financeiro.segundaVia',
      protocol: `202610000000045${String(index)}`,
      timestamps: { arrivedAt: ago(86_400 * 9 * index) },
    }),
  );
  return {
    password: 'segredo',
    locked: false,
    role: 'operator',
    presence: presenceOf(),
    interactions: [call, mail, ...waiting, ...past],
    timelines: { v1: mariaTimeline(), m1: mailTimeline() },
    contexts: { v1: mariaContext() },
    customers: [
      {
        id: 'c1',
        name: 'Maria Souza',
        documentMasked: '***.982.247-**',
        phones: ['+5511987654321'],
        emails: [],
        district: 'Jardim Europa',
      },
      {
        id: 'c9',
        name: 'Mariana Souza Prado',
        documentMasked: '***.111.222-**',
        phones: ['+5511977776666'],
        emails: [],
        district: 'Centro',
      },
    ],
    board: boardOf(),
    admin: { trunks: trunksOf(), 'trunk-status': trunkStates() },
    mails: [],
  };
}

export function idleWorld(): World {
  return { ...busyWorld(), interactions: [], presence: presenceOf({ state: 'offline' }) };
}

export function offerOf(): { interaction: InteractionView; deadline: string; context: CustomerContext } {
  const interaction = interactionOf({
    id: 'o1',
    state: 'offered',
    deadline: ahead(20),
    timestamps: { arrivedAt: ago(70), queuedAt: ago(42), offeredAt: ago(0) },
    protocol: '2026110000000130',
  });
  return { interaction, deadline: ahead(20), context: mariaContext() };
}
