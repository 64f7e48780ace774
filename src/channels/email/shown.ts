import { sayTheSame, type Rendering } from './domain/renderings.ts';
import { htmlToText, type HtmlText } from './html/index.ts';
import type { Content, MailNotice, Words } from './mime/content.ts';
import type { ParsedAttachment } from './parse.ts';

/** Long enough for everything that is shown, and no more work than that. */
const ENOUGH_TEXT = 400_000;

export interface Shown {
  readonly text: string;
  /** Of the renderings that say something else than the text; empty: none does. */
  readonly otherText: string;
  readonly files: readonly ParsedAttachment[];
  readonly notices: readonly MailNotice[];
}

/** The words of a mail as a person reads them. */
export function shownOf({ words, choices, files: named }: Content): Shown {
  const names = new Map(named.flatMap(({ id, filename }) => (id === undefined ? [] : [[id, filename]])));
  const files: ParsedAttachment[] = [];
  const notices = new Set<MailNotice>();
  const known = new Map<Words, HtmlText>();
  const readOne = (one: Words): HtmlText => {
    const before = known.get(one);
    if (before !== undefined) return before;
    const read =
      one.kind === 'html' ? htmlToText(one.text, (id) => names.get(id), files.length) : plainly(one.text);
    files.push(...read.files);
    if (read.filesLeft > 0) notices.add('picturesLeft');
    known.set(one, read);
    return read;
  };
  const textOf = (some: readonly Words[]): Rendering & { readonly cut: boolean } => {
    const shown: string[] = [];
    const added: string[] = [];
    let length = 0;
    let cut = false;
    for (const one of some) {
      if (length > ENOUGH_TEXT) break;
      const read = readOne(one);
      if (read.cut) cut = true;
      added.push(...read.added);
      const text = read.text.trimEnd();
      if (text.trim() === '') continue;
      shown.push(text);
      length += text.length;
    }
    return { text: shown.join('\n\n'), added, cut };
  };
  const { text, cut } = textOf(words);
  if (cut) notices.add('textCut');
  const others: string[] = [];
  let compared = 0;
  for (const choice of choices) {
    const said: Rendering[] = [textOf(choice.shown)];
    for (const other of choice.others) {
      if (compared++ >= MAX_COMPARED) notices.add('textCut');
      if (compared > MAX_COMPARED) break;
      const one = textOf(other);
      if (one.text === '' || said.some((before) => sayTheSame(before, one))) continue;
      said.push(one);
      others.push(one.text);
      if (one.cut) notices.add('textCut');
    }
  }
  if (others.length > 0) notices.add('renderingsDiffer');
  return { text, otherText: others.join('\n\n'), files, notices: [...notices] };
}

/** Renderings of one mail that are compared: nobody means more. */
const MAX_COMPARED = 10;

const plainly = (text: string): HtmlText => ({ text, files: [], filesLeft: 0, cut: false, added: [] });
