/** `none`: the bytes are what they are. `unknown`: in no way that we know (RFC 2045 §6.4). */
export type Encoding = 'base64' | 'quoted-printable' | 'uuencode' | 'none' | 'unknown';

/**
 * What Content-Transfer-Encoding names (RFC 2045 §6.1), in the spellings that programs have for it: `base64.`, `BASE-64`,
 * `x-base64`, `x-uue`. Of several lines, joined by commas, each once.
 */
export const encodingsOf = (written: string): ReadonlySet<Encoding> =>
  new Set(written.split(',').map((one) => encodingOf(one.toLowerCase().replace(/[^a-z\d]/g, ''))));

function encodingOf(name: string): Encoding {
  if (/base64|^x?b64$/.test(name)) return 'base64';
  if (/quotedprintable|^x?qp$/.test(name)) return 'quoted-printable';
  if (/^x?uu(?:e|en|encode|encoded|code)?$/.test(name)) return 'uuencode';
  return NAMES_OF_NONE.test(name) ? 'none' : 'unknown';
}

/** Charsets and types stand there too; they encode nothing. */
const NAMES_OF_NONE =
  /^(?:[78](?:bits?)?|binary|none|no|identity|utf8|(?:us)?ascii|iso8859\d{1,2}|windows125\d|text(?:plain|html)?)?$/;
