import { ServerFault } from './errors.ts';
import { type Doc, isPlainObject } from './values.ts';

const index = /^\d+$/;

/**
 * Values that a dot path reaches, arrays on the way walked element by element as MongoDB does. A path that ends
 * in nothing gives `undefined` (so that it equals null), unless it ended among the scalars of an array.
 */
export function reach(doc: unknown, path: readonly string[], from = 0, out: unknown[] = []): unknown[] {
  let value = doc;
  for (let i = from; i < path.length; i++) {
    const step = path[i] as string;
    if (Array.isArray(value)) {
      const items: readonly unknown[] = value;
      if (index.test(step) && Number(step) < items.length) reach(items[Number(step)], path, i + 1, out);
      for (const item of items) if (isPlainObject(item)) reach(item, path, i, out);
      return out;
    }
    value = isPlainObject(value) ? value[step] : undefined;
    if (value === undefined) break;
  }
  out.push(value);
  return out;
}

/** Value at a path without walking into arrays (updates, sort of plain fields). */
export function getAt(doc: unknown, path: readonly string[]): unknown {
  let value = doc;
  for (const step of path) {
    if (Array.isArray(value)) value = index.test(step) ? value[Number(step)] : undefined;
    else value = isPlainObject(value) ? value[step] : undefined;
  }
  return value;
}

function child(parent: unknown, step: string, path: readonly string[]): unknown {
  if (Array.isArray(parent)) {
    if (!index.test(step)) throw cannotCreate(path, step);
    return parent[Number(step)];
  }
  if (isPlainObject(parent)) return Object.hasOwn(parent, step) ? parent[step] : undefined;
  throw cannotCreate(path, step);
}

const cannotCreate = (path: readonly string[], step: string): ServerFault =>
  new ServerFault(28, 'PathNotViable', `Cannot create field '${step}' in the way of '${path.join('.')}'`);

function put(parent: unknown, step: string, value: unknown, path: readonly string[]): void {
  if (Array.isArray(parent)) {
    if (!index.test(step) || Number(step) > parent.length + 100_000) throw cannotCreate(path, step);
    while (parent.length < Number(step)) parent.push(null);
    parent[Number(step)] = value;
  } else if (isPlainObject(parent)) {
    if (step === '__proto__')
      Object.defineProperty(parent, step, { value, enumerable: true, writable: true });
    else parent[step] = value;
  } else throw cannotCreate(path, step);
}

/** Sets a value, making the objects on the way. Errors: PathNotViable (28) when a scalar stands in the way. */
export function setAt(doc: Doc, path: readonly string[], value: unknown): void {
  let parent: unknown = doc;
  for (let i = 0; i < path.length - 1; i++) {
    const step = path[i] as string;
    let next = child(parent, step, path);
    if (next === undefined) {
      next = {};
      put(parent, step, next, path);
    }
    parent = next;
  }
  put(parent, path[path.length - 1] as string, value, path);
}

/** Removes a field; inside an array the place becomes null, as `$unset` does. */
export function unsetAt(doc: Doc, path: readonly string[]): void {
  const parent = getAt(doc, path.slice(0, -1));
  const step = path[path.length - 1] as string;
  if (Array.isArray(parent)) {
    if (index.test(step) && Number(step) < parent.length) parent[Number(step)] = null;
  } else if (isPlainObject(parent)) Reflect.deleteProperty(parent, step);
}
