import { badValue, ServerFault, unsupported } from './errors.ts';
import { matchesFilter, parseFilter } from './filter.ts';
import { getAt, setAt, unsetAt } from './paths.ts';
import { compareValues, type Doc, equalValues, isPlainObject } from './values.ts';

type Apply = (doc: Doc, path: readonly string[], value: unknown, now: Date) => void;

function arrayAt(doc: Doc, path: readonly string[], operator: string): unknown[] | undefined {
  const value = getAt(doc, path);
  if (value === undefined) return undefined;
  if (!Array.isArray(value)) throw badValue(`The field '${path.join('.')}' must be an array for ${operator}`);
  return value as unknown[];
}

/** The values of `$push`/`$addToSet`: one, or `{$each: […]}` with the allowed modifiers. */
function each(
  operator: string,
  value: unknown,
  modifiers: readonly string[],
): { items: unknown[]; modifiers: Doc } {
  if (!isPlainObject(value) || !('$each' in value)) return { items: [value], modifiers: {} };
  for (const key of Object.keys(value))
    if (key !== '$each' && !modifiers.includes(key)) throw unsupported(`${key} in ${operator}`);
  if (!Array.isArray(value['$each'])) throw badValue(`$each needs an array in ${operator}`);
  return { items: value['$each'], modifiers: value };
}

const push: Apply = (doc, path, value) => {
  const { items, modifiers } = each('$push', value, ['$slice']);
  let array = [...(arrayAt(doc, path, '$push') ?? []), ...items];
  const slice = modifiers['$slice'];
  if (slice !== undefined) {
    if (typeof slice !== 'number') throw badValue('$slice needs a number');
    array = slice < 0 ? array.slice(slice) : array.slice(0, slice);
  }
  setAt(doc, path, array);
};

const addToSet: Apply = (doc, path, value) => {
  const array = [...(arrayAt(doc, path, '$addToSet') ?? [])];
  for (const item of each('$addToSet', value, []).items)
    if (!array.some((present) => equalValues(present, item))) array.push(item);
  setAt(doc, path, array);
};

const pull: Apply = (doc, path, value) => {
  const array = arrayAt(doc, path, '$pull');
  if (array === undefined) return;
  setAt(
    doc,
    path,
    array.filter((item) => !pulled(item, value)),
  );
};

function pulled(item: unknown, condition: unknown): boolean {
  if (!isPlainObject(condition)) return matchesFilter(parseFilter({ item: condition }), { item });
  const first = Object.keys(condition)[0] ?? '';
  if (first.startsWith('$') && !['$and', '$or', '$nor'].includes(first))
    return matchesFilter(parseFilter({ item: condition }), { item });
  return isPlainObject(item) && matchesFilter(parseFilter(condition), item);
}

const increment: Apply = (doc, path, value) => {
  const present = getAt(doc, path);
  if (typeof value !== 'number' || (present !== undefined && typeof present !== 'number'))
    throw new ServerFault(
      14,
      'TypeMismatch',
      `Cannot apply $inc to a value of non-numeric type at '${path.join('.')}'`,
    );
  setAt(doc, path, (present ?? 0) + value);
};

const extreme =
  (sign: 1 | -1): Apply =>
  (doc, path, value) => {
    const present = getAt(doc, path);
    if (present === undefined || compareValues(value, present) * sign > 0) setAt(doc, path, value);
  };

const currentDate: Apply = (doc, path, value, now) => {
  if (value !== true && !(isPlainObject(value) && value['$type'] === 'date'))
    throw unsupported('$currentDate with anything but a date');
  setAt(doc, path, now);
};

const operators: Readonly<Record<string, Apply>> = {
  $set: setAt,
  $setOnInsert: setAt,
  $unset: unsetAt,
  $inc: increment,
  $push: push,
  $pull: pull,
  $addToSet: addToSet,
  $min: extreme(-1),
  $max: extreme(1),
  $currentDate: currentDate,
};

/** A parsed update: changes the given document in place. */
export type Update = (doc: Doc, inserting: boolean, now: Date) => void;

function checkConflicts(paths: readonly string[]): void {
  const sorted = [...paths].sort();
  for (let i = 1; i < sorted.length; i++) {
    const before = sorted[i - 1] as string;
    const after = sorted[i] as string;
    if (after === before || after.startsWith(`${before}.`))
      throw new ServerFault(
        40,
        'ConflictingUpdateOperators',
        `Updating the path '${after}' would create a conflict at '${before}'`,
      );
  }
}

/** Parses an update with operators. Errors: `store.unsupportedOperator`, ConflictingUpdateOperators (40), BadValue (2). */
export function parseUpdate(source: unknown): Update {
  if (!isPlainObject(source)) throw unsupported('an update pipeline');
  const steps: { insertOnly: boolean; apply: Apply; path: string[]; value: unknown }[] = [];
  for (const [operator, fields] of Object.entries(source)) {
    const apply = Object.hasOwn(operators, operator) ? operators[operator] : undefined;
    if (apply === undefined) throw unsupported(`the update operator ${operator}`);
    if (!isPlainObject(fields)) throw badValue(`${operator} needs an object`);
    for (const [path, value] of Object.entries(fields)) {
      const parts = path.split('.');
      if (parts.some((step) => step === '' || step.startsWith('$')))
        throw unsupported(`the update path ${path}`);
      steps.push({ insertOnly: operator === '$setOnInsert', apply, path: parts, value });
    }
  }
  checkConflicts(steps.map((step) => step.path.join('.')));
  return (doc, inserting, now) => {
    for (const step of steps) if (inserting || !step.insertOnly) step.apply(doc, step.path, step.value, now);
  };
}
