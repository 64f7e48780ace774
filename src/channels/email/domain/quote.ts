import { localDate } from './words.ts';

/** More than this of the other side's words says nothing new. */
const MAX_QUOTED = 8000;
const MAX_LINES = 200;

export interface Quoted {
  readonly text: string;
  readonly at: Date;
  readonly name: string | undefined;
  readonly address: string;
}

/** Our answer with the words that it answers below it (RFC 3676 §4.5: `>` before each line). */
export function withQuote(text: string, quoted: Quoted | undefined, timeZone: string): string {
  if (quoted === undefined || quoted.text.trim() === '') return text;
  const who = quoted.name === undefined ? quoted.address : `${quoted.name} <${quoted.address}>`;
  const cut = quoted.text.slice(0, MAX_QUOTED).split('\n');
  const lines = cut.slice(0, MAX_LINES).map((line) => (line.startsWith('>') ? `>${line}` : `> ${line}`));
  const more = quoted.text.length > MAX_QUOTED || cut.length > MAX_LINES ? ['> […]'] : [];
  return [
    `${text.trimEnd()}\n`,
    `Em ${localDate(quoted.at, timeZone)}, ${who} escreveu:`,
    ...lines,
    ...more,
  ].join('\n');
}
