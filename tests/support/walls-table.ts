import type { Side } from './two-companies.ts';

/**
 * What of the target is behind the door.
 * own: the asker's own things; nothing of the target may show. contact: work of norte. demand: the same, by a number that each
 * company has of its own. names: a list that the whole company may read, each its own. company: open to the whole company.
 * desk: closed to operators. admin: closed to all but administrators. house: closed to all but the first company's.
 */
export type Wall = 'own' | 'contact' | 'demand' | 'names' | 'company' | 'desk' | 'admin' | 'house';

export interface Attempt {
  /** Under /api/v1, as it is sent. */
  readonly path: string;
  readonly body?: unknown;
  /** Statuses that say no; 403 and 404 by default. */
  readonly no?: readonly number[];
}

export interface Row {
  readonly wall: Wall;
  /** Ways to the target's thing; `from`: what the asker's own company has, for ids in bodies. */
  readonly tries: (target: Side, from: Side) => readonly Attempt[];
}

const own = (...paths: string[]): Row => ({ wall: 'own', tries: () => paths.map((path) => ({ path })) });
const contact = (name: string, body?: (target: Side, from: Side) => unknown): Row => ({
  wall: 'contact',
  tries: (target, from) =>
    [target.held.id, target.waiting.id].map((id) => ({
      path: `/interactions/${id}${name}`,
      ...(body === undefined ? {} : { body: body(target, from) }),
    })),
});
const thing = (wall: Wall, path: (target: Side) => string, body?: unknown): Row => ({
  wall,
  tries: (target) => [{ path: path(target), ...(body === undefined ? {} : { body }) }],
});
const NO_FIELD = [403, 404, 409, 422];
const PERSON = { name: 'Nova', role: 'operator', password: 'quatro cavalos verdes' };

