import { Tokenizer } from 'htmlparser2';

/** An opening tag: its name in lower case, and of its attributes those that say something to a reader. */
export interface Tag {
  readonly name: string;
  readonly attribute: (name: string) => string | undefined;
}

export interface TokenHandler {
  open(tag: Tag): void;
  close(name: string): void;
  text(text: string): void;
  /** Nothing more can be taken. */
  readonly full: boolean;
}

const KEPT: ReadonlySet<string> = new Set(
  'alt checked class colspan data download height hidden href id media name rowspan src start style type value width'.split(
    ' ',
  ),
);
/** Attributes that may hold a whole file as a `data:` address. */
const FILES: ReadonlySet<string> = new Set(['href', 'src', 'data']);
const MAX_ATTRIBUTE = 4000;
/** Elements whose content is no markup: only their own closing tag ends them. */
const RAW: ReadonlySet<string> = new Set(['script', 'style', 'title', 'textarea', 'xmp']);
const NO_ATTRIBUTES = (): undefined => undefined;
const PASSES = 3;
/** A tag makes more work than a piece of text. */
const TAG_STEPS = 3;
const MAX_PENDING = 32_768;
/** Of what is read a second time. A mail of which more than this lies in a comment that nobody closed has no reader. */
const MAX_AGAIN = 1_000_000;

/**
 * Reads HTML from its start to its end, every character a fixed number of times. A comment, a quotation mark or a style sheet
 * that nobody closed would swallow the rest, as it does in browsers; here the rest is read as text.
 * Returns false when it would have taken more than `maxSteps`, or the handler had enough, and the rest was left out.
 */
export function readTokens(html: string, handler: TokenHandler, maxSteps: number): boolean {
  let rest = html;
  let left = maxSteps;
  let all = true;
  for (let pass = 0; pass < PASSES; pass += 1) {
    const { steps, stopped, unclosed } = readOnce(rest, handler, left);
    left -= steps;
    if (stopped) return false;
    if (unclosed === undefined) return all;
    rest = unclosed.text;
    all &&= unclosed.all;
  }
  handler.text(rest.replace(/<[^<>]*>/g, ' '));
  return all;
}

/** `unclosed`: what stands after a tag, comment or raw element that the end of the text left open. */
function readOnce(html: string, handler: TokenHandler, maxSteps: number) {
  const reader = new Reader(html, handler, maxSteps);
  const tokenizer = new Tokenizer({ decodeEntities: true }, reader);
  reader.stop = () => tokenizer.pause();
  tokenizer.write(html);
  tokenizer.end();
  reader.flush();
  const { steps, stopped, tagAt, rawAt, rawName, commentAt } = reader;
  const at = commentAt ?? rawAt ?? tagAt;
  if (at === undefined || stopped) return { steps, stopped, unclosed: undefined };
  if (rawName !== undefined) handler.close(rawName);
  const tail = html.slice(at, at + MAX_AGAIN);
  const text = tagAt === at ? afterTag(tail) : asWords(tail);
  return { steps, stopped, unclosed: { text, all: at + MAX_AGAIN >= html.length } };
}

/** What opened it has done its harm; more of its kind in the rest are words. */
const asWords = (tail: string): string =>
  tail.replace(/<(?=!--|\/?(?:script|style|title|textarea|xmp)\b)/gi, '&lt;');

/** A tag that never ends: its words begin after the first bracket that would have closed it. */
function afterTag(tail: string): string {
  const close = tail.indexOf('>');
  return close < 0 ? '' : tail.slice(close + 1);
}

class Reader {
  readonly html: string;
  readonly handler: TokenHandler;
  readonly maxSteps: number;
  steps = 0;
  stopped = false;
  /** Where the tag, the content of the raw element, or the comment begins that is open now. */
  tagAt: number | undefined;
  rawAt: number | undefined;
  rawName: string | undefined;
  commentAt: number | undefined;
  stop: () => void = () => undefined;
  #text: string[] = [];
  #pending = 0;
  #name = '';
  /** Of the tag that is open; most have none. */
  #attributes: Map<string, string> | undefined;
  #attribute = '';
  #value: string[] = [];

  constructor(html: string, handler: TokenHandler, maxSteps: number) {
    this.html = html;
    this.handler = handler;
    this.maxSteps = maxSteps;
  }

  flush(): void {
    if (this.#text.length === 0) return;
    const text = this.#text.join('');
    this.#text = [];
    this.#pending = 0;
    this.handler.text(text);
  }
  ontext(start: number, end: number): void {
    // An unclosed raw element gives its content as text at the end: it is read again as words.
    if (this.rawAt !== undefined && end === this.html.length) return;
    this.#add(this.html.slice(start, end));
  }
  ontextentity(code: number): void {
    this.#add(String.fromCodePoint(code));
  }
  #add(text: string): void {
    this.#spend(1);
    this.#text.push(text);
    this.#pending += text.length;
    if (this.#pending > MAX_PENDING) this.flush();
  }
  #spend(steps: number): void {
    this.steps += steps;
    if (this.steps < this.maxSteps && !this.handler.full) return;
    this.stopped = true;
    this.stop();
  }
  onopentagname(start: number, end: number): void {
    this.flush();
    this.tagAt = start;
    this.#name = this.html.slice(start, Math.min(end, start + 40)).toLowerCase();
    this.#attributes = undefined;
  }
  onattribname(start: number, end: number): void {
    this.#spend(1);
    const name = end - start > 20 ? '' : this.html.slice(start, end).toLowerCase();
    this.#attribute = KEPT.has(name) && this.#attributes?.has(name) !== true ? name : '';
    this.#value = [];
  }
  onattribdata(start: number, end: number): void {
    if (this.#attribute !== '') this.#value.push(this.html.slice(start, end));
  }
  onattribentity(code: number): void {
    this.#spend(1);
    if (this.#attribute !== '') this.#value.push(String.fromCodePoint(code));
  }
  onattribend(): void {
    if (this.#attribute === '') return;
    const value = this.#value.join('');
    this.#attributes ??= new Map();
    this.#attributes.set(this.#attribute, FILES.has(this.#attribute) ? value : value.slice(0, MAX_ATTRIBUTE));
    this.#value = [];
  }
  onopentagend(end: number): void {
    if (RAW.has(this.#name)) {
      this.rawAt = end + 1;
      this.rawName = this.#name;
    }
    this.#opened();
  }
  /** HTML knows no self-closing elements: `<p/>` opens a paragraph. The tokenizer takes `<style/>` for an empty one, though. */
  onselfclosingtag(): void {
    this.#opened();
    if (RAW.has(this.#name)) this.handler.close(this.#name);
  }
  #opened(): void {
    this.tagAt = undefined;
    const attributes = this.#attributes;
    this.handler.open({
      name: this.#name,
      attribute: attributes === undefined ? NO_ATTRIBUTES : (name) => attributes.get(name),
    });
    this.#spend(TAG_STEPS);
  }
  onclosetag(start: number, end: number): void {
    this.flush();
    this.rawAt = undefined;
    this.rawName = undefined;
    this.handler.close(this.html.slice(start, Math.min(end, start + 40)).toLowerCase());
  }
  oncomment(start: number, end: number, offset: number): void {
    if (offset === 0 && end === this.html.length) this.commentAt = start;
  }
  oncdata(): void {}
  ondeclaration(): void {}
  onprocessinginstruction(): void {}
  onend(): void {}
}
