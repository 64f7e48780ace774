/** One measured ratio: ours against a reference in the same run (performance rows of the design). */
export interface BenchRow {
  readonly row: number | string;
  readonly name: string;
  readonly ours: number;
  /** NaN or undefined where the reference could not run; the note names it. */
  readonly theirs: number | undefined;
  readonly ratio: number | undefined;
  /** `≤ 1.6` or `≥ 10`; the first comparison found is the one that is judged. */
  readonly target: string;
  readonly unit: string;
  readonly note: string;
}

/** A row that could not be measured: a missing program, or the error that it died of. */
export interface FailedRow {
  readonly row: number | string;
  readonly name: string;
  readonly error: string;
}

export type Outcome = BenchRow | FailedRow;

/** An error as one line, with what caused it. */
export function explain(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause === undefined ? error.message : `${error.message}: ${explain(error.cause)}`;
}

const COMPARISON = /(≤|<|≥|>)\s*([\d.]+)(?:\s*\/\s*([\d.]+))?/;

/** Is the ratio within its target? undefined where there is no ratio or no number in the target. */
export function isMet(row: BenchRow): boolean | undefined {
  const [, sign, number, divisor] = COMPARISON.exec(row.target) ?? [];
  if (sign === undefined || row.ratio === undefined || !Number.isFinite(row.ratio)) return undefined;
  const limit = Number(number) / Number(divisor ?? 1);
  if (sign === '≤') return row.ratio <= limit;
  if (sign === '<') return row.ratio < limit;
  return sign === '≥' ? row.ratio >= limit : row.ratio > limit;
}

const VERDICT = { true: 'yes', false: 'no', undefined: '—' } as const;

const number = (value: number | undefined): string =>
  value !== undefined && Number.isFinite(value) ? String(Number(value.toPrecision(4))) : '—';

const cells = (row: BenchRow): string[] => [
  String(row.row),
  row.name,
  number(row.ours),
  number(row.theirs),
  row.unit,
  number(row.ratio),
  row.target,
  VERDICT[`${isMet(row)}`],
];

/** An outcome in a few words, for the one who waits. */
export function brief(outcome: Outcome): string {
  if ('error' in outcome) return `not measured, ${outcome.error}`;
  const { ours, theirs, ratio, unit, target } = outcome;
  return `${number(ours)} against ${number(theirs)} ${unit}, ratio ${number(ratio)} (${target})`;
}

/** A text table; notes and errors stand under it, so that the columns stay narrow. */
export function table(outcomes: readonly Outcome[]): string {
  const head = ['row', 'what', 'ours', 'theirs', 'unit', 'ratio', 'target', 'met'];
  const lines = outcomes.map((outcome) =>
    'error' in outcome ? [String(outcome.row), outcome.name, '—', '—', '', '—', '', '—'] : cells(outcome),
  );
  const widths = head.map((title, column) =>
    Math.max(title.length, ...lines.map((line) => line[column]?.length ?? 0)),
  );
  const draw = (line: readonly string[]): string =>
    line
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd();
  const notes = outcomes.map((outcome) =>
    'error' in outcome
      ? `  ${outcome.row}: NOT MEASURED: ${outcome.error}`
      : `  ${outcome.row}: ${outcome.note}`,
  );
  return [
    draw(head),
    draw(widths.map((width) => '─'.repeat(width))),
    ...lines.map(draw),
    '',
    ...notes,
    '',
  ].join('\n');
}
