import { Paper, type Budget } from './paper.ts';
import { layOut, type Cell } from './table.ts';

const MAX_TABLES = 20;

/** The tables that are open, and the paper that words go to: each cell has its own until its table is laid out. */
export class Tables {
  readonly #budget: Budget;
  readonly #papers: Paper[];
  readonly #open: { rows: Cell[][] }[] = [];

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
    const table = { rows: [] };
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
    this.#open.at(-1)?.rows.push([]);
    return () => undefined;
  }
  /** Outside of any table a cell is no cell. */
  cell(columns: number): (() => void) | undefined {
    const table = this.#open.at(-1);
    if (table === undefined) return undefined;
    const row = table.rows.at(-1) ?? [];
    if (table.rows.length === 0) table.rows.push(row);
    const paper = new Paper(this.#budget);
    this.#papers.push(paper);
    return () => {
      this.#papers.pop();
      row.push({ lines: paper.finish(), columns });
    };
  }
}
