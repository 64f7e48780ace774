import { ServerFault } from './errors.ts';
import { type Filter, matchesFilter, parseFilter } from './filter.ts';
import type { KeyEncoder } from './keys.ts';
import { reach } from './paths.ts';
import type { Doc } from './values.ts';

/** What `createIndex` was given and the catalogue keeps. */
export interface IndexSpec {
  readonly name: string;
  readonly fields: readonly (readonly [path: string, direction: 1 | -1])[];
  readonly unique: boolean;
  readonly sparse: boolean;
  readonly partial?: Doc;
}

export interface Index extends IndexSpec {
  /** Name of the SQLite table with its keys. */
  readonly table: string;
  readonly id: number;
  readonly steps: readonly (readonly string[])[];
  readonly descending: readonly boolean[];
  readonly partialFilter: Filter | undefined;
  /** Paths where an array was ever stored: a document may have several keys. */
  readonly multikey: Set<string>;
}

export function toIndex(spec: IndexSpec, id: number, multikey: readonly string[]): Index {
  return {
    ...spec,
    id,
    table: `i_${id}`,
    steps: spec.fields.map(([path]) => path.split('.')),
    descending: spec.fields.map(([, direction]) => direction < 0),
    partialFilter: spec.partial === undefined ? undefined : parseFilter(spec.partial),
    multikey: new Set(multikey),
  };
}

/** The values of one path as an index sees them: elements of arrays, null for what is missing. */
function valuesOf(
  doc: Doc,
  steps: readonly string[],
): { values: unknown[]; array: boolean; present: boolean } {
  const reached = steps.length === 1 ? [doc[steps[0] as string]] : reach(doc, steps);
  if (reached.length === 1 && !Array.isArray(reached[0]))
    return { values: reached, array: false, present: reached[0] !== undefined };
  const values = reached.flatMap((v) => (Array.isArray(v) ? (v as unknown[]) : [v]));
  return {
    values: values.length > 0 ? values : [null],
    array: true,
    present: reached.some((v) => v !== undefined),
  };
}

/**
 * The keys of a document in an index, none when a sparse or partial index leaves it out.
 * `onArray` learns the path that makes the index multikey. Errors: CannotIndexParallelArrays (171).
 */
export function keysOf(
  index: Index,
  doc: Doc,
  encode: KeyEncoder,
  onArray: (path: string) => void,
): Buffer[] {
  if (index.partialFilter !== undefined && !matchesFilter(index.partialFilter, doc)) return [];
  const columns = index.steps.map((steps) => valuesOf(doc, steps));
  if (index.sparse && !columns.some((column) => column.present)) return [];
  const wide = columns.findIndex((column) => column.array);
  if (wide < 0)
    return [
      encode(
        columns.map((c) => c.values[0]),
        index.descending,
      ),
    ];
  if (columns.some((column, i) => column.array && i !== wide && column.values.length > 1))
    throw new ServerFault(171, 'CannotIndexParallelArrays', `cannot index parallel arrays in ${index.name}`);
  columns.forEach((column, i) => {
    if (column.array) onArray((index.fields[i] as [string, 1])[0]);
  });
  const keys = new Map<string, Buffer>();
  for (const value of columns[wide]?.values ?? []) {
    const key = encode(
      columns.map((column, i) => (i === wide ? value : column.values[0])),
      index.descending,
    );
    keys.set(key.toString('latin1'), key);
  }
  return [...keys.values()];
}
