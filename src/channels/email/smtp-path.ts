/** How smtp-server reads `MAIL FROM:<…>` and `RCPT TO:<…>`; false: it is none. */
type ParsePath<P extends { address: string }> = (name: string, command: Buffer | string) => P | false;

/** Before the local part: the command, the bracket, and a source route, which is ignored (RFC 5321 §4.1.2). */
const BEFORE = /^[^:<]{0,20}:\s{0,20}<(?:@[^\s,:@<>"]{1,255}(?:,@[^\s,:@<>"]{1,255}){0,20}:)?/;
/** RFC 5321 §4.1.2, Quoted-string, and beyond ASCII RFC 6531 §3.3; nothing invisible. */
const QUOTED =
  /^"(?:[^"\\\u0000-\u001f\u007f-\u009f\u200b\u2060\ufeff]|\\[\u0020-\u007e]){0,256}"(?=@[^\s<>@]{1,255}>)/;
const STANDS_FOR_IT = 'quoted';
/** RFC 5321 §4.1.2, Dot-string. */
const DOT_STRING = /^[\w!#$%&'*+/=?^`{|}~-]{1,64}(?:\.[\w!#$%&'*+/=?^`{|}~-]{1,64}){0,64}$/;

/** `"suporte"@x.test` and `suporte@x.test` are one mailbox: the short form, where the quotation marks are not needed (RFC 5321 §4.1.2). */
function shortest(quoted: string): string {
  const local = quoted.slice(1, -1).replaceAll(/\\(.)/g, '$1');
  return DOT_STRING.test(local) ? local : quoted;
}

/**
 * The library divides a path at blanks and at every `@`, also inside of quotation marks, and answers 501 to `"a b"@x.test`. So it
 * is given a word in their place, and the quoted local part is put back into what it read.
 */
export const readingQuoted =
  <P extends { address: string }>(parse: ParsePath<P>): ParsePath<P> =>
  (name, command) => {
    const text = command.toString();
    const before = BEFORE.exec(text)?.[0] ?? '';
    const local = before === '' ? undefined : QUOTED.exec(text.slice(before.length))?.[0];
    if (local === undefined) return parse(name, command);
    const read = parse(name, before + STANDS_FOR_IT + text.slice(before.length + local.length));
    if (read === false || !read.address.startsWith(STANDS_FOR_IT)) return read;
    return { ...read, address: shortest(local) + read.address.slice(STANDS_FOR_IT.length) };
  };
