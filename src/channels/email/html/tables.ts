import { Paper, type Budget } from './paper.ts';
import { layOut, type Cell } from './table.ts';

const MAX_TABLES = 20;

/** A cell that reaches into rows below its own. */
interface Span {
  readonly at: number;
  readonly columns: number;
  /** Rows below the one at hand. */
  readonly left: number;
}

interface Table {
  readonly rows: Cell[][];
  /** Columns of the row at hand. */
  width: number;
  /** Cells that reach into it, from left to right, and the first of them that is not passed yet. */
  above: readonly Span[];
  next: number;
  /** Those that begin in it and reach further. */
  started: Span[];
}

function beginRow(table: Table): void {
  table.rows.push([]);
  const further = table.above.flatMap((span) => (span.left > 1 ? [{ ...span, left: span.left - 1 }] : []));
  table.above = [...further, ...table.started].sort((a, b) => a.at - b.at);
  table.started = [];
  table.next = 0;
  table.width = 0;
}

/** Columns that a cell from above takes are empty here: its words are said once, and the others stay in their columns. */
function putCell(table: Table, row: Cell[], cell: Cell, rows: number): void {
  for (
    let span = table.above[table.next];
    span !== undefined && span.at <= table.width;
    span = table.above[table.next]
  ) {
    table.next += 1;
    if (span.at < table.width) continue;
    row.push({ lines: [], columns: span.columns });
    table.width += span.columns;
  }
  row.push(cell);
  if (rows > 1) table.started.push({ at: table.width, columns: cell.columns, left: rows - 1 });
  table.width += cell.columns;
}

/** The tables that are open, and the paper that words go to: each cell has its own until its table is laid out. */
export class Tables {
  readonly #budget: Budget;
  readonly #papers: Paper[];
  readonly #open: Table[] = [];

  constructor(budget: Budget) {
    this.#budget = budget;
    this.#papers = [new Paper(budget)];
  }

  get paper(): Paper {
    // The first paper is never taken away.
    return this.#papers.at(-1) ?? new Paper(this.#budget);
  }
  /** What ends it; undefined: too many lie in each other, so its cells are lines. */
  table(): (() => void) | undefined {
    if (this.#open.length >= MAX_TABLES) return undefined;
    const table: Table = { rows: [], width: 0, above: [], next: 0, started: [] };
    this.#open.push(table);
    return () => {
      this.#open.pop();
      const { lines, facts } = layOut(table.rows);
      const apart = facts ? () => this.paper.paragraph() : () => this.paper.block();
      apart();
      this.paper.lines(lines);
      apart();
    };
  }
  row(): () => void {
    const table = this.#open.at(-1);
    if (table !== undefined) beginRow(table);
    return () => undefined;
  }
  /** Outside of any table a cell is no cell. */
  cell(columns: number, rows: number): (() => void) | undefined {
    const table = this.#open.at(-1);
    if (table === undefined) return undefined;
    if (table.rows.length === 0) beginRow(table);
    const row = table.rows.at(-1) ?? [];
    const paper = new Paper(this.#budget);
    this.#papers.push(paper);
    return () => {
      this.#papers.pop();
      putCell(table, row, { lines: paper.finish(), columns }, rows);
    };
  }
}
