import { unsupported } from './errors.ts';
import { type Doc, isPlainObject } from './values.ts';

export type Project = (doc: Doc) => Doc;

interface Tree {
  [step: string]: Tree | true;
}

function toTree(paths: readonly string[]): Tree {
  const root: Tree = {};
  for (const path of paths) {
    let at = root;
    const steps = path.split('.');
    for (const [i, step] of steps.entries()) {
      const next = at[step];
      if (next === true) break;
      if (i === steps.length - 1) at[step] = true;
      else at = at[step] = next ?? {};
    }
  }
  return root;
}

function include(value: unknown, tree: Tree): unknown {
  if (Array.isArray(value))
    return value.filter((v) => isPlainObject(v) || Array.isArray(v)).map((v: unknown) => include(v, tree));
  if (!isPlainObject(value)) return undefined;
  const out: Doc = {};
  for (const [key, item] of Object.entries(value)) {
    const below = tree[key];
    if (below === true) out[key] = item;
    else if (below !== undefined) {
      const kept = include(item, below);
      if (kept !== undefined) out[key] = kept;
    }
  }
  return out;
}

function exclude(value: unknown, tree: Tree): unknown {
  if (Array.isArray(value)) return value.map((v: unknown) => exclude(v, tree));
  if (!isPlainObject(value)) return value;
  const out: Doc = {};
  for (const [key, item] of Object.entries(value)) {
    const below = tree[key];
    if (below !== true) out[key] = below === undefined ? item : exclude(item, below);
  }
  return out;
}

/**
 * Parses a projection of plain inclusions or exclusions; undefined when it keeps everything.
 * Errors: `store.unsupportedOperator` for expressions, positions and mixtures.
 */
export function parseProjection(source: unknown): Project | undefined {
  if (!isPlainObject(source)) return undefined;
  const { kept, dropped } = split(source);
  const id = source['_id'];
  const dropId = id !== undefined && !id;
  if (kept.length > 0 || (id !== undefined && !dropId && dropped.length === 0)) {
    const tree = toTree(dropId ? kept : ['_id', ...kept]);
    return (doc) => include(doc, tree) as Doc;
  }
  if (dropId) dropped.push('_id');
  if (dropped.length === 0) return undefined;
  const tree = toTree(dropped);
  return (doc) => exclude(doc, tree) as Doc;
}

/** Paths to keep and to drop, `_id` aside. */
function split(source: Doc): { kept: string[]; dropped: string[] } {
  const kept: string[] = [];
  const dropped: string[] = [];
  for (const [path, value] of Object.entries(source)) {
    if (path.includes('$') || (typeof value !== 'number' && typeof value !== 'boolean'))
      throw unsupported(`the projection of ${path}`);
    if (path !== '_id') (value ? kept : dropped).push(path);
  }
  if (kept.length > 0 && dropped.length > 0) throw unsupported('a projection that both keeps and drops');
  return { kept, dropped };
}
