import { hides } from './style.ts';
import type { Tag } from './tokens.ts';

/** A rule that shows or hides: the heavier one counts, and of equal ones the last. */
interface Rule {
  readonly hidden: boolean;
  readonly weight: number;
  readonly important: boolean;
}

/** Of all style sheets of a mail: more than newsletters have. */
const MAX_CHARACTERS = 200_000;
const MAX_RULES = 5000;
const MAX_CLASSES = 30;
/** `.preview`, `#preview`, `div.preview`: what else chooses elements says more than a reader of words can know. */
const SIMPLE = /^([a-z][a-z\d]{0,19})?([.#])(-?[_a-z][\w-]{0,79})$/i;
/** Rules for narrow screens, printers and dark rooms are not for somebody at a desk. */
const FOR_ALL = /^(?:|all|screen)$/i;

/** What the style sheets of a mail hide. Each character is looked at a fixed number of times; conditions (`@media`) are passed over. */
export class Sheet {
  readonly #rules = new Map<string, Rule>();
  #pieces: string[] = [];
  #left = MAX_CHARACTERS;
  #count = 0;

  /** A piece of a sheet that is open. */
  text(piece: string): void {
    const kept = piece.slice(0, this.#left);
    this.#left -= kept.length;
    if (kept !== '') this.#pieces.push(kept);
  }
  /** The sheet is whole; `media`: what it is for. */
  end(media: string | undefined): void {
    const css = this.#pieces.join('');
    this.#pieces = [];
    if (FOR_ALL.test((media ?? '').trim())) for (const rule of rulesOf(withoutComments(css))) this.#add(rule);
  }
  hides({ name, attribute }: Tag): boolean {
    if (this.#rules.size === 0) return false;
    const keys = [
      ...(attribute('class') ?? '').split(/\s+/, MAX_CLASSES).map((one) => `.${one}`),
      `#${attribute('id') ?? ''}`,
    ];
    let best: Rule | undefined;
    for (const key of keys)
      for (const rule of [this.#rules.get(key), this.#rules.get(`${name}${key}`)])
        if (rule !== undefined && (best === undefined || rule.weight > best.weight)) best = rule;
    if (best?.hidden !== true) return false;
    // What an element says of itself outweighs the sheet.
    return best.important || !/(?:^|;)\s*display\s*:\s*(?!none)/i.test(attribute('style') ?? '');
  }

  #add({ selectors, declarations }: { readonly selectors: string; readonly declarations: string }): void {
    const style = declarations.toLowerCase().replace(/\s+/g, '');
    const important = style.includes('!important');
    const hidden = hides(style.replaceAll('!important', ''));
    if (!hidden && !/(?:^|;)display:/.test(style)) return;
    for (const selector of selectors.split(',')) {
      const [, tag = '', sign = '', word = ''] = SIMPLE.exec(selector.trim()) ?? [];
      if (sign === '' || this.#count >= MAX_RULES) continue;
      this.#count += 1;
      const rank = (important ? 4 : 0) + (sign === '#' ? 2 : 0) + (tag === '' ? 0 : 1);
      const rule = { hidden, important, weight: rank * MAX_RULES + this.#count };
      const key = `${tag.toLowerCase()}${sign}${word}`;
      const before = this.#rules.get(key);
      if (before === undefined || before.weight < rule.weight) this.#rules.set(key, rule);
    }
  }
}

function withoutComments(css: string): string {
  const kept: string[] = [];
  for (let at = 0; at < css.length; ) {
    const open = css.indexOf('/*', at);
    kept.push(css.slice(at, open < 0 ? css.length : open));
    const close = open < 0 ? -1 : css.indexOf('*/', open + 2);
    at = close < 0 ? css.length : close + 2;
  }
  // Old programs hide sheets from older ones.
  return kept.join(' ').replaceAll('<!--', ' ').replaceAll('-->', ' ');
}

/** Rules that hold always: a block behind `@` is passed over with everything in it. */
function* rulesOf(css: string): Generator<{ readonly selectors: string; readonly declarations: string }> {
  for (let at = 0; at < css.length; ) {
    const open = css.indexOf('{', at);
    if (open < 0) return;
    const prelude = css.slice(at, open);
    // `@import …;` and `@charset …;` stand before it.
    const selectors = prelude.slice(prelude.lastIndexOf(';') + 1).replace(/^[\s}]+/, '');
    const end = selectors.startsWith('@') ? blockEnd(css, open) : css.indexOf('}', open);
    if (end < 0) return;
    if (!selectors.startsWith('@')) yield { selectors, declarations: css.slice(open + 1, end) };
    at = end + 1;
  }
}

function blockEnd(css: string, open: number): number {
  let depth = 0;
  for (let at = open; at < css.length; at++) {
    const char = css[at];
    if (char === '{') depth += 1;
    if (char === '}') depth -= 1;
    if (depth === 0) return at;
  }
  return -1;
}
