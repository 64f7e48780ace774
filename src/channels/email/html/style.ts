import type { Tag } from './tokens.ts';

/** What an element's own style says to somebody who cannot see it. Style sheets are not read. */
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

export function lookOf({ attribute }: Tag): Look {
  const style = (attribute('style') ?? '').toLowerCase().replace(/\s+/g, '').replaceAll('!important', '');
  return {
    hidden: attribute('hidden') !== undefined || isHidden(style),
    exact: exactness(style),
    struck: style.includes('line-through'),
    tight: /\bmsonormal\b/i.test(attribute('class') ?? '') || isTight(style),
    borderless: /(?:^|;)border(?:-left)?(?:-style|-width)?:(?:none|0)/.test(style),
  };
}

const isHidden = (style: string): boolean =>
  /(?:^|;)(?:display:none|visibility:(?:hidden|collapse)|mso-hide:all|opacity:0(?:\.0+)?(?:;|$))/.test(
    style,
  ) ||
  (/(?:^|;)(?:max-)?(?:height|width):0(?:px|pt|em)?(?:;|$)/.test(style) && style.includes('overflow:hidden'));

const exactness = (style: string): boolean | undefined => {
  const mode = /(?:^|;)white-space:([a-z-]+)/.exec(style)?.[1];
  if (mode === undefined || mode === 'inherit') return undefined;
  return mode.startsWith('pre') || mode === 'break-spaces';
};

/** Both margins are nothing: paragraphs of this kind are lines. */
function isTight(style: string): boolean {
  const zero = '0(?:px|pt|cm|in|em)?';
  if (new RegExp(`(?:^|;)margin:${zero}(?:;|$)`).test(style)) return true;
  return ['top', 'bottom'].every((side) => new RegExp(`(?:^|;)margin-${side}:${zero}(?:;|$)`).test(style));
}
