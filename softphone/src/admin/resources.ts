/** What administration knows of a setting: enough to list it, and a form for each. Nothing is deleted: `active: false`. */
export type Field =
  | { kind: 'text'; name: string; createOnly?: boolean; optional?: boolean; placeholder?: string }
  | { kind: 'secret'; name: string }
  | { kind: 'seconds'; name: string; fallback: number }
  | { kind: 'number'; name: string; fallback: number }
  | { kind: 'list'; name: string }
  | { kind: 'queues'; name: string }
  | { kind: 'queue'; name: string }
  | { kind: 'calendar'; name: string }
  | { kind: 'digest'; name: string }
  | { kind: 'choice'; name: string; values: readonly string[] }
  | { kind: 'flag'; name: string; fallback: boolean }
  | { kind: 'week'; name: string; createOnly?: boolean };

export interface Resource {
  path: string;
  /** Which member names a record in the address of its PATCH. */
  id: 'id' | 'key';
  columns: readonly string[];
  fields: readonly Field[];
}

export const sections = ['usuarios', 'filas', 'numeros', 'troncos', 'caixas', 'calendarios'] as const;
export type Section = (typeof sections)[number];

const strategies = ['longestIdle', 'leastOccupied', 'mostSkilled', 'roundRobin'] as const;
const formulas = ['F1', 'F2', 'F3', 'F4', 'F5', 'F6'] as const;

export const resources: Readonly<Record<Section, Resource>> = {
  usuarios: {
    path: 'users',
    id: 'id',
    columns: ['name', 'username', 'role', 'queues'],
    fields: [
      { kind: 'text', name: 'name' },
      { kind: 'text', name: 'username', createOnly: true },
      { kind: 'choice', name: 'role', values: ['operator', 'supervisor', 'admin'] },
      { kind: 'queues', name: 'queues' },
      { kind: 'text', name: 'email', optional: true },
      { kind: 'secret', name: 'password' },
    ],
  },
  filas: {
    path: 'queues',
    id: 'key',
    columns: ['name', 'key', 'strategy', 'ringMs', 'wrapUpMs', 'serviceLevelMs', 'calendar'],
    fields: [
      { kind: 'text', name: 'name' },
      { kind: 'text', name: 'key', createOnly: true },
      { kind: 'choice', name: 'strategy', values: strategies },
      { kind: 'seconds', name: 'ringMs', fallback: 20_000 },
      { kind: 'seconds', name: 'wrapUpMs', fallback: 30_000 },
      { kind: 'seconds', name: 'serviceLevelMs', fallback: 60_000 },
      { kind: 'choice', name: 'serviceLevelFormula', values: formulas },
      { kind: 'calendar', name: 'calendar' },
    ],
  },
  numeros: {
    path: 'dids',
    id: 'id',
    columns: ['number', 'flow', 'description'],
    fields: [
      { kind: 'text', name: 'number', createOnly: true, placeholder: '+551140004000' },
      { kind: 'text', name: 'flow', placeholder: 'principal.yaml' },
      { kind: 'text', name: 'description', optional: true },
    ],
  },
  troncos: {
    path: 'trunks',
    id: 'id',
    columns: ['name', 'peers', 'channels', 'direction', 'callerId'],
    fields: [
      { kind: 'text', name: 'name' },
      { kind: 'list', name: 'peers' },
      { kind: 'number', name: 'channels', fallback: 10 },
      { kind: 'choice', name: 'direction', values: ['both', 'inbound', 'outbound'] },
      { kind: 'text', name: 'outboundUri', optional: true, placeholder: 'sip:10.0.0.5:5060;transport=udp' },
      { kind: 'digest', name: 'digest' },
      { kind: 'text', name: 'callerId', optional: true, placeholder: '+551140004000' },
      { kind: 'flag', name: 'trustsAssertedIdentity', fallback: false },
    ],
  },
  caixas: {
    path: 'mailboxes',
    id: 'id',
    columns: ['address', 'name', 'queue'],
    fields: [
      { kind: 'text', name: 'address', createOnly: true, placeholder: 'suporte@exemplo.test' },
      { kind: 'text', name: 'name', optional: true },
      { kind: 'queue', name: 'queue' },
      { kind: 'number', name: 'priority', fallback: 0 },
      { kind: 'flag', name: 'acknowledge', fallback: true },
      { kind: 'text', name: 'acknowledgeText', optional: true },
    ],
  },
  calendarios: {
    path: 'calendars',
    id: 'id',
    columns: ['name', 'key', 'weekly'],
    fields: [
      { kind: 'text', name: 'name' },
      { kind: 'text', name: 'key', createOnly: true },
      { kind: 'week', name: 'weekly' },
      { kind: 'flag', name: 'closedOnHolidays', fallback: true },
    ],
  },
};

export function isSection(text: string): text is Section {
  return (sections as readonly string[]).includes(text);
}
