/** What may still be written; shared by all papers of one mail. */
export interface Budget {
  left: number;
}

interface Level {
  readonly first: string;
  readonly rest: string;
  used: boolean;
}

/** Quotes and lists deeper than this are not set in any further. */
const MAX_PREFIX = 40;
const SPACES = /[ \t\n\f\r\u00a0]+/g;
/** A line that goes through many tables is set in many times: all of that together. */
const MAX_PREFIXES = 200_000;
/** Fillers of newsletters: characters that take no room, alone between spaces. Inside a word (an emoji, Persian) they mean something. */
const FILLERS = /[\u00ad\u034f\u2007\u200b\u2060\ufeff]/g;
const LONE_JOINERS = /(^|\s)[\u200c\u200d]+(?=\s|$)/g;

/** Lines under construction: white space as HTML means it, a break made once however often it is asked for. */
export class Paper {
  readonly #out: string[] = [];
  readonly #levels: Level[] = [];
  readonly #budget: Budget;
  #prefixLength = 0;
  #line = '';
  #space = false;
  /** The line holds a space that does not collapse: it stands for an empty line. */
  #held = false;
  #blank = false;
  /** How far out the text was since the last line: an empty line belongs to the outermost. */
  #lowest = 0;

  constructor(budget: Budget) {
    this.#budget = budget;
  }

  /** True where a line begins. */
  get fresh(): boolean {
    return this.#line === '';
  }

  words(text: string): void {
    for (const piece of piecesOf(text)) if (this.#budget.left > 0) this.#collapsed(piece);
  }
  /** Preformatted: spaces and line breaks count. */
  exact(text: string): void {
    const lines = text.replace(/\r\n?/g, '\n').replaceAll('\u00a0', ' ').split('\n');
    for (const [at, line] of lines.entries()) {
      if (this.#budget.left <= 0) return;
      if (at > 0) this.newLine();
      this.#add(this.#space && at === 0 ? ` ${line}` : line);
      this.#space = false;
    }
  }
  /** Of a line break: two in a row make an empty line. */
  newLine(): void {
    if (this.#line.trim() === '') this.#blank = true;
    this.block();
  }
  /** What follows begins on a line of its own. */
  block(): void {
    const text = this.#line.trimEnd();
    if (text !== '') this.#put(text);
    else if (this.#held) this.#blank = true;
    this.#line = '';
    this.#space = false;
    this.#held = false;
  }
  paragraph(): void {
    this.block();
    this.#blank = true;
  }
  /** What follows is set in, until `outdent`. */
  indent(first: string, rest: string): void {
    this.block();
    const fits = this.#prefixLength + rest.length <= MAX_PREFIX;
    const level = { first: fits ? first : '', rest: fits ? rest : '', used: false };
    this.#prefixLength += level.rest.length;
    this.#levels.push(level);
  }
  outdent(): void {
    this.block();
    this.#prefixLength -= this.#levels.pop()?.rest.length ?? 0;
    this.#lowest = Math.min(this.#lowest, this.#levels.length);
  }
  /** Lines that were laid out elsewhere, and counted there. */
  lines(lines: readonly string[]): void {
    this.block();
    for (const line of lines)
      if (line === '') this.#blank = true;
      else this.#put(line);
  }
  finish(): string[] {
    this.block();
    return this.#out;
  }

  #collapsed(text: string): void {
    if (text.includes('\u00a0')) this.#held = true;
    const clean = text.replace(FILLERS, '').replace(LONE_JOINERS, '$1').replace(SPACES, ' ');
    if (clean.startsWith(' ')) this.#space = this.#line !== '';
    const own = clean.trim();
    if (own === '') return;
    this.#add(this.#space ? ` ${own}` : own);
    this.#space = clean.endsWith(' ');
  }
  #add(text: string): void {
    const kept = text.slice(0, Math.max(0, this.#budget.left));
    this.#budget.left -= kept.length + 1;
    this.#line += kept;
  }
  #put(text: string): void {
    if (this.#blank && this.#out.length > 0) this.#out.push(this.#marks());
    this.#blank = false;
    const prefix = this.#levels.map(({ first, rest, used }) => (used ? rest : first)).join('');
    for (const level of this.#levels) level.used = true;
    this.#lowest = this.#levels.length;
    this.#budget.left -= prefix.length;
    if (this.#budget.left > -MAX_PREFIXES) this.#out.push(prefix + text);
  }
  /** What an empty line begins with: the marks of a quotation, no more. */
  #marks(): string {
    return this.#levels
      .slice(0, this.#lowest)
      .map(({ rest }) => rest)
      .join('')
      .trimEnd();
  }
}

const PIECE = 65_536;

/** Megabytes without a tag are looked at only as far as there is room for them. */
function* piecesOf(text: string): Generator<string> {
  for (let at = 0; at < text.length; at += PIECE) yield text.slice(at, at + PIECE);
}