/** Every operation of the API with its wrong ways in; a route without a row fails the walk. */
export const walls: Readonly<Record<string, Row>> = {
  'POST /auth/logout': { wall: 'own', tries: () => [] },
  'POST /auth/password': thing('own', () => '/auth/password', {
    current: 'not mine',
    next: 'quatro cavalos azuis',
  }),
  'GET /me': own('/me'),
  'GET /me/softphone': own('/me/softphone'),
  'GET /me/breaks': own('/me/breaks'),
  'PUT /me/presence': thing('own', () => '/me/presence', { state: 'paused', reason: 'break' }),
  'GET /notices': own('/notices'),
  'GET /agents': own('/agents'),
  'GET /queues': own('/queues'),
  'GET /queues/targets': thing('names', () => '/queues/targets'),
  'GET /board': own('/board'),
  'GET /admin/users': own('/admin/users'),
  'POST /admin/users': {
    wall: 'own',
    tries: (target) => [
      {
        path: '/admin/users',
        body: { ...PERSON, username: 'nova', queues: [target.ids.queue] },
        no: NO_FIELD,
      },
      { path: '/admin/users', body: { ...PERSON, username: `${target.company}.norte` }, no: NO_FIELD },
    ],
  },
  'PATCH /admin/users/{id}': {
    wall: 'admin',
    tries: (target) => [
      { path: `/admin/users/${target.ids.user}`, body: { active: false } },
      { path: `/admin/users/${target.ids.user}`, body: { password: 'quatro cavalos azuis' } },
      { path: `/admin/users/${target.ids.user}`, body: { queues: [] } },
    ],
  },
  'POST /admin/users/{id}/unlock': thing('admin', ({ ids }) => `/admin/users/${ids.user}/unlock`),
  'GET /admin/api-keys': own('/admin/api-keys'),
  'GET /admin/api-keys/scopes': own('/admin/api-keys/scopes'),
  'POST /admin/api-keys': {
    wall: 'own',
    tries: ({ ids }) => [
      {
        path: '/admin/api-keys',
        body: { name: 'k', role: 'operator', queues: [ids.queue], scopes: [] },
        no: NO_FIELD,
      },
    ],
  },
  'PATCH /admin/api-keys/{id}': thing('admin', ({ ids }) => `/admin/api-keys/${ids.apiKey}`, {
    active: false,
  }),
  'GET /admin/audit': {
    wall: 'own',
    tries: ({ ids, held }) => [
      { path: '/admin/audit?limit=200' },
      { path: `/admin/audit?target=${held.id}` },
      { path: `/admin/audit?actor=${ids.user}` },
    ],
  },
  'GET /admin/companies': thing('house', () => '/admin/companies'),
  'POST /admin/companies': {
    wall: 'house',
    tries: ({ company }) => [
      {
        path: '/admin/companies',
        body: {
          key: company,
          name: 'Outra',
          admin: { username: 'intruso', name: 'I', password: 'quatro cavalos azuis' },
        },
        no: [403, 409],
      },
    ],
  },
  'GET /admin/flows': own('/admin/flows'),
  'GET /admin/dids': own('/admin/dids'),
  'POST /admin/dids': {
    wall: 'own',
    tries: ({ number }) => [{ path: '/admin/dids', body: { number, flow: 'principal.yaml' }, no: NO_FIELD }],
  },
  'PATCH /admin/dids/{id}': thing('admin', ({ ids }) => `/admin/dids/${ids.did}`, { active: false }),
  'GET /admin/trunks': own('/admin/trunks'),
  'POST /admin/trunks': {
    wall: 'own',
    tries: ({ company }) => [
      {
        path: '/admin/trunks',
        body: {
          name: 'T',
          channels: 1,
          direction: 'inbound',
          digest: { username: `t-${company}`, password: 'x'.repeat(12) },
        },
        no: NO_FIELD,
      },
    ],
  },
  'PATCH /admin/trunks/{id}': thing('admin', ({ ids }) => `/admin/trunks/${ids.trunk}`, { channels: 1 }),
  'GET /admin/trunks/{id}/status': thing('admin', ({ ids }) => `/admin/trunks/${ids.trunk}/status`),
  'GET /admin/calendars': own('/admin/calendars'),
  'POST /admin/calendars': {
    wall: 'own',
    tries: () => [{ path: '/admin/calendars', body: {}, no: [400, 403] }],
  },
  'PATCH /admin/calendars/{id}': thing('admin', ({ ids }) => `/admin/calendars/${ids.calendar}`, {
    name: 'Tomado',
  }),
  'GET /admin/company': own('/admin/company'),
  'PATCH /admin/company': {
    wall: 'own',
    tries: ({ companyId }) => [
      { path: '/admin/company', body: { id: companyId, name: 'Tomada' }, no: [400, 403] },
      { path: '/admin/company', body: { companyId, name: 'Tomada' }, no: [400, 403] },
    ],
  },
  'GET /customers': own('/customers?q=KANARIO', '/customers?q=norte'),
  'GET /customers/{id}': thing('company', ({ customer }) => `/customers/${customer}`),
  'GET /customers/{id}/context': thing('company', ({ customer }) => `/customers/${customer}/context`),
  'POST /interactions/{id}/customer': {
    wall: 'contact',
    tries: (target, from) => [
      { path: `/interactions/${target.held.id}/customer`, body: { customerId: null } },
      { path: `/interactions/${from.held.id}/customer`, body: { customerId: target.customer } },
    ],
  },
  'POST /interactions/{id}/take': contact('/take'),
  'POST /interactions/{id}/assign': {
    wall: 'contact',
    tries: (target, from) => [
      { path: `/interactions/${target.waiting.id}/assign`, body: { agent: from.ids.user } },
      // The own contact into the hands of the other's operator.
      { path: `/interactions/${from.waiting.id}/assign`, body: { agent: target.ids.user } },
    ],
  },
  'POST /interactions/{id}/wrap-up/extend': contact('/wrap-up/extend'),
  'PUT /interactions/{id}/draft': contact('/draft', () => ({ note: 'x' })),
  'GET /interactions': {
    wall: 'own',
    tries: ({ ids, held }) =>
      [
        '',
        '?queue=norte',
        `?agent=${ids.user}`,
        `?protocol=${held.protocol}`,
        '?state=active,queued',
        '?limit=200',
      ].map((query) => ({ path: `/interactions${query}` })),
  },
  'GET /interactions/{id}': contact(''),
  'POST /interactions/{id}/accept': contact('/accept'),
  'POST /interactions/{id}/reject': contact('/reject'),
  'POST /interactions/{id}/close': contact('/close', () => ({ disposition: 'resolvido' })),
  'POST /interactions/{id}/end': contact('/end', () => ({ reason: 'x' })),
  'POST /interactions/{id}/transfer': {
    wall: 'contact',
    tries: (target, from) => [
      { path: `/interactions/${target.held.id}/transfer`, body: { to: { type: 'queue', id: 'sul' } } },
      {
        path: `/interactions/${from.held.id}/transfer`,
        body: { to: { type: 'agent', id: target.ids.user } },
        no: NO_FIELD,
      },
      {
        path: `/interactions/${from.held.id}/transfer`,
        body: { to: { type: 'queue', id: `so-${target.company}` } },
        no: NO_FIELD,
      },
    ],
  },
  'POST /interactions/{id}/hangup': contact('/hangup'),
  'POST /interactions/{id}/hold': contact('/hold'),
  'POST /interactions/{id}/resume': contact('/resume'),
  'POST /interactions/{id}/dtmf': contact('/dtmf', () => ({ digits: '1' })),
  'POST /interactions/{id}/notes': contact('/notes', () => ({ text: 'x' })),
  'POST /interactions/{id}/messages': {
    wall: 'contact',
    tries: (target, from) => [
      { path: `/interactions/${target.held.id}/messages`, body: { text: 'x' } },
      // In an own message the other's file: sent, or not sent yet.
      {
        path: `/interactions/${from.held.id}/messages`,
        body: { text: 'x', attachments: [target.held.file] },
      },
      { path: `/interactions/${from.held.id}/messages`, body: { text: 'x', attachments: [target.upload] } },
    ],
  },
  'POST /interactions/{id}/messages/{messageId}/resend': {
    wall: 'contact',
    tries: (target, from) => [
      { path: `/interactions/${target.held.id}/messages/${target.held.message}/resend` },
      { path: `/interactions/${from.held.id}/messages/${target.held.message}/resend` },
    ],
  },
  'GET /messages/undelivered': own('/messages/undelivered?limit=200'),
  'POST /interactions/{id}/messages/{messageId}/acknowledge': {
    wall: 'contact',
    tries: (target, from) => [
      { path: `/interactions/${target.held.id}/messages/${target.held.message}/acknowledge` },
      { path: `/interactions/${from.held.id}/messages/${target.held.message}/acknowledge` },
    ],
  },
  'GET /protocols': {
    wall: 'own',
    tries: ({ held }) => [
      { path: '/protocols?limit=200' },
      { path: `/protocols?number=${held.protocol}` },
      { path: '/protocols?status=open' },
    ],
  },
  // Both companies count from one: the number may be an own one as well, its content never the other's.
  'GET /protocols/{number}': thing('demand', ({ held }) => `/protocols/${held.protocol}`),
  'PATCH /protocols/{number}': thing('demand', ({ held }) => `/protocols/${held.protocol}`, {
    type: 'complaint',
  }),
  'GET /protocols/{number}/dossier': thing('demand', ({ held }) => `/protocols/${held.protocol}/dossier`),
  'GET /queues/{key}/live': thing('contact', ({ ids }) => `/queues/${ids.queue}/live`),
  'GET /admin/queues': own('/admin/queues'),
  'POST /admin/queues': {
    wall: 'own',
    tries: ({ company }) => [
      {
        path: '/admin/queues',
        body: { key: 'nova', name: 'Nova', calendar: `horas-${company}` },
        no: NO_FIELD,
      },
    ],
  },
  'PATCH /admin/queues/{key}': {
    wall: 'admin',
    tries: ({ ids, company }, from) => [
      { path: `/admin/queues/${ids.queue}`, body: { active: false } },
      { path: `/admin/queues/so-${from.company}`, body: { calendar: `horas-${company}` }, no: NO_FIELD },
    ],
  },
  'PUT /agents/{id}/presence': thing('desk', ({ ids }) => `/agents/${ids.user}/presence`, {
    state: 'offline',
  }),
  'GET /agents/{id}/presence': thing('desk', ({ ids }) => `/agents/${ids.user}/presence`),
  'POST /calls': {
    wall: 'own',
    tries: ({ ids, number }) => [
      { path: '/calls', body: { to: '+5511987654321', from: number }, no: NO_FIELD },
      { path: '/calls', body: { to: '+5511987654321', queue: ids.queue }, no: NO_FIELD },
    ],
  },
  'GET /interactions/{id}/recording': contact('/recording'),
  'GET /admin/mailboxes': own('/admin/mailboxes'),
  'POST /admin/mailboxes': {
    wall: 'own',
    tries: ({ company, ids }) => [
      { path: '/admin/mailboxes', body: { address: `norte@${company}.test`, queue: 'sul' }, no: NO_FIELD },
      { path: '/admin/mailboxes', body: { address: `x@${company}.test`, queue: ids.queue }, no: NO_FIELD },
    ],
  },
  'PATCH /admin/mailboxes/{id}': thing('admin', ({ ids }) => `/admin/mailboxes/${ids.mailbox}`, {
    active: false,
  }),
  'GET /admin/mailboxes/set-aside': own('/admin/mailboxes/set-aside?limit=200'),
  'GET /admin/mailboxes/set-aside/{id}': thing(
    'admin',
    ({ ids }) => `/admin/mailboxes/set-aside/${ids.setAside}`,
  ),
  'GET /messages/{id}/original': thing('contact', ({ held }) => `/messages/${held.mail}/original`),
  'GET /admin/mailboxes/set-aside/{id}/original': thing(
    'admin',
    ({ ids }) => `/admin/mailboxes/set-aside/${ids.setAside}/original`,
  ),
  'POST /admin/mailboxes/set-aside/{id}/queue': thing(
    'admin',
    ({ ids }) => `/admin/mailboxes/set-aside/${ids.setAside}/queue`,
  ),
  'GET /attachments/{id}': {
    wall: 'contact',
    tries: ({ held, upload }) => [held.file, upload].map((id) => ({ path: `/attachments/${id}` })),
  },
  'POST /attachments': { wall: 'own', tries: () => [] },
};
