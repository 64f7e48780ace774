const names = (list: string): ReadonlySet<string> => new Set(list.split(' '));

/** Never have content. */
export const EMPTY = names(
  'area base basefont bgsound br col embed frame hr image img input keygen link meta param source track wbr',
);
/** Their content is for machines. */
export const MUTED = names('script style title template iframe noembed noframes svg xml datalist applet');
/** Stand on lines of their own. */
export const BLOCK = names(
  'address article aside body caption center dd details dialog dir div dl dt fieldset figcaption figure footer form header hgroup html legend li main menu nav ol optgroup option section summary table tbody td tfoot th thead tr ul listing xmp textarea head blockquote h1 h2 h3 h4 h5 h6 p pre',
);
/** Of these, the ones with an empty line before and after. */
export const APART = names('blockquote h1 h2 h3 h4 h5 h6 p pre dl');
/** Take spaces and line breaks as they are. */
export const EXACT = names('pre listing xmp textarea');
/** Structure that only its own end, or its parent's, may close. */
export const WALLS = names('table td th caption');
export const TABULAR = names('table caption colgroup thead tbody tfoot tr td th');

interface Implied {
  readonly closes: ReadonlySet<string>;
  /** No further out than this. */
  readonly within: ReadonlySet<string>;
}

const lists = names('ul ol menu dir table td th blockquote');
const rows = names('table');
/** What an opening tag closes without saying so (HTML § 13.1.2.4). */
export const IMPLIED: Readonly<Record<string, Implied>> = {
  li: { closes: names('li'), within: lists },
  dt: { closes: names('dt dd'), within: names('dl table td th') },
  dd: { closes: names('dt dd'), within: names('dl table td th') },
  tr: { closes: names('tr caption'), within: rows },
  td: { closes: names('td th caption'), within: names('table tr') },
  th: { closes: names('td th caption'), within: names('table tr') },
  thead: { closes: names('tr caption'), within: rows },
  tbody: { closes: names('tr caption'), within: rows },
  tfoot: { closes: names('tr caption'), within: rows },
  option: { closes: names('option'), within: names('select') },
  p: { closes: names('p'), within: names('table td th blockquote li div') },
};
