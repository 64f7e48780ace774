import { z } from 'zod';

/** Why the search found somebody: the field, and what stands there. */
const matched = z.object({
  field: z.enum(['document', 'phone', 'email', 'key', 'code', 'name', 'tradeName', 'district', 'address']),
  text: z.string(),
});
export type Matched = z.infer<typeof matched>;

/** One line of `GET /customers`; what a page does not need is left out on purpose. */
export const customerView = z.object({
  id: z.string(),
  name: z.string(),
  tradeName: z.string().optional(),
  documentMasked: z.string().default(''),
  phones: z.array(z.string()).default([]),
  emails: z.array(z.string()).default([]),
  address: z.string().optional(),
  district: z.string().optional(),
  since: z.string().optional(),
  matched: matched.optional(),
});
export type Customer = z.infer<typeof customerView>;

/** `GET /protocols?number=` and `/protocols/{number}`: one numbered demand; its contacts are asked for apart. */
export const protocolView = z.looseObject({
  number: z.string(),
  type: z.string().optional(),
  status: z.string().optional(),
  openedAt: z.string().optional(),
  subject: z.string().nullish(),
  customer: z.object({ id: z.string(), name: z.string() }).nullish(),
});
export type Protocol = z.infer<typeof protocolView>;

/** 16 digits, however they were spaced, are a protocol. */
export function protocolIn(search: string): string | null {
  const bare = search.replace(/[\s.-]/g, '');
  return /^\d{16}$/.test(bare) ? bare : null;
}
