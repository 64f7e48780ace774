import { z } from 'zod';
import { isBlank, withoutInvisible } from '../shared/invisible.ts';
import { fault } from './field-words.ts';

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
/** Marks of direction and zero width, and fillers: what is left of a text where they are taken out. Control characters are refused, not taken out. */
const withoutMarks = (text: string): string => text.replace(/\P{Cc}+/gu, (marks) => withoutInvisible(marks));

/** What nothing at all is refused with: the sentence of what shows nothing. */
const blank = (min: number): readonly string[] => (min === 1 ? [fault('notBlank')] : []);

/**
 * A line of text: no control characters, for names are shown in desks, mails and SIP headers; marks that turn it around or hide in it
 * are taken out. The pattern stands in the document of
 * the API, whose readers know no flags; what needs one is checked beside it.
 */
export const line = (max: number, min = 1) =>
  z
    .string()
    .overwrite((text) => (isBlank(text) ? text : withoutMarks(text)))
    .trim()
    .min(min, ...blank(min))
    .max(max)
    .regex(/^[^\u0000-\u001f\u007f-\u009f\u2028\u2029]*$/, fault('noControls'))
    .refine(isWellFormed, fault('noControls'))
    .refine((text) => text.length < min || min === 0 || !isBlank(text), fault('notBlank'));

/** What people, things and companies are called by: of a full stop or a face alone nobody can speak, and no search finds it. */
export const nameLine = (max: number, min = 1) =>
  line(max, min).refine((text) => isBlank(text) || /[\p{L}\p{N}]/u.test(text), fault('nameless'));

/**
 * Text of several lines, kept as it was written: of the control characters only tab and line ends, for it is shown in desks and
 * sent to customers. With `min` 0 it may be blank.
 */
export const prose = (max: number, min = 1) =>
  z
    .string()
    .min(min, ...blank(min))
    .max(max)
    .regex(/^[^\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f]*$/, fault('noControls'))
    .refine(isWellFormed, fault('noControls'))
    .refine((text) => text.length < min || min === 0 || !isBlank(text), fault('notBlank'));

/**
 * Whom a mail goes to, as mails themselves write it (RFC 5321 §4.1.2): also a local part in quotation marks, dots where old providers
 * allowed them, and an address of numbers. The form of new addresses, which people type, is narrower.
 */
export const mailAddress = z
  .string()
  .max(254)
  .regex(
    /^(?:[^\s@<>,;:"()[\]\\\u0000-\u001f\u007f]+|"(?:[^"\\<>\u0000-\u001f\u007f]|\\["\\])+")@(?:\[[\da-fipvIPV:.]+\]|[^\s@<>,;:"()[\]\\\u0000-\u001f\u007f]+)$/,
    fault('mailAddress'),
  );

/** An optional text in a PATCH: null, or nothing in a form's field, takes it away; left out it stays. */
export const clearable = <T extends z.ZodType>(text: T) =>
  z.preprocess((value) => (value === '' ? null : value), text.nullable()).optional();

/** Lists answer newest first; `nextCursor` is null on the last page. */
export const page = <T extends z.ZodType>(item: T) =>
  z.object({ items: z.array(item), nextCursor: z.string().nullable() });

const limit = z.coerce.number().int().min(1).max(200).default(50);
/** Where a page begins: the id of the last item before it, a ULID. Anything else would be a place that we never gave. */
const cursor = z.string().regex(/^[0-7][0-9A-HJKMNP-TV-Z]{25}$/, fault('cursor'));

export const pageQuery = z.object({ limit, cursor: cursor.optional() });

/** Of a list that always answers whole, whatever the limit: it gives no cursor, so there is none to come back with. */
export const wholeQuery = z.object({
  limit,
  cursor: z
    .string()
    .refine(() => false, fault('cursor'))
    .optional(),
});
