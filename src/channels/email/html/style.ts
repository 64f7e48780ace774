import type { Tag } from './tokens.ts';

/** What an element's own style says to somebody who cannot see it. Of style sheets only what they hide is read (`sheet.ts`). */
export interface Look {
  readonly hidden: boolean;
  /** Spaces and line breaks count; undefined: as around it. */
  readonly exact: boolean | undefined;
  readonly struck: boolean;
  /** No distance to the paragraph before. */
  readonly tight: boolean;
  /** Set in by a button of the mail program; a quotation has a line at its side. */
  readonly borderless: boolean;
}

const PLAIN: Look = { hidden: false, exact: undefined, struck: false, tight: false, borderless: false };
/** Mails say the same few things of thousands of elements. */
const MAX_KNOWN = 500;

/** What elements look like, told by their own attributes and by what a sheet hides; what was said before is known. */
export function createLooks(sheet: { hides(tag: Tag): boolean }): (tag: Tag) => Look {
  const ownLook = createOwnLooks();
  return (tag) => {
    const look = ownLook(tag);
    return sheet.hides(tag) ? { ...look, hidden: true } : look;
  };
}

function createOwnLooks(): (tag: Tag) => Look {
  const known = new Map<string, Look>();
  return ({ attribute }) => {
    const style = attribute('style');
    const kind = attribute('class');
    const hidden = attribute('hidden') !== undefined;
    if (style === undefined && kind === undefined && !hidden) return PLAIN;
    const key = `${hidden ? 'hidden' : ''}\n${kind ?? ''}\n${style ?? ''}`;
    const before = known.get(key);
    if (before !== undefined) return before;
    const look = lookOf(style ?? '', kind ?? '', hidden);
    if (known.size < MAX_KNOWN) known.set(key, look);
    return look;
  };
}

function lookOf(given: string, kind: string, hidden: boolean): Look {
  const style = given.toLowerCase().replace(/\s+/g, '').replaceAll('!important', '');
  return {
    hidden: hidden || hides(style),
    exact: exactness(style),
    struck: style.includes('line-through'),
    tight: /\bmsonormal\b/i.test(kind) || isTight(style),
    borderless: /(?:^|;)border(?:-left)?(?:-style|-width)?:(?:none|0)/.test(style),
  };
}

/** Of declarations in lower case, without spaces and `!important`. */
export const hides = (style: string): boolean =>
  /(?:^|;)(?:display:none|visibility:(?:hidden|collapse)|mso-hide:all|opacity:0(?:\.0+)?(?:;|$))/.test(
    style,
  ) ||
  (/(?:^|;)(?:max-)?(?:height|width):0(?:px|pt|em)?(?:;|$)/.test(style) && style.includes('overflow:hidden'));

const exactness = (style: string): boolean | undefined => {
  const mode = /(?:^|;)white-space:([a-z-]+)/.exec(style)?.[1];
  if (mode === undefined || mode === 'inherit') return undefined;
  return mode.startsWith('pre') || mode === 'break-spaces';
};

const zeroMargin = (side: string): RegExp => new RegExp(`(?:^|;)margin${side}:0(?:px|pt|cm|in|em)?(?:;|$)`);
const ZERO = zeroMargin('');
const ZERO_TOP = zeroMargin('-top');
const ZERO_BOTTOM = zeroMargin('-bottom');

/** Both margins are nothing: paragraphs of this kind are lines. */
const isTight = (style: string): boolean =>
  ZERO.test(style) || (ZERO_TOP.test(style) && ZERO_BOTTOM.test(style));
