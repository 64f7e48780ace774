import type { PresenceView } from '../../../src/contracts/realtime.ts';
import type { Dictionary } from '../i18n/index.ts';

/** One line about the own presence or phone. `back`: being available again is one press away. */
export interface PresenceSaid {
  kind: 'presence' | 'phone';
  text: string;
  back: boolean;
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
      ? [{ kind: 'phone', text: t.notices.phoneRefuses, back: false }]
      : [];
  const state = stateSaid(t, presence, time(presence.since));
  return state === null ? phone : [state, ...phone];
}

function stateSaid(t: Dictionary, { state, reason, by }: PresenceView, at: string): PresenceSaid | null {
  if (by !== undefined && state !== 'available') {
    const why = reason === undefined || reason === 'forced' ? '' : reason;
    const text = t.notices.forced[state](by.name ?? t.roles.supervisor, why, at);
    return { kind: 'presence', text, back: false };
  }
  if (state !== 'paused' || reason !== 'noAnswer') return null;
  return { kind: 'presence', text: t.notices.noAnswer(at), back: true };
}
