import type { PresenceView } from '../../../src/contracts/realtime.ts';
import type { Dictionary } from '../i18n/index.ts';

/** One line about the own presence or phone. `back`: being available again is one press away. */
export interface PresenceSaid {
  kind: 'presence' | 'phone';
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
  return state === null ? phone : [state, ...phone];
}

function stateSaid(t: Dictionary, presence: PresenceView, at: string): PresenceSaid | null {
  const { state, reason, by, returned = 0 } = presence;
  const withReturned = (text: string): string =>
    returned === 0 ? text : `${text} ${t.notices.returned(returned)}`;
  if (by !== undefined && state !== 'available') {
    const why = reason === undefined || reason === 'forced' ? '' : reason;
    const text = withReturned(t.notices.forced[state](by.name ?? t.roles.supervisor, why, at));
    return { kind: 'presence', text, back: false, closes: false };
  }
  if (state === 'offline' && reason === 'deskLost') {
    const seconds = presence.lostMs === undefined ? null : Math.round(presence.lostMs / 1000);
    return {
      kind: 'presence',
      text: withReturned(t.notices.deskLost(seconds, at)),
      back: true,
      closes: true,
    };
  }
  if (state !== 'paused' || reason !== 'noAnswer') return null;
  return { kind: 'presence', text: t.notices.noAnswer(at), back: true, closes: false };
}
