import { z } from 'zod';

/** Wire forms shared by every contract: UTC ISO times, roles, channels, problem documents (RFC 9457). */
export const isoTime = z.iso.datetime();
export const channel = z.enum(['voice', 'whatsapp', 'sms', 'email', 'webchat']);
export type Channel = z.infer<typeof channel>;
export const role = z.enum(['operator', 'supervisor', 'admin']);
export type Role = z.infer<typeof role>;

export const problem = z.object({
  type: z.string(),
  title: z.string(),
  status: z.number().int(),
  code: z.string(),
  detail: z.string().optional(),
  errors: z.array(z.object({ path: z.string(), message: z.string() })).optional(),
});
export type Problem = z.infer<typeof problem>;

/** Half of a pair of UTF-16 is no letter. */
const isWellFormed = (text: string): boolean => !/\p{Cs}/u.test(text);

/**
 * A line of text: no control characters, for names are shown in desks, mails and SIP headers. The pattern stands in the document of
 * the API, whose readers know no flags; what needs one is checked beside it.
 */
export const line = (max: number, min = 1) =>
  z
    .string()
    .trim()
    .min(min)
    .max(max)
    .regex(/^[^\u0000-\u001f\u007f-\u009f]*$/, 'No control characters')
    .refine(isWellFormed, 'No control characters');

/** An optional text in a PATCH: null, or nothing in a form's field, takes it away; left out it stays. */
export const clearable = <T extends z.ZodType>(text: T) =>
  z.preprocess((value) => (value === '' ? null : value), text.nullable()).optional();

/** Lists answer newest first; `nextCursor` is null on the last page. */
export const page = <T extends z.ZodType>(item: T) =>
  z.object({ items: z.array(item), nextCursor: z.string().nullable() });

export const pageQuery = z.object({
  limit: z.coerce.number().int().min(1).max(200).default(50),
  cursor: z.string().max(512).optional(),
});
