/** Numbers that begin so lose `strip` characters (the + counts) and get `prepend`. */
export interface NumberPrefix {
  readonly prefix: string;
  readonly strip: number;
  readonly prepend: string;
}

/** A number as a carrier wants it: the longest prefix that fits decides. */
export function writtenNumber(prefixes: readonly NumberPrefix[], number: string): string {
  const [rule] = prefixes
    .filter(({ prefix }) => number.startsWith(prefix))
    .sort((a, b) => b.prefix.length - a.prefix.length);
  return rule === undefined ? number : rule.prepend + number.slice(rule.strip);
}
