export interface Cell {
  readonly lines: readonly string[];
  readonly columns: number;
}
export type Row = readonly Cell[];

/** Side by side a row stays readable up to here; longer ones were laid out, not tabulated. */
const MAX_ROW = 300;

/**
 * Rows as lines. A table of facts keeps its empty cells, so that a value stays in its column; in a table that only places things on
 * the page they are left out, and what does not fit on a line stands below each other.
 */
export function layOut(rows: readonly Row[]): { readonly lines: string[]; readonly facts: boolean } {
  const facts = isFacts(rows);
  const used = facts ? usedColumns(rows) : new Set<number>();
  return { lines: stacked(rows.map((row) => rowLines(row, facts ? used : undefined))), facts };
}

const wordsOf = ({ lines }: Cell): string => lines[0] ?? '';
const isShort = (row: Row): boolean =>
  row.every(({ lines }) => lines.length <= 1) &&
  row.reduce((sum, cell) => sum + wordsOf(cell).length, 0) <= MAX_ROW;

/** Several rows, each on one line, most of them with more than one thing to say. */
function isFacts(rows: readonly Row[]): boolean {
  const full = rows.filter((row) => row.some(({ lines }) => lines.length > 0));
  if (full.length < 2 || !full.every(isShort)) return false;
  const wide = full.filter((row) => row.filter(({ lines }) => lines.length > 0).length > 1);
  return wide.length * 2 >= full.length;
}

/** Columns in which any row says something: the others are there for the distance. */
function usedColumns(rows: readonly Row[]): Set<number> {
  const used = new Set<number>();
  for (const row of rows) for (const { at, cell } of placed(row)) if (cell.lines.length > 0) used.add(at);
  return used;
}

function placed(row: Row): { at: number; cell: Cell }[] {
  let next = 0;
  return row.map((cell) => {
    const at = next;
    next += cell.columns;
    return { at, cell };
  });
}

function rowLines(row: Row, used: ReadonlySet<number> | undefined): readonly string[] {
  if (!isShort(row)) return stacked(row.map(({ lines }) => lines));
  const shown =
    used === undefined
      ? row.filter(({ lines }) => lines.length > 0).map(wordsOf)
      : placed(row)
          .filter(({ at }) => used.has(at))
          .map(({ cell }) => wordsOf(cell));
  while (shown.at(-1) === '') shown.pop();
  return shown.length === 0 ? [] : [joined(shown)];
}

/** `Nome: Maria`, not `Nome: | Maria`. */
function joined(words: readonly string[]): string {
  let line = words[0] ?? '';
  for (const [at, next] of words.entries()) {
    if (at === 0) continue;
    if (next === '') line += ' |';
    else line += words[at - 1]?.endsWith(':') === true ? ` ${next}` : ` | ${next}`;
  }
  return line.trim();
}

/** Below each other; what is more than one line stands apart. */
function stacked(blocks: readonly (readonly string[])[]): string[] {
  const out: string[] = [];
  let before = 0;
  for (const lines of blocks) {
    if (lines.length === 0) continue;
    if (before > 1 || (before > 0 && lines.length > 1)) out.push('');
    for (const line of lines) out.push(line);
    before = lines.length;
  }
  return out;
}
