import { useText } from '../app/context.tsx';
import { phoneText } from '../ui/format.ts';
import type { Matched } from './customers.ts';
import { markMatch, markWords, type Piece } from './marks.ts';

const Pieces = ({ of }: { of: readonly Piece[] }) => (
  <>
    {of.map(({ text, hit }, index) =>
      // The pieces of one text have no other name than their place.
      hit ? <mark key={index}>{text}</mark> : <span key={index}>{text}</span>,
    )}
  </>
);

/** A name or another text with what was searched marked in it. */
export const Marked = ({ text, search }: { text: string; search: string }) => (
  <Pieces of={markWords(text, search)} />
);

/** By which field somebody was found. A name is marked where it stands and is not said again. */
export function FoundBy({ matched, search }: { matched: Matched | undefined; search: string }) {
  const t = useText();
  if (matched === undefined) return null;
  const { field } = matched;
  const shown = field === 'phone' ? { field, text: phoneText(matched.text) } : matched;
  return (
    <span className="clip">
      <span className="dim">{t.search.fields[field]}</span>
      {field === 'name' ? null : (
        <>
          {' '}
          <Pieces of={markMatch(shown, search)} />
        </>
      )}
    </span>
  );
}
