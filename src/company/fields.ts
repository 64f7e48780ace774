import { z } from 'zod';
import { nameLine } from '../contracts/common.ts';
import { fault } from '../contracts/field-words.ts';
import { DIALING_PREFIX, ranges, whole } from '../contracts/ranges.ts';

/** No control characters: names are shown in desks, mails and SIP headers. */
export const words = nameLine(120);

const timeZone = z
  .string()
  .refine((zone) => Intl.supportedValuesOf('timeZone').includes(zone), fault('timeZone'));

/** What a company tells of itself. */
export const companyFields = z.object({
  name: words,
  timeZone,
  regime: z.enum(['grande', 'ppp', 'micro']),
  locale: z.enum(['pt-BR', 'en']),
  /** Two letters, for state holidays. */
  state: z
    .string()
    .regex(/^[A-Z]{2}$/, fault('state'))
    .optional(),
  /** Where its people may call; without it Brazil, no premium numbers, 10 calls a minute for each person. */
  dialing: z
    .object({
      countries: z
        .array(z.string().regex(DIALING_PREFIX, fault('prefix')))
        .max(50)
        .readonly(),
      premium: z.boolean(),
      callsPerMinute: whole(ranges.callsPerMinute).default(10),
    })
    .optional(),
});
