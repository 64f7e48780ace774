import type { RegistrationView } from '../../../src/contracts/trunk.ts';
import type { Dictionary } from '../i18n/index.ts';
import type { Formats } from '../ui/format.ts';

export interface Told {
  tone: 'good' | 'warn' | 'bad';
  text: string;
  /** What there is to do or to wait for. */
  more: string;
}

/** The state of a registration, in words that say what to do. */
export function registrationWords(t: Dictionary, format: Formats, at: RegistrationView): Told {
  const words = t.trunks.states;
  const since = format.dateTime(at.since);
  const time = (iso: string | undefined): string => (iso === undefined ? '—' : format.dateTime(iso));
  switch (at.state) {
    case 'registered':
      return { tone: 'good', text: words.registered(since), more: words.renews(time(at.expiresAt)) };
    case 'registering':
      return { tone: 'warn', text: words.registering(since), more: '' };
    case 'failed': {
      const { status = 0, reason = '' } = at;
      const text =
        status === 408
          ? words.silent(since)
          : status === 503 && reason === 'Unreachable'
            ? words.unreachable(since)
            : words.refused(`${String(status)} ${reason}`.trim(), since);
      const why: string | undefined = words.why[String(status)];
      return { tone: 'bad', text, more: [why, words.retries(time(at.retryAt))].filter(Boolean).join(' ') };
    }
  }
}
