import { describe, expect, it } from 'vitest';
import { channelsNeeded, type GoLiveFacts, goLiveChecks, verdictLine } from './golive.ts';

const ready: GoLiveFacts = {
  server: {
    production: true,
    ownSecretKey: true,
    httpLoopback: false,
    secure: true,
    publicUrl: 'https://atendimento.exemplo.test',
    sipLoopback: false,
    mailRelay: true,
  },
  ready: { ok: true, failing: [] },
  trunks: [{ name: 'Operadora', channels: 5, active: true, direction: 'both' }],
  dids: [{ number: '+551140004000', flow: 'principal.yaml', active: true }],
  queues: [{ key: 'suporte', active: true, calendar: 'comercial' }],
  calendars: [{ key: 'comercial', active: true, opens: true }],
  mailboxes: [{ address: 'suporte@exemplo.test', queue: 'suporte', active: true }],
  operators: [{ username: 'ana', queues: ['suporte'] }],
  flows: [{ file: 'principal.yaml', faults: 0, queues: ['suporte'], recordings: ['menu'] }],
  recordings: ['menu'],
  expectedQueue: 3,
};
const failures = (change: Partial<GoLiveFacts>): string[] =>
  goLiveChecks({ ...ready, ...change })
    .filter((verdict) => !verdict.ok)
    .map((verdict) => `${verdict.required ? 'required' : 'advised'} ${verdict.name}`);

describe('go-live checks', () => {
  it('finds nothing to say about a company that is ready', () => {
    expect(failures({})).toEqual([]);
  });

  it('refuses to go live on the data of the demonstration', () => {
    expect(failures({ server: { ...ready.server, demoData: true } })).toEqual(['required dados']);
  });

  it('asks for two channels an operator and one a waiting caller', () => {
    expect(channelsNeeded(10, 15)).toBe(35);
    expect(failures({ expectedQueue: 4 })).toEqual(['required canais']);
  });

  it('counts neither closed trunks nor those that only call out as a way in', () => {
    const trunk = { name: 'x', channels: 99 };
    expect(failures({ trunks: [{ ...trunk, active: true, direction: 'outbound' }] })).toEqual([
      'required tronco',
    ]);
    expect(failures({ trunks: [{ ...trunk, active: false, direction: 'both' }] })).toEqual([
      'required tronco',
      'required canais',
    ]);
  });

  it('names a number whose flow is missing or has faults', () => {
    expect(failures({ dids: [{ number: '+551140004000', flow: 'outro.yaml', active: true }] })).toEqual([
      'required fluxos dos números',
    ]);
  });

  it('finds queues that flows or mailboxes name and nobody has', () => {
    const mailboxes = [{ address: 'a@exemplo.test', queue: 'vendas', active: true }];
    const bad = goLiveChecks({ ...ready, mailboxes }).find((verdict) => !verdict.ok);
    expect(bad === undefined ? '' : verdictLine(bad)).toBe(
      '✗ destinos: a@exemplo.test → vendas (fila ausente)',
    );
  });

  it('refuses a calendar that never opens, and only advises about none', () => {
    expect(failures({ calendars: [{ key: 'comercial', active: true, opens: false }] })).toEqual([
      'required calendários',
    ]);
    expect(failures({ queues: [{ key: 'suporte', active: true, calendar: null }] })).toEqual([
      'advised horário das filas',
    ]);
  });

  it('only advises about studio recordings', () => {
    expect(failures({ recordings: [] })).toEqual(['advised gravações de estúdio']);
  });

  it('needs a mail relay only with a mailbox', () => {
    const server = { ...ready.server, mailRelay: false };
    expect(failures({ server })).toEqual(['required envio de e-mail']);
    expect(failures({ server, mailboxes: [] })).toEqual([
      'advised caixas de e-mail',
      'advised envio de e-mail',
    ]);
  });
});
