import { busyWorld, presenceOf } from './desk-world.ts';
import type { World } from './desk-mock.ts';
import { ago } from './desk-time.ts';

const WEEK = Object.fromEntries(
  ['monday', 'tuesday', 'wednesday', 'thursday', 'friday'].map((day) => [
    day,
    [{ from: '08:00', to: '18:00' }],
  ]),
);

const person = (id: string, name: string, queues: readonly string[], more: object = {}): object => ({
  ...{ id, name, username: name.toLowerCase().replaceAll(' ', '.'), role: 'operator', queues, skills: [] },
  ...{ active: true, locked: false },
  ...more,
});

const QUEUES = [
  ['suporte', 'Suporte técnico'],
  ['financeiro', 'Financeiro'],
  ['retencao', 'Retenção'],
  ['ouvidoria', 'Ouvidoria'],
  ['comercial', 'Comercial e novas instalações'],
] as const;

const everyQueue = QUEUES.map(([key]) => key);

/** What was done, as the server names it. */
function auditOf(): object[] {
  const line = (id: string, action: string, target: object, data: object): object => ({
    ...{ id, at: ago(60), action, kind: 'act', target, data },
    actor: { kind: 'user', id: 'u3', name: 'Carla Dias', address: '192.0.2.14' },
  });
  const contact = {
    ...{ kind: 'interaction', id: '01KBDEADBEEF00000000000001' },
    name: 'Maria Souza · 2026110000000123',
  };
  return [
    line('l1', 'interaction.transfer', contact, { to: { type: 'queue', id: 'financeiro' }, mode: 'blind' }),
    line('l2', 'interaction.assign', contact, { agentId: 'u2' }),
    line(
      'l3',
      'user.update',
      { kind: 'user', id: 'u2', name: 'Bartolomeu Albuquerque' },
      { fields: ['queues'], queues: everyQueue },
    ),
    line(
      'l4',
      'access.refused',
      { kind: 'route', id: 'GET /api/v1/admin/users' },
      { code: 'auth.forbidden' },
    ),
  ];
}

/** Rows of every kind of setting, with names as long as companies give them. */
function houseAdmin(): World['admin'] {
  return {
    users: [
      person('u1', 'Ana Ribeiro', everyQueue),
      person('u2', 'Bartolomeu Albuquerque de Vasconcelos', ['suporte', 'financeiro'], { locked: true }),
      person('u3', 'Carla Dias', [], { role: 'admin' }),
    ],
    queues: QUEUES.map(([key, name]) => ({
      ...{ key, name, strategy: 'longestIdle', ringMs: 20_000, wrapUpMs: 30_000, serviceLevelMs: 20_000 },
      ...{ calendar: 'comercial', active: true },
    })),
    dids: [
      {
        ...{ id: 'd1', number: '+551140004000', flow: 'principal.yaml', active: true },
        description: 'Número principal, impresso na fatura',
      },
    ],
    mailboxes: [
      {
        ...{ id: 'm1', address: 'atendimento.financeiro@provedor-de-exemplo.test', queue: 'financeiro' },
        ...{ name: 'Atendimento financeiro', active: true },
      },
    ],
    calendars: [{ id: 'k1', name: 'Horário comercial', key: 'comercial', weekly: WEEK, active: true }],
    'api-keys': [
      {
        ...{ id: 'a1', name: 'Importador de clientes', role: 'supervisor', active: true },
        ...{ createdAt: ago(86_400), scopes: ['users:read', 'interactions:read'] },
      },
    ],
    companies: [
      {
        ...{ id: 'c1', key: 'exemplo', name: 'Provedor Exemplo Telecomunicações Ltda', regime: 'ppp' },
        ...{ timeZone: 'America/Sao_Paulo', createdAt: ago(86_400) },
      },
    ],
    company: [],
    audit: auditOf(),
  };
}

/** The busy afternoon of a house with five queues and everything set up, seen by who installed it. */
export function houseWorld(): World {
  const world = busyWorld();
  const [first] = world.board.queues;
  return {
    ...world,
    role: 'admin',
    installer: true,
    admin: { ...world.admin, ...houseAdmin() },
    board: {
      ...world.board,
      queues: QUEUES.map(
        ([key, name], index) => world.board.queues[index] ?? { ...first!, key, name, waiting: 0 },
      ),
      people: [
        ...world.board.people,
        ...Array.from({ length: 9 }, (_, index) =>
          presenceOf({ agentId: `x${String(index)}`, name: `Pessoa ${String(index + 1)}` }),
        ),
      ],
    },
  };
}
