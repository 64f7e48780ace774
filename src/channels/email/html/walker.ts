import { APART, BLOCK, EMPTY, EXACT, IMPLIED, MUTED, TABULAR, WALLS } from './elements.ts';
import { addressBehind } from './links.ts';
import { Lists } from './lists.ts';
import type { Budget, Paper } from './paper.ts';
import { inputWords, isDot, pictureWords } from './embedded.ts';
import type { InlineFiles } from './pictures.ts';
import { Sheet } from './sheet.ts';
import { createLooks, type Look } from './style.ts';
import { Tables } from './tables.ts';
import type { Tag, TokenHandler } from './tokens.ts';

export interface WalkerOptions {
  readonly budget: Budget;
  readonly inline: InlineFiles;
  readonly pictureName: (contentId: string) => string | undefined;
  readonly showHidden: boolean;
  /** Is given what stands in the text for pictures and behind links. */
  readonly added: Set<string>;
}

/** An open element that changes how its content reads. */
interface Entry {
  readonly name: string;
  readonly hidden: boolean;
  readonly muted: boolean;
  readonly exact: boolean | undefined;
  readonly script: Script | undefined;
  readonly end: (() => void) | undefined;
}
type Script = 'sup' | 'sub';

const MAX_DEPTH = 100;
/** Columns, or rows, of one cell. */
const MAX_SPAN = 50;
const MAX_LINK_WORDS = 2000;
const SMALL: Readonly<Record<Script, string>> = { sup: '⁰¹²³⁴⁵⁶⁷⁸⁹', sub: '₀₁₂₃₄₅₆₇₈₉' };
const STRUCK: ReadonlySet<string> = new Set(['s', 'strike', 'del']);

/**
 * Turns tags and words into lines. Only elements that change something are kept open (a plain `<div>` is two line breaks), so that
 * the depth of ordinary nesting costs nothing; beyond MAX_DEPTH elements lose their meaning, and their words stay.
 */
export class Walker implements TokenHandler {
  readonly #options: WalkerOptions;
  readonly #tables: Tables;
  readonly #lists = new Lists();
  readonly #sheet = new Sheet();
  readonly #lookOf = createLooks(this.#sheet);
  readonly #stack: Entry[] = [];
  /** How many of a name are open, and how many were opened beyond the depth. */
  readonly #open = new Map<string, number>();
  readonly #beyond = new Map<string, number>();
  #hidden = 0;
  #muted = 0;
  #metHidden = false;
  #exact = false;
  #script: Script | undefined;
  #link: { readonly href: string; words: string } | undefined;
  /** What relative addresses begin with. */
  #base: string | undefined;
  /** A mark that stands before the next word, if there is one. */
  #mark = '';
  #afterPre = false;
  /** The paragraph that was begun last has no distance to its neighbours. */
  #tight = false;

  constructor(options: WalkerOptions) {
    this.#options = options;
    this.#tables = new Tables(options.budget);
  }

