import { z } from 'zod';

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
export type Dialing = NonNullable<z.infer<typeof companyView>['dialing']>;
/** What a company that never set it may call (the server's own default). */
export const defaultDialing: Dialing = { countries: ['+55'], premium: false, callsPerMinute: 10 };
export type Company = z.infer<typeof companyView>;

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
