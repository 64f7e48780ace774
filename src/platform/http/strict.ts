import { z } from 'zod';

/** Its client adds a fresh value, so that no cache answers: nobody means anything by it. */
export const CACHE_BUSTER = '_';

/** Of our own API, which says what it takes; what suppliers call may get more some day. */
export const isApi = (path: string): boolean => path.startsWith('/api/');

const never = z.never();

/**
 * The same schema, refusing fields that it does not know, at any depth: what is misspelt would else be left out in silence. A schema
 * that says itself what else it takes (`catchall`) stays as it is.
 */
export function strict(schema: z.core.$ZodType): z.core.$ZodType {
  const { def } = schema._zod as { def: z.core.$ZodTypes['_zod']['def'] };
  switch (def.type) {
    case 'object': {
      const shape = Object.fromEntries(Object.entries(def.shape).map(([name, one]) => [name, strict(one)]));
      return copy(schema, { ...def, shape, catchall: def.catchall ?? never });
    }
    case 'array':
      return copy(schema, { ...def, element: strict(def.element) });
    case 'record':
      return copy(schema, { ...def, valueType: strict(def.valueType) });
    case 'union':
      return copy(schema, { ...def, options: def.options.map(strict) });
    case 'pipe':
      return copy(schema, { ...def, in: strict(def.in), out: strict(def.out) });
    case 'optional':
    case 'nullable':
    case 'default':
    case 'prefault':
    case 'nonoptional':
    case 'readonly':
    case 'catch':
      return copy(schema, { ...def, innerType: strict(def.innerType) });
    default:
      return schema;
  }
}

/** What it is described with goes along. */
const copy = (schema: z.core.$ZodType, def: object): z.core.$ZodType =>
  z.core.clone(schema, def as never, { parent: true });
