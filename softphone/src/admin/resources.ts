import type { ranges } from '../../../src/contracts/ranges.ts';

/** Settings that are a number have a range of their name. */
type RangeName = keyof typeof ranges;

/** What administration knows of a setting: enough to list it, and a form for each. Nothing is deleted: `active: false`. */
export type Field =
  | { kind: 'text'; name: string; createOnly?: boolean; optional?: boolean; placeholder?: string }
  | { kind: 'secret'; name: string }
  /** Written in seconds, sent in ms. */
  | { kind: 'seconds'; name: RangeName; fallback: number }
  | { kind: 'levels'; name: RangeName; fallback: Readonly<Record<TextChannel, number>> }
  | { kind: 'number'; name: RangeName; fallback: number; optional?: false }
  | { kind: 'number'; name: RangeName; optional: true; placeholder: string }
  | { kind: 'list'; name: string; optional?: boolean; placeholder?: string; wide?: boolean }
  | { kind: 'skills'; name: string }
  | { kind: 'queues'; name: string }
  | { kind: 'queue'; name: string }
  | { kind: 'flow'; name: string }
  | { kind: 'calendar'; name: string }
  | { kind: 'digest'; name: string }
  | { kind: 'registration'; name: string }
  | { kind: 'prefixes'; name: string }
  | { kind: 'choice'; name: string; values: readonly string[] }
  | { kind: 'choices'; name: string; values: readonly string[] }
  | { kind: 'flag'; name: string; fallback: boolean }
  | { kind: 'week'; name: string; createOnly?: boolean };

export interface Resource {
  path: string;
  /** Which member names a record in the address of its PATCH. */
  id: 'id' | 'key';
  columns: readonly string[];
  /** Stands small below the first column. */
  under?: string;
  fields: readonly Field[];
  /** A long form in parts with a name each; what no part names stands before them. */
  parts?: readonly { name: string; fields: readonly string[] }[];
}

export const sections = ['usuarios', 'filas', 'numeros', 'troncos', 'caixas', 'calendarios'] as const;
export type Section = (typeof sections)[number];

/** What is in time for text; a mail waits hours where a chat waits minutes. */
export const textChannels = ['whatsapp', 'webchat', 'sms', 'email'] as const;
export type TextChannel = (typeof textChannels)[number];
const TEXT_LEVELS = { whatsapp: 300_000, webchat: 120_000, sms: 300_000, email: 14_400_000 } as const;

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
      { kind: 'skills', name: 'skills' },
      { kind: 'text', name: 'email', optional: true },
      { kind: 'secret', name: 'password' },
    ],
  },
  filas: {
    path: 'queues',
    id: 'key',
    columns: ['name', 'strategy', 'ringMs', 'wrapUpMs', 'serviceLevelMs', 'calendar'],
    under: 'key',
    fields: [
      { kind: 'text', name: 'name' },
      { kind: 'text', name: 'key', createOnly: true },
      { kind: 'choice', name: 'strategy', values: strategies },
      { kind: 'seconds', name: 'ringMs', fallback: 20_000 },
      { kind: 'seconds', name: 'wrapUpMs', fallback: 30_000 },
      { kind: 'seconds', name: 'wrapUpMaxMs', fallback: 180_000 },
      { kind: 'flag', name: 'allowTake', fallback: true },
      { kind: 'seconds', name: 'serviceLevelMs', fallback: 20_000 },
      { kind: 'levels', name: 'textLevelMs', fallback: TEXT_LEVELS },
      { kind: 'choice', name: 'serviceLevelFormula', values: formulas },
      { kind: 'calendar', name: 'calendar' },
    ],
  },
  numeros: {
    path: 'dids',
    id: 'id',
    columns: ['number', 'flow', 'description'],
    fields: [
      { kind: 'text', name: 'number', createOnly: true, placeholder: '(11) 4000-4000' },
      { kind: 'flow', name: 'flow' },
      { kind: 'text', name: 'description', optional: true },
    ],
  },
  troncos: {
    path: 'trunks',
    id: 'id',
    columns: ['name', 'direction'],
    fields: [
      { kind: 'text', name: 'name' },
      { kind: 'choice', name: 'direction', values: ['both', 'inbound', 'outbound'] },
      { kind: 'number', name: 'channels', fallback: 10 },
      { kind: 'choices', name: 'transports', values: ['udp', 'tcp'] },
      { kind: 'registration', name: 'registration' },
      { kind: 'list', name: 'peers', placeholder: '200.160.2.3, 200.160.2.4', wide: true },
      { kind: 'digest', name: 'digest' },
      { kind: 'flag', name: 'trustsAssertedIdentity', fallback: false },
      { kind: 'text', name: 'outboundUri', optional: true, placeholder: 'sip:10.0.0.5:5060;transport=udp' },
      { kind: 'text', name: 'proxy', optional: true, placeholder: 'sip:10.0.0.9' },
      { kind: 'text', name: 'callerId', optional: true, placeholder: '(11) 4000-4000' },
      { kind: 'list', name: 'callerIds', optional: true, placeholder: '(11) 4000-4000, 0800 123 4567' },
      { kind: 'number', name: 'order', optional: true, placeholder: '100' },
      { kind: 'number', name: 'reserve', optional: true, placeholder: '0' },
      { kind: 'flag', name: 'userPhone', fallback: false },
      { kind: 'prefixes', name: 'prefixes' },
    ],
    parts: [
      { name: 'registration', fields: ['registration'] },
      { name: 'inbound', fields: ['peers', 'digest', 'trustsAssertedIdentity'] },
      {
        name: 'outbound',
        fields: [
          'outboundUri',
          'proxy',
          'callerId',
          'callerIds',
          'order',
          'reserve',
          'userPhone',
          'prefixes',
        ],
      },
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
    columns: ['name', 'weekly'],
    under: 'key',
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
