import type { PresenceView } from '../../../src/contracts/realtime.ts';
import type { Dictionary } from '../i18n/index.ts';

/** One line about the own presence or phone. `back`: being available again is one press away. */
export interface PresenceSaid {
  kind: 'presence' | 'phone' | 'call';
  text: string;
  back: boolean;
  /** It was read: it may go, although what it tells of lasts. */
  closes: boolean;
}

/** A state that the person did not choose says who set it, why and since when; a phone that takes no calls says so. */
export function presenceSaid(
  t: Dictionary,
  presence: PresenceView | null,
  time: (iso: string) => string,
): PresenceSaid[] {
  if (presence === null) return [];
  const phone: PresenceSaid[] =
    presence.softphoneRefuses === true && presence.state !== 'offline'
      ? [{ kind: 'phone', text: t.notices.phoneRefuses, back: false, closes: false }]
      : [];
  const state = stateSaid(t, presence, time(presence.since));
  const { callReturnedAt } = presence;
  if (callReturnedAt === undefined) return state === null ? phone : [state, ...phone];
  const call = t.notices.callReturned(time(callReturnedAt));
  // A lost desk tells all that went back with it.
  if (state?.closes === true) return [{ ...state, text: `${state.text} ${call}` }, ...phone];
  const own: PresenceSaid = { kind: 'call', text: call, back: false, closes: true };
  return state === null ? [own, ...phone] : [state, own, ...phone];
}

const secondsOf = (ms: number | undefined): number | null =>
  ms === undefined ? null : Math.round(ms / 1000);
/** What the supervisor typed; `forced` stands for nothing. */
const typedReason = (reason: string | undefined): string => (reason === 'forced' ? '' : (reason ?? ''));

function stateSaid(t: Dictionary, presence: PresenceView, at: string): PresenceSaid | null {
  const { state, reason, by, returned = 0 } = presence;
  const withReturned = (text: string): string =>
    returned === 0 ? text : `${text} ${t.notices.returned(returned)}`;
  if (by !== undefined && state !== 'available') {
    const text = withReturned(
      t.notices.forced[state](by.name ?? t.roles.supervisor, typedReason(reason), at),
    );
    return { kind: 'presence', text, back: false, closes: false };
  }
  if (state === 'offline' && reason === 'deskLost') {
    return {
      kind: 'presence',
      text: withReturned(t.notices.deskLost(secondsOf(presence.lostMs), at)),
      back: true,
      closes: true,
    };
  }
  if (state !== 'paused' || reason !== 'noAnswer') return null;
  return { kind: 'presence', text: t.notices.noAnswer(at), back: true, closes: false };
}

/** The pause in a word or two; one that a supervisor set is none of the list, whatever reason was typed. */
export const pauseOf = (t: Dictionary, { by, reason }: Pick<PresenceView, 'by' | 'reason'>): string =>
  t.presence.pause(by === undefined ? reason : 'forced');

/** What others read of the state: its name, and, where the person did not choose it, who or what did. */
export function presenceOfOther(
  t: Dictionary,
  presence: PresenceView,
): { state: string; why: string | null } {
  const { state, returned = 0 } = presence;
  if (state === 'available') return { state: t.presence.available, why: null };
  const why = causeOf(t, state, presence);
  return {
    state: state === 'paused' ? pauseOf(t, presence) : t.presence[state],
    why: why === null || returned === 0 ? why : `${why} · ${t.board.returned(returned)}`,
  };
}

function causeOf(
  t: Dictionary,
  state: 'paused' | 'offline',
  { by, reason, lostMs }: PresenceView,
): string | null {
  if (by !== undefined) return t.board.setBy[state](by.name ?? t.roles.supervisor, typedReason(reason));
  return state === 'offline' && reason === 'deskLost' ? t.board.deskLost(secondsOf(lostMs)) : null;
}
