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
  const shown = convert(reading, false);
  if (shown.text !== '' || shown.files.length > 0) return shown;
  const all = convert(reading, true);
  return all.text === '' && all.cut ? { ...all, text: wordsOf(html) } : all;
}

/** Of what made too much work before it said anything. */
const wordsOf = (html: string): string =>
  html
    .replace(/<[^<>]*>/g, ' ')
    .replace(/\s+/g, ' ')
    .trim()
    .slice(0, MAX_CHARACTERS);

interface Reading {
  readonly html: string;
  readonly pictureName: (contentId: string) => string | undefined;
  readonly filesBefore: number;
}

function convert({ html, pictureName, filesBefore }: Reading, showHidden: boolean): HtmlText {
  const budget = { left: MAX_CHARACTERS };
  const inline = createInlineFiles(filesBefore);
  const walker = new Walker({ budget, inline, pictureName, showHidden });
  const all = readTokens(html, walker, MAX_STEPS);
  const text = walker.finish().join('\n').trimEnd();
  return { text, files: inline.files, filesLeft: inline.left, cut: !all || budget.left < 0 };
}
