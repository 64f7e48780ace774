import { describe, expect, it } from 'vitest';
import { busyWorld } from '../../../tests/e2e/desk-world.ts';
import { nextSimCall, type SimCall } from '../simulator/call-state.ts';
import { replySubject } from '../simulator/mail.ts';
import { applyDelta, queueTone } from '../supervisor/board-store.ts';
import { protocolIn } from '../customers/customers.ts';
import { ApiError } from '../session/api.ts';
import { pt } from '../i18n/pt/index.ts';
import { createFormats } from '../ui/format.ts';
import { faultAt, faultsOf } from './faults.ts';
import { changedOf, hoursOf, hoursText, skillsOf, toBody, toForm, weekdays } from './form.ts';
import { resources } from './resources.ts';
import { registrationWords } from './trunk-words.ts';

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

  it('write what is in time for each channel of text in minutes', () => {
    const { fields } = resources.filas;
    const row = { name: 'Suporte', textLevelMs: { whatsapp: 90_000, email: 7_200_000 } };
    const values = toForm(fields, row, weekdays);
    expect(values['textLevelMs']).toEqual({ whatsapp: '1.5', webchat: '2', sms: '5', email: '120' });
    const typed = { ...values, textLevelMs: { whatsapp: '3', webchat: '0', sms: '5', email: '60' } };
    expect(toBody(fields, typed, false)['textLevelMs']).toEqual({
      whatsapp: 180_000,
      webchat: 0,
      sms: 300_000,
      email: 3_600_000,
    });
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
      skills: [],
      email: null,
    });
  });

  it('write skills as name and level', () => {
    const { fields } = resources.usuarios;
    const skills = [
      { name: 'ingles', level: 4 },
      { name: 'fibra óptica', level: 2 },
    ];
    const values = toForm(fields, { name: 'Ana', role: 'operator', queues: [], skills }, weekdays);
    expect(values['skills']).toBe('ingles 4, fibra óptica 2');
    expect(toBody(fields, values, false)).toMatchObject({ skills });
    const typed = { ...values, skills: 'Ingles: 5,  espanhol ,' };
    expect(toBody(fields, typed, false)).toMatchObject({
      skills: [
        { name: 'ingles', level: 5 },
        { name: 'espanhol', level: 3 },
      ],
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

  describe('of a trunk', () => {
    const { fields } = resources.troncos;
    const row = {
      ...{ name: 'Operadora', direction: 'both', channels: 30, peers: [], order: 1, reserve: 4 },
      ...{ callerIds: ['+551140004000'], transports: ['tcp'], userPhone: true, proxy: 'sip:sbc.exemplo' },
      registration: {
        registrar: 'sip:operadora.exemplo',
        username: 'conta',
        expiresS: 1_200,
        hasPassword: true,
      },
      prefixes: [{ prefix: '+55', strip: 3, prepend: '0' }],
    };
    const values = toForm(fields, row, weekdays);

    it('give back every setting as it was read, and no password that nobody typed', () => {
      const { hasPassword: _, ...registration } = row.registration;
      expect(toBody(fields, values, false)).toMatchObject({ ...row, registration });
      expect(JSON.stringify(toBody(fields, values, false))).not.toContain('assword');
      const typed = { ...(values['registration'] as Record<string, string>), password: 'nova' };
      const body = toBody(fields, { ...values, registration: typed }, false);
      expect(body['registration']).toEqual({ ...registration, password: 'nova' });
    });

    it('take away what was emptied, and leave it out of a new one', () => {
      const emptied = {
        ...{ ...values, registration: { on: '' }, prefixes: [], transports: [] },
        ...{ callerIds: ' ', order: '', reserve: '' },
      };
      const gone = ['registration', 'prefixes', 'transports', 'callerIds', 'order', 'reserve'];
      expect(toBody(fields, emptied, false)).toMatchObject(
        Object.fromEntries(gone.map((one) => [one, null])),
      );
      expect(Object.keys(toBody(fields, emptied, true))).not.toEqual(expect.arrayContaining([gone[0]]));
    });

    it('send of an old one only what was changed', () => {
      expect(changedOf(fields, values, values)).toEqual({});
      expect(changedOf(fields, values, { ...values, channels: '31' })).toEqual({ channels: 31 });
    });

    it('say each refusal at its own input, and of a list which item it is', () => {
      const refused = new ApiError(400, 'request.invalid', '', [
        { path: 'body.registration.registrar', message: 'por exemplo sip:a' },
        { path: 'body.peers.1', message: 'Um endereço IP literal' },
      ]);
      const faults = faultsOf(pt, refused);
      expect(faults.get('registration.registrar')).toBe('por exemplo sip:a');
      const peers = fields.find(({ name }) => name === 'peers');
      expect(peers && faultAt(peers, faults, { peers: '10.0.0.1, 10.0.0' })).toBe(
        '10.0.0: Um endereço IP literal',
      );
      const reserve = faultsOf(pt, new ApiError(422, 'trunk.reserve', '', [], null, [], ['reserve']));
      expect(reserve.get('reserve')).toBe(pt.errors.byCode['trunk.reserve']);
    });

    it('tell a registration in words: since when, why not, when again', () => {
      const format = createFormats('pt-BR', () => Date.parse('2026-11-22T12:00:00Z'));
      const at = '2026-11-22T12:00:00.000Z';
      const told = (state: object) =>
        registrationWords(pt, format, { state: 'failed', since: at, retryAt: at, ...state });
      const time = format.dateTime(at);
      expect(told({ state: 'registered', expiresAt: at })).toMatchObject({
        tone: 'good',
        text: `Registrado desde ${time}`,
      });
      expect(told({ status: 403, reason: 'Forbidden' })).toEqual({
        tone: 'bad',
        text: `Recusado: 403 Forbidden, desde ${time}`,
        more: `A operadora não aceita esta conta ou este endereço IP. Nova tentativa: ${time}.`,
      });
      expect(told({ status: 408, reason: 'Request Timeout' }).text).toContain('não responde');
      expect(told({ status: 503, reason: 'Unreachable' }).text).toContain('Sem caminho');
    });
  });

  it('read and write opening hours', () => {
    expect(hoursOf('8:00-12:00, 13:00–18:00')).toEqual([
      { from: '08:00', to: '12:00' },
      { from: '13:00', to: '18:00' },
    ]);
    expect(hoursText(hoursOf('08:00-12:00'))).toBe('08:00-12:00');
    expect(hoursOf(' ')).toEqual([]);
  });

  it.each([
    ['Fibra 5', 'fibra', 5],
    ['Fibra: 5', 'fibra', 5],
    ['Fibra 2 4', 'fibra 2', 4],
    ['Fibra', 'fibra', 3],
    ['Fibra5', 'fibra5', 3],
    ['5', '5', 3],
  ])('read the skill and its level in %j', (text, name, level) => {
    expect(skillsOf(text)).toEqual([{ name, level }]);
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
