import { describe, expect, it } from 'vitest';
import { busyWorld } from '../../../tests/e2e/desk-world.ts';
import { nextSimCall, type SimCall } from '../simulator/call-state.ts';
import { replySubject } from '../simulator/mail.ts';
import { applyDelta, queueTone } from '../supervisor/board-store.ts';
import { protocolIn } from '../customers/customers.ts';
import { hoursOf, hoursText, toBody, toForm, weekdays } from './form.ts';
import { resources } from './resources.ts';

describe('administration forms', () => {
  it('make the body of a new queue with durations in ms', () => {
    const { fields } = resources.filas;
    const values = { ...toForm(fields, null, weekdays), name: 'Vendas', key: 'vendas', ringMs: '25' };
    expect(toBody(fields, values, true)).toMatchObject({
      name: 'Vendas',
      key: 'vendas',
      ringMs: 25_000,
      wrapUpMs: 30_000,
      strategy: 'longestIdle',
    });
    expect(toBody(fields, values, false)).not.toHaveProperty('key');
  });

  it('leave a password alone unless one was typed', () => {
    const { fields } = resources.usuarios;
    const values = toForm(
      fields,
      { name: 'Ana', username: 'ana', role: 'operator', queues: ['suporte'] },
      weekdays,
    );
    expect(toBody(fields, values, false)).toEqual({
      name: 'Ana',
      role: 'operator',
      queues: ['suporte'],
      email: null,
    });
  });

  it('take optional texts and credentials away when they were emptied, and leave them out of what is new', () => {
    const { fields } = resources.troncos;
    const row = {
      name: 'Operadora',
      peers: ['10.0.0.5'],
      callerId: '+551140004000',
      digest: { username: 'u' },
    };
    const values = { ...toForm(fields, row, weekdays), callerId: ' ', digest: { username: '', stored: 'u' } };
    expect(toBody(fields, values, false)).toMatchObject({ callerId: null, digest: null, outboundUri: null });
    const created = toBody(fields, { ...values, digest: { username: '', stored: '' } }, true);
    expect(created).not.toHaveProperty('callerId');
    expect(created).not.toHaveProperty('outboundUri');
    expect(toBody(fields, toForm(fields, row, weekdays), false)).not.toHaveProperty('digest');
  });

  it('read and write opening hours', () => {
    expect(hoursOf('8:00-12:00, 13:00–18:00')).toEqual([
      { from: '08:00', to: '12:00' },
      { from: '13:00', to: '18:00' },
    ]);
    expect(hoursText(hoursOf('08:00-12:00'))).toBe('08:00-12:00');
    expect(hoursOf(' ')).toEqual([]);
  });
});

describe('the board', () => {
  const { board } = busyWorld();
  it('takes trunks whole, and of people and queues only those that changed', () => {
    const next = applyDelta(board, { trunks: [] });
    expect(next.trunks).toEqual([]);
    expect(next.queues).toBe(board.queues);
    const [first, ...others] = board.people;
    if (first === undefined) throw new Error('a busy board has people');
    const away = { ...first, state: 'offline' as const };
    expect(applyDelta(board, { people: [away] }).people).toEqual([away, ...others]);
  });
  it('colours a queue by the worse of wait and level', () => {
    expect(board.queues.map(queueTone)).toEqual(['warn', 'bad', 'good', 'none']);
  });
});

describe('the simulator', () => {
  it('walks a call from dial to end', () => {
    let call: SimCall = nextSimCall({ kind: 'idle' }, { type: 'dial' });
    call = nextSimCall(call, { type: 'sent', did: '+55' });
    call = nextSimCall(call, { type: 'answered', now: 1000 });
    call = nextSimCall(call, { type: 'over', now: 4000 });
    expect(call).toEqual({ kind: 'ended', lastedMs: 3000 });
    expect(nextSimCall(call, { type: 'failed', cause: 'refused' })).toBe(call);
    expect(nextSimCall({ kind: 'preparing' }, { type: 'failed', cause: 'microphone' })).toEqual({
      kind: 'failed',
      cause: 'microphone',
    });
    expect(nextSimCall({ kind: 'failed', cause: 'refused' }, { type: 'over', now: 1 }).kind).toBe('failed');
  });
  it('answers a subject once', () => {
    expect([replySubject('Oi'), replySubject('Re: Oi')]).toEqual(['Re: Oi', 'Re: Oi']);
  });
});

it('16 digits are a protocol, however they are spaced', () => {
  expect(protocolIn('202611 00000 00123')).toBe('2026110000000123');
  expect(protocolIn('11987654321')).toBeNull();
});