  open(tag: Tag): void {
    const { name } = tag;
    this.#afterPre = false;
    this.#imply(name);
    if (EMPTY.has(name)) {
      this.#empty(tag);
      return;
    }
    const look = this.#lookOf(tag);
    if (name === 'p') this.#tight = look.tight;
    this.#break(name, look.tight);
    if (this.#stack.length >= MAX_DEPTH) {
      this.#beyond.set(name, (this.#beyond.get(name) ?? 0) + 1);
      return;
    }
    const entry: Entry = {
      name,
      hidden: look.hidden,
      muted: MUTED.has(name),
      exact: EXACT.has(name) ? true : look.exact,
      script: name === 'sup' || name === 'sub' ? name : undefined,
      end: this.#beginBlock(tag, look) ?? this.#beginInline(tag, look),
    };
    // One without meaning is kept only to tell its end from that of an outer one.
    if (changes(entry) || (this.#open.get(name) ?? 0) > 0) this.#push(entry);
    this.#afterPre = EXACT.has(name);
  }

  close(name: string): void {
    this.#afterPre = false;
    if (name === 'br') {
      this.#paper.newLine();
      return;
    }
    const beyond = this.#beyond.get(name) ?? 0;
    if (beyond > 0) this.#beyond.set(name, beyond - 1);
    else if ((this.#open.get(name) ?? 0) > 0) this.#closeNearest(name);
    this.#break(name, name === 'p' && this.#tight);
  }

  text(given: string): void {
    const text = this.#afterPre ? given.replace(/^\r?\n/, '') : given;
    this.#afterPre = false;
    if (this.#stack.at(-1)?.name === 'style') this.#sheet.text(given);
    if (this.#isQuiet) return;
    if (this.#exact) {
      this.#beforeWords(text);
      this.#paper.exact(text);
    } else this.#words(text);
    this.#toLink(text);
  }

  /** The sender hid something from the reader. */
  get metHidden(): boolean {
    return this.#metHidden;
  }
  get full(): boolean {
    return this.#options.budget.left < 0;
  }

  finish(): string[] {
    while (this.#stack.length > 0) this.#popTo(this.#stack.length - 1);
    return this.#paper.finish();
  }

  get #paper(): Paper {
    return this.#tables.paper;
  }
  get #isQuiet(): boolean {
    return this.#muted > 0 || (this.#hidden > 0 && !this.#options.showHidden);
  }

  #words(text: string): void {
    this.#beforeWords(text);
    const script = this.#script;
    const small =
      script === undefined ? text : text.replace(/\d/g, (digit) => SMALL[script][Number(digit)] ?? digit);
    this.#paper.words(small);
  }
  #beforeWords(text: string): void {
    if (this.#mark === '' || text.trim() === '') return;
    if (/^\s/.test(text)) this.#paper.words(' ');
    this.#paper.words(this.#mark);
    this.#mark = '';
  }
  #toLink(text: string): void {
    if (this.#link !== undefined && this.#link.words.length < MAX_LINK_WORDS)
      this.#link.words += text.slice(0, MAX_LINK_WORDS);
  }

  #imply(name: string): void {
    const implied = IMPLIED[name];
    if (implied !== undefined) {
      const at = this.#stack.findLastIndex(
        (entry) => implied.closes.has(entry.name) || implied.within.has(entry.name),
      );
      if (at >= 0 && implied.closes.has(this.#stack[at]?.name ?? '')) this.#popTo(at);
    }
    if (name === 'a' && (this.#open.get('a') ?? 0) > 0) this.#closeNearest('a');
  }

  #break(name: string, tight: boolean): void {
    if (APART.has(name) && !tight) this.#paper.paragraph();
    else if (BLOCK.has(name)) this.#paper.block();
  }

  /** What an element does to the lines of its content, and what its end undoes. */
  #beginBlock(tag: Tag, look: Look): (() => void) | undefined {
    switch (tag.name) {
      case 'blockquote':
        return look.borderless ? this.#indent('  ', '  ') : this.#indent('> ', '> ');
      case 'dd':
        return this.#indent('  ', '  ');
      case 'ul':
      case 'ol':
        return this.#list(tag);
      case 'li': {
        const marker = this.#lists.marker(tag);
        return this.#indent(marker, ' '.repeat(marker.length));
      }
      case 'table':
        return this.#tables.table();
      case 'tr':
        return this.#tables.row();
      case 'td':
      case 'th':
        return this.#tables.cell(spanOf(tag.attribute('colspan')), spanOf(tag.attribute('rowspan')));
      default:
        return undefined;
    }
  }
  #beginInline(tag: Tag, look: Look): (() => void) | undefined {
    const { name, attribute } = tag;
    if (name === 'a') return this.#linkTo(tag);
    if (name === 'style') return () => this.#sheet.end(attribute('media'));
    if (name === 'object') this.#embedded(attribute('data'), attribute('name'));
    if (name === 'iframe') this.#embedded(attribute('src'), attribute('name'));
    if (name === 'q' && !this.#isQuiet) {
      this.#words('“');
      return () => this.#paper.words('”');
    }
    return STRUCK.has(name) || look.struck ? this.#strike() : undefined;
  }

  #indent(first: string, rest: string): () => void {
    const paper = this.#paper;
    paper.indent(first, rest);
    return () => paper.outdent();
  }
  #list(tag: Tag): () => void {
    const paper = this.#paper;
    const apart = this.#lists.some ? () => paper.block() : () => paper.paragraph();
    apart();
    this.#lists.begin(tag);
    return () => {
      this.#lists.end();
      apart();
    };
  }
  /** A price that no longer holds reads `~R$ 100~`, as people write it in chats. */
  #strike(): () => void {
    if (this.#isQuiet || this.#mark !== '') return () => undefined;
    this.#mark = '~';
    return () => {
      if (this.#mark === '') this.#paper.words('~');
      this.#mark = '';
    };
  }
  #linkTo({ attribute }: Tag): (() => void) | undefined {
    const href = attribute('href');
    if (href === undefined || this.#isQuiet) return () => undefined;
    const link = { href, words: '' };
    this.#link = link;
    return () => {
      this.#link = undefined;
      const { words } = link;
      const name = this.#options.inline.take(href, attribute('download'));
      const behind = name ?? addressBehind(href, words, this.#base);
      if (behind === undefined) return;
      const told = name !== undefined ? `[${name}]` : words.trim() === '' ? behind : `(${behind})`;
      this.#options.added.add(told);
      this.#paper.words(`${words.trim() === '' ? '' : ' '}${told}${/\s$/.test(words) ? ' ' : ''}`);
    };
  }
  #embedded(address: string | undefined, wanted: string | undefined): void {
    const name =
      address === undefined || this.#isQuiet ? undefined : this.#options.inline.take(address, wanted);
    if (name === undefined) return;
    this.#options.added.add(`[${name}]`);
    this.#paper.words(` [${name}] `);
  }

  #empty(tag: Tag): void {
    const { name, attribute } = tag;
    if (name === 'br') this.#paper.newLine();
    else if (name === 'hr') this.#rule();
    else if (name === 'base') this.#base ??= attribute('href');
    else if (this.#isQuiet) return;
    else if (this.#lookOf(tag).hidden) this.#metHidden = true;
    else if (name === 'img' || name === 'image') {
      if (isDot(tag)) return;
      const told = pictureWords(tag, this.#options);
      if (told.startsWith(' [')) this.#options.added.add(told.trim());
      this.#words(told);
      this.#toLink(told);
    } else if (name === 'embed') this.#embedded(attribute('src'), undefined);
    else if (name === 'input') this.#words(inputWords(tag));
  }
  #rule(): void {
    this.#paper.block();
    if (this.#isQuiet) return;
    this.#paper.words('----------');
    this.#paper.block();
  }

  #push(entry: Entry): void {
    this.#stack.push(entry);
    this.#open.set(entry.name, (this.#open.get(entry.name) ?? 0) + 1);
    this.#hidden += entry.hidden ? 1 : 0;
    this.#muted += entry.muted ? 1 : 0;
    if (entry.hidden) this.#metHidden = true;
    this.#exact = entry.exact ?? this.#exact;
    this.#script = entry.script ?? this.#script;
  }
  /** What a cell holds, a closing tag in it cannot reach beyond; what only colours words closes nothing but itself. */
  #closeNearest(name: string): void {
    const tabular = TABULAR.has(name);
    const at = this.#stack.findLastIndex(
      (one) => one.name === name || (tabular ? one.name === 'table' : WALLS.has(one.name)),
    );
    if (this.#stack[at]?.name !== name) return;
    if (BLOCK.has(name)) this.#popTo(at);
    else this.#remove(at);
  }
  #popTo(at: number): void {
    while (this.#stack.length > at) this.#remove(this.#stack.length - 1);
  }
  #remove(at: number): void {
    const [entry] = this.#stack.splice(at, 1);
    if (entry === undefined) return;
    this.#open.set(entry.name, (this.#open.get(entry.name) ?? 0) - 1);
    if (BLOCK.has(entry.name)) this.#paper.block();
    entry.end?.();
    this.#hidden -= entry.hidden ? 1 : 0;
    this.#muted -= entry.muted ? 1 : 0;
    if (entry.exact !== undefined || entry.script !== undefined) this.#lookAround();
  }
  /** Walks over all that is open: only when one leaves that had a say. */
  #lookAround(): void {
    this.#exact = this.#stack.findLast((entry) => entry.exact !== undefined)?.exact ?? false;
    this.#script = this.#stack.findLast((entry) => entry.script !== undefined)?.script;
  }
}

const changes = ({ hidden, muted, exact, script, end }: Entry): boolean =>
  hidden || muted || exact !== undefined || script !== undefined || end !== undefined;

function spanOf(given: string | undefined): number {
  const span = Number(given ?? 1);
  return Number.isInteger(span) && span > 0 ? Math.min(span, MAX_SPAN) : 1;
}
