import { describe, expect, it } from 'vitest';
import { presenceOf } from '../../../tests/e2e/desk-world.ts';
import type { PresenceView } from '../../../src/contracts/realtime.ts';
import { en } from '../i18n/en/index.ts';
import { pt } from '../i18n/pt/index.ts';
import { presenceOfOther, presenceSaid } from './presence-said.ts';

const time = (iso: string): string => iso.slice(11, 16);
const since = '2026-11-27T14:05:00.000Z';
const by = { id: 's1', name: 'Sofia Lima' };
const said = (part: Partial<PresenceView>, t = pt) =>
  presenceSaid(t, presenceOf({ since, ...part }), time).map(({ text, back }) => ({ text, back }));

describe('what a desk says of a state that its person did not choose', () => {
  it('a forced pause: who, why and since when, and no button that takes it back in passing', () => {
    const forced = { state: 'paused', reason: 'Reunião às 14h', by } as const;
    expect(said(forced)).toEqual([
      {
        text: 'Sofia Lima pôs você em pausa às 14:05: Reunião às 14h. Para voltar, fique disponível no canto superior esquerdo.',
        back: false,
      },
    ]);
    expect(said(forced, en)[0]?.text).toMatch(/^Sofia Lima paused you at 14:05: Reunião às 14h\./);
  });

  it('without a reason and without a name: nothing of it is invented, and no code of ours is shown', () => {
    expect(said({ state: 'paused', reason: 'forced', by: { id: 's1' } })[0]?.text).toBe(
      `${pt.roles.supervisor} pôs você em pausa às 14:05. Para voltar, fique disponível no canto superior esquerdo.`,
    );
  });

  it('a shift that somebody else ended', () => {
    expect(said({ state: 'offline', reason: 'Fim do turno', by })[0]?.text).toBe(
      'Sofia Lima encerrou seu turno às 14:05: Fim do turno.',
    );
    expect(said({ state: 'offline', reason: 'Fim do turno', by, returned: 2 })[0]?.text).toBe(
      'Sofia Lima encerrou seu turno às 14:05: Fim do turno. As 2 conversas em que o cliente esperava você voltaram para a fila.',
    );
  });

  it('a desk that was lost: how long, since when, what went back, and the way back', () => {
    const lost = { state: 'offline', reason: 'deskLost', lostMs: 45_000 } as const;
    const text = 'Seu atendimento ficou sem conexão por mais de 45 segundos e você está Fora desde 14:05.';
    expect(said({ ...lost, returned: 0 })).toEqual([{ text, back: true }]);
    expect(said({ ...lost, returned: 1 })[0]?.text).toBe(
      `${text} A conversa em que o cliente esperava você voltou para a fila.`,
    );
    expect(said({ ...lost, returned: 3 })[0]?.text).toBe(
      `${text} As 3 conversas em que o cliente esperava você voltaram para a fila.`,
    );
    expect(said({ state: 'offline', reason: 'deskLost' }, en)[0]?.text).toBe(
      'Your desk had no connection for too long and you are offline since 14:05.',
    );
    expect(presenceSaid(pt, presenceOf({ since, ...lost }), time)[0]?.closes).toBe(true);
  });

  it('a call that went back because the phone was lost, with a lost desk or without one', () => {
    const callReturnedAt = '2026-11-27T14:04:00.000Z';
    const call = 'Seu telefone caiu durante uma ligação, e o cliente voltou para a fila às 14:04.';
    expect(presenceSaid(pt, presenceOf({ since, callReturnedAt }), time)).toEqual([
      { kind: 'call', text: call, back: false, closes: true },
    ]);
    expect(said({ callReturnedAt }, en)[0]?.text).toMatch(/^Your phone was lost during a call/);
    const lost = { state: 'offline', reason: 'deskLost', lostMs: 45_000, callReturnedAt } as const;
    expect(said({ ...lost, returned: 1 })).toEqual([
      { text: `${said({ ...lost, callReturnedAt: undefined, returned: 1 })[0]?.text} ${call}`, back: true },
    ]);
    expect(said({ state: 'paused', reason: 'noAnswer', callReturnedAt })).toHaveLength(2);
  });

  it('a call that went back stands behind the state and before a telephone that takes no calls', () => {
    const kinds = (part: Partial<PresenceView>) =>
      presenceSaid(
        pt,
        presenceOf({ since, callReturnedAt: since, softphone: false, softphoneRefuses: true, ...part }),
        time,
      ).map(({ kind }) => kind);
    expect(kinds({})).toEqual(['call', 'phone']);
    expect(kinds({ state: 'paused', reason: 'noAnswer' })).toEqual(['presence', 'call', 'phone']);
  });

  it('an offer that nobody answered, with the way back', () => {
    expect(said({ state: 'paused', reason: 'noAnswer' })).toEqual([
      { text: pt.notices.noAnswer('14:05'), back: true },
    ]);
  });

  it('nothing for what the person chose, or was made available for, or is not known yet', () => {
    expect(said({ state: 'paused', reason: 'meal' })).toEqual([]);
    expect(said({ state: 'available', by })).toEqual([]);
    expect(presenceSaid(pt, null, time)).toEqual([]);
  });

  it('a telephone that takes no calls, beside whatever else there is, while its person works', () => {
    const refuses = { softphone: false, softphoneRefuses: true } as const;
    expect(said(refuses)).toEqual([{ text: pt.notices.phoneRefuses, back: false }]);
    expect(said({ ...refuses, state: 'paused', reason: 'noAnswer' })).toHaveLength(2);
    expect(said({ ...refuses, state: 'offline' })).toEqual([]);
  });
});

describe('what others read of a state', () => {
  const read = (part: Partial<PresenceView>, t = pt) => {
    const { state, why } = presenceOfOther(t, presenceOf({ since, ...part }));
    return why === null ? state : `${state} (${why})`;
  };

  it('says who or what set it, of each that the person did not choose', () => {
    const lost = { state: 'offline', reason: 'deskLost' } as const;
    expect(read({ ...lost, lostMs: 30_000, returned: 2 })).toBe(
      'Fora (sem conexão por mais de 30 segundos · 2 conversas voltaram para a fila)',
    );
    expect(read(lost)).toBe('Fora (sem conexão por tempo demais)');
    expect(read({ state: 'offline', reason: 'Fim do turno', by, returned: 1 })).toBe(
      'Fora (turno encerrado por Sofia Lima: Fim do turno · 1 conversa voltou para a fila)',
    );
    expect(read({ state: 'offline', by: { id: 's1' } })).toBe(
      `Fora (turno encerrado por ${pt.roles.supervisor})`,
    );
    expect(read({ state: 'paused', reason: 'Reunião às 14h', by })).toBe(
      'Pausa da supervisão (por Sofia Lima: Reunião às 14h)',
    );
    expect(read({ state: 'paused', reason: 'forced', by }, en)).toBe(
      `${en.presence.pause('forced')} (by Sofia Lima)`,
    );
    expect(read({ ...lost, lostMs: 30_000, returned: 1 }, en)).toBe(
      'Offline (no connection for more than 30 seconds · 1 conversation went back to the queue)',
    );
  });

  it('has nothing to add to what was chosen, or to a call that nobody answered', () => {
    expect(read({ state: 'offline' })).toBe('Fora');
    expect(read({ state: 'available', by })).toBe('Disponível');
    expect(read({ state: 'paused', reason: 'meal' })).toBe('Refeição');
    expect(read({ state: 'paused', reason: 'noAnswer' })).toBe('Não atendeu');
  });
});
