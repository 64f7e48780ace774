import planer from 'planer';

/** A mail's own words, and what it repeats of earlier ones. */
export interface Folded {
  readonly words: string;
  readonly quoted: string;
}

/**
 * planer's rules decide about marked lines; the marks are ours. Its own patterns are cubic in the length of a line (a mail of 2 kB
 * can hold the page for minutes), and they know no Portuguese. Here each line is looked at once, and at most so many of them.
 */
const MAX_LINES = 300;
const MAX_LINE = 400;

export function foldQuotes(text: string): Folded {
  const lines = text.split('\n');
  const seen = lines.slice(0, MAX_LINES);
  const cut: { wereLinesDeleted?: boolean; firstLine?: number; lastLine?: number } = {};
  planer.processMarkedLines([...seen], markersOf(seen), cut);
  if (cut.wereLinesDeleted !== true) return { words: text, quoted: '' };
  const first = cut.firstLine ?? 0;
  const last = Math.min(cut.lastLine ?? seen.length, seen.length);
  // A quotation that reaches the last line looked at goes on to the end.
  const rest = last === seen.length ? [] : lines.slice(last);
  const words = [...lines.slice(0, first), ...rest].join('\n').trim();
  // A mail that says nothing of its own is shown as it is.
  if (words === '') return { words: text, quoted: '' };
  return {
    words,
    quoted: lines
      .slice(first, last === seen.length ? undefined : last)
      .join('\n')
      .trim(),
  };
}

function markersOf(lines: readonly string[]): string {
  const short = lines.map((line) => line.slice(0, MAX_LINE).trim());
  const marks: string[] = [];
  while (marks.length < short.length) {
    const at = marks.length;
    const line = short[at] ?? '';
    const split = splitterAt(short, at);
    if (split > 0) marks.push(...Array.from({ length: split }, () => 's'));
    else if (line === '') marks.push('e');
    else if (line.startsWith('>')) marks.push('m');
    else marks.push(FORWARDED.test(line) ? 'f' : 't');
  }
  return marks.join('');
}

const FORWARDED = /^-{3,20} ?(?:Forwarded message|Mensagem encaminhada|Mensaje reenviado) ?-{3,20}$/i;
const ORIGINAL =
  /^-{2,20} ?(?:Original Message|Reply Message|Mensagem original|Mensagem Original|Mensaje original) ?-{2,20}$/i;
const INTRODUCES = /^(?:Em|On|El|Le|Am|No dia) /;
const WROTE = /(?:escreveu|wrote|escribió|a écrit|schrieb) ?:$/i;
const FROM = /^\*?(?:De|From) ?:\*? \S/i;
const OTHER_HEADER =
  /^\*?(?:Enviad[ao](?: em| el)?|Sent|Data|Date|Fecha|Para|To|Cc|Assunto|Subject|Asunto) ?:\*?(?: |$)/i;

/** How many lines from here introduce a quotation: "Em … escreveu:", a line of dashes, Outlook's block of headers. */
function splitterAt(lines: readonly string[], at: number): number {
  const line = lines[at] ?? '';
  if (ORIGINAL.test(line) || /^_{10,}$/.test(line)) return 1;
  if (INTRODUCES.test(line))
    for (const length of [1, 2, 3]) if (WROTE.test(lines[at + length - 1] ?? '')) return length;
  if (!FROM.test(line)) return 0;
  let end = at + 1;
  while (end < at + 6 && OTHER_HEADER.test(lines[end] ?? '')) end += 1;
  // A customer who writes "De: segunda a sexta" is no header.
  return end - at >= 3 ? end - at : 0;
}
