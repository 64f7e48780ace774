import { createInlineFiles, type InlineFile } from './pictures.ts';
import { readTokens } from './tokens.ts';
import { Walker } from './walker.ts';

export interface HtmlText {
  readonly text: string;
  /** Files that stood inside the HTML as `data:` addresses. */
  readonly files: readonly InlineFile[];
  /** Files of that kind beyond the limits. */
  readonly filesLeft: number;
  /** True: there was more than is shown. */
  readonly cut: boolean;
  /** What stands in the text for pictures (`[print.png]`) and behind links (`(https://…)`), and no word of the writer's. */
  readonly added: readonly string[];
}

const MAX_STEPS = 1_000_000;
const MAX_CHARACTERS = 250_000;

/**
 * HTML as a person reads it: the words with their case, cells apart, links with where they lead, lists, quotations, pictures by name.
 * Linear in the length of the HTML, bounded in depth, steps and output, whatever a stranger wrote.
 * What the sender hid from the reader (previews of newsletters, a variant for other screens) is left out, unless there is nothing else.
 */
export function htmlToText(
  html: string,
  /** Of a picture that came with the mail, by its Content-ID. */
  pictureName: (contentId: string) => string | undefined = () => undefined,
  /** Files of other parts of the mail that have such names already. */
  filesBefore = 0,
): HtmlText {
  const reading = { html, pictureName, filesBefore };
  const { hid, ...shown } = convert(reading, false);
  if (shown.text !== '' || shown.files.length > 0) return shown;
  const all = hid ? convert(reading, true) : shown;
  return all.text === '' && all.cut ? { ...all, text: wordsOf(html) } : all;
}

/** Of what made too much work before it said anything: what stands outside of the brackets, looked at once. */
function wordsOf(html: string): string {
  const words: string[] = [];
  let left = MAX_CHARACTERS;
  let close = -1;
  const add = (from: number, to: number): void => {
    const piece = html
      .slice(from, Math.min(to, from + left))
      .replace(/\s+/g, ' ')
      .trim();
    if (piece === '') return;
    words.push(piece);
    left -= piece.length + 1;
  };
  for (let at = 0; at < html.length && left > 0; ) {
    const found = html.indexOf('<', at);
    const open = found < 0 ? html.length : found;
    add(at, open);
    if (close < open) close = html.indexOf('>', open);
    // Nothing closes any more: brackets are signs.
    if (close < 0) {
      add(open, html.length);
      break;
    }
    const next = html.indexOf('<', open + 1);
    const isTag = next < 0 || next > close;
    if (!isTag) add(open, next);
    at = isTag ? close + 1 : next;
  }
  return words.join(' ').slice(0, MAX_CHARACTERS);
}

interface Reading {
  readonly html: string;
  readonly pictureName: (contentId: string) => string | undefined;
  readonly filesBefore: number;
}

function convert(
  { html, pictureName, filesBefore }: Reading,
  showHidden: boolean,
): HtmlText & { hid: boolean } {
  const budget = { left: MAX_CHARACTERS };
  const inline = createInlineFiles(filesBefore);
  const added = new Set<string>();
  const walker = new Walker({ budget, inline, pictureName, showHidden, added });
  const all = readTokens(html, walker, MAX_STEPS);
  const text = walker.finish().join('\n').trimEnd();
  return {
    text,
    files: inline.files,
    filesLeft: inline.left,
    added: [...added],
    cut: !all || budget.left < 0,
    hid: walker.metHidden,
  };
}
