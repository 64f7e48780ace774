import { z } from 'zod';
import { DIALING_PREFIX } from '../../../src/contracts/ranges.ts';

/** What the first administrator's company is called where nobody gave it a name (`ensureFirst` on the server). */
const UNNAMED = 'Minha empresa';

export const companyView = z.object({
  name: z.string(),
  timeZone: z.string(),
  regime: z.enum(['grande', 'ppp', 'micro']),
  /** Two letters, for state holidays. */
  state: z.string().nullish(),
  dialing: z
    .object({ countries: z.array(z.string()), premium: z.boolean(), callsPerMinute: z.number() })
    .optional(),
});
type View = z.infer<typeof companyView>;
/** In the form the number is what is typed, which may be none yet. */
export type Dialing = Omit<NonNullable<View['dialing']>, 'callsPerMinute'> & {
  callsPerMinute: string | number;
};
/** What a company that never set it may call (the server's own default). */
export const defaultDialing: Dialing = { countries: ['+55'], premium: false, callsPerMinute: 10 };
export type Company = Omit<View, 'dialing'> & { dialing?: Dialing | undefined };

/** What of a form is kept while it is not saved. */
export const companyTyped = companyView.partial().extend({
  dialing: z
    .object({
      countries: z.array(z.string()),
      premium: z.boolean(),
      callsPerMinute: z.union([z.string(), z.number()]),
    })
    .optional(),
});

/** The same with the first administrator; the password is kept nowhere. */
export const newCompanyTyped = companyTyped.extend({
  key: z.string().optional(),
  adminName: z.string().optional(),
  username: z.string().optional(),
});

/** What the server takes of it, once the form accepts all its fields. */
export const dialingBody = (dialing: Dialing) => ({
  ...dialing,
  callsPerMinute: Number(dialing.callsPerMinute),
});

/** As the server judges it. */
export const isPrefix = (text: string): boolean => DIALING_PREFIX.test(text);

/** "+55", "55 11", "0055": all the beginning of an international number; whatever is none stays as it was typed. */
export const prefixesOf = (typed: readonly string[]): string[] => [
  ...new Set(
    typed.map((text) => {
      const prefix = `+${text.replace(/[\s()-]/g, '').replace(/^(\+|00)/, '')}`;
      return isPrefix(prefix) ? prefix : text;
    }),
  ),
];

export const isNamed = ({ name }: Pick<Company, 'name'>): boolean => name.trim() !== '' && name !== UNNAMED;

export const states =
  'AC AL AM AP BA CE DF ES GO MA MG MS MT PA PB PE PI PR RJ RN RO RR RS SC SE SP TO'.split(' ');

/** Zones of Brazil first; the company's own is always among them. */
export function timeZones(own: string): string[] {
  const brazil = [
    'America/Sao_Paulo',
    'America/Manaus',
    'America/Cuiaba',
    'America/Campo_Grande',
    'America/Belem',
    'America/Fortaleza',
    'America/Recife',
    'America/Bahia',
    'America/Maceio',
    'America/Araguaina',
    'America/Santarem',
    'America/Porto_Velho',
    'America/Boa_Vista',
    'America/Rio_Branco',
    'America/Eirunepe',
    'America/Noronha',
  ];
  return [...new Set([...brazil, own, ...Intl.supportedValuesOf('timeZone')])];
}
