import { z } from 'zod';

/** What the supplier posts. The id stands in the text too: that is what the operator's socket is watched for. */
export const inbound = z.object({ id: z.string(), from: z.string(), text: z.string() });
export type Inbound = z.infer<typeof inbound>;

export const textOf = (id: number): string =>
  `#${id} ${'Olá, estou sem internet desde ontem à noite. '.repeat(4)}`;
export const idOf = (text: string): number => Number(/^#(\d+) /.exec(text)?.[1]);

/** As many customers write as events arrive at once in a burst. */
export const CUSTOMERS: readonly string[] = Array.from({ length: 64 }, (_, n) => `+5511987654${100 + n}`);
export const customerOf = (id: number): string => CUSTOMERS[id % CUSTOMERS.length] ?? '';
