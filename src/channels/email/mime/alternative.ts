import type { Choice, Rendered, Words } from './content.ts';
import type { Part } from './structure.ts';

const isSaid = ({ text }: Words): boolean => text.trim() !== '';

/**
 * Plain words first: they were written to be read as they are. Of several of a kind the last one, which RFC 2046 §5.1.4 puts closest
 * to what the sender meant. What else says something is another rendering of it. A form for programs counts where it comes alone.
 */
export function chosen(renderings: readonly (Rendered & { readonly part: Part })[]): {
  readonly shown: Part | undefined;
  readonly choice: readonly Choice[];
} {
  const said = renderings.map(({ part, words }) => ({ part, words: words.filter(isSaid) }));
  const all = said.filter(({ words }) => words.length > 0);
  const forPeople = all.filter(({ words }) => !words.every((one) => one.forPrograms));
  const some = forPeople.length > 0 ? forPeople : all;
  const has = (words: readonly Words[], wanted: Words['kind']) => words.some(({ kind }) => kind === wanted);
  const best =
    some.findLast(({ words }) => has(words, 'plain') && !has(words, 'html')) ??
    some.findLast(({ words }) => has(words, 'plain')) ??
    some.findLast(({ words }) => has(words, 'html')) ??
    some.at(-1);
  const others = some.filter((one) => one !== best);
  return {
    shown: best?.part ?? renderings[0]?.part,
    choice:
      best === undefined || others.length === 0
        ? []
        : [{ shown: best.words, others: others.map(({ words }) => words) }],
  };
}
