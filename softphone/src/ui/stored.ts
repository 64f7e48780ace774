import type { z } from 'zod';

/** What the browser keeps under this key; undefined where there is nothing, or what another version wrote. */
export function readStored<T>(memory: Storage | undefined, key: string, schema: z.ZodType<T>): T | undefined {
  try {
    return schema.safeParse(JSON.parse(memory?.getItem(key) ?? 'null') ?? undefined).data;
  } catch {
    return undefined;
  }
}
