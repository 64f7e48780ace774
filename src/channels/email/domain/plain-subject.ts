/** Without accents and case, cut: how subjects are compared. */
export const plainSubject = (subject: string): string =>
  subject.slice(0, 200).normalize('NFD').replace(/\p{M}/gu, '').toLowerCase().trim();

/** Gateways put these before a subject: where the mail came from, what they think of it. */
const GATEWAY = [
  '[[({][^\\])}]{0,40}?\\b(?:ext(?:ern(?:[ao]|al)?)?|spam|junk|bulk|suspe(?:ct|it[ao])|phishing|cuidado|caution|warning)\\b[^\\])}]{0,40}[\\])}]',
  '\\*{2,5}[^*]{1,40}\\*{2,5}',
  '(?:extern(?:[ao]|al)|spam)\\s*:',
].join('|');
const GATEWAYS = new RegExp(`^(?:\\s*(?:${GATEWAY})){1,5}\\s*`);

/** A plain subject as its writer began it. */
export const withoutGateways = (plain: string): string => plain.replace(GATEWAYS, '');

/** What answers and forwards begin with, in the languages of mail programs. */
export const REPLY_MARK = '(?:re|res|resp|enc|fwd?|aw|sv|antw|odp|ynt|vs|rv|tr)(?:\\[\\d{1,3}\\])?\\s*[:：]';
const ANSWERED = new RegExp(`(?<![\\p{L}\\d])${REPLY_MARK}.*$`, 'su');

/** What its writer put before the subject that a mail answers; all of one that answers nothing. */
export const ownWords = (plain: string): string => plain.replace(ANSWERED, '').trim();
