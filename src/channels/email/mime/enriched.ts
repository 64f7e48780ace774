/** RFC 1896 §3: a command. Nothing else stands behind one `<`. */
const COMMAND = /^<\/?[a-z\d-]{1,60}>/i;
const COMMANDS = /<(?:<|(\/?)([a-z\d-]{1,60})>)/gi;

/**
 * text/enriched (RFC 1896) as plain text: without its commands and their parameters; a line break alone is a blank, and of several in
 * a row one goes. What does not keep to its form stays as it came: a `<` in it may be a word's.
 */
export function enrichedText(given: string): string {
  const text = given.replace(/\r\n?/g, '\n');
  for (let at = text.indexOf('<'); at >= 0; at = text.indexOf('<', at)) {
    if (text[at + 1] === '<') at += 2;
    else if (COMMAND.test(text.slice(at, at + 63))) at += 1;
    else return given;
  }
  const out: string[] = [];
  let unfilled = 0;
  let params = 0;
  let from = 0;
  const say = (words: string): void => {
    if (params > 0) return;
    out.push(
      unfilled > 0
        ? words
        : words.replace(/\n+/g, ({ length }) => (length === 1 ? ' ' : '\n'.repeat(length - 1))),
    );
  };
  for (const found of text.matchAll(COMMANDS)) {
    say(text.slice(from, found.index));
    from = found.index + found[0].length;
    const [, closing, name = ''] = found;
    const step = closing === '/' ? -1 : 1;
    if (found[0] === '<<') say('<');
    else if (name.toLowerCase() === 'param') params = Math.max(0, params + step);
    else if (name.toLowerCase() === 'nofill') unfilled = Math.max(0, unfilled + step);
  }
  // A parameter that never ends would take the rest with it.
  if (params > 0) return given;
  say(text.slice(from));
  return out.join('');
}

/**
 * text/richtext (RFC 1341 §7.1.3), the older form: a line break is a blank, `<nl>` one, `<lt>` a `<`, and what stands in a comment is
 * not shown. What does not keep to its form stays as it came.
 */
export function richText(given: string): string {
  const out: string[] = [];
  let comments = 0;
  let from = 0;
  const say = (words: string): void => {
    if (comments === 0) out.push(words);
  };
  for (const { 0: found, 1: name = '', index } of given.matchAll(/<(\/?[a-z\d-]{1,60})>/gi)) {
    const words = given.slice(from, index);
    if (words.includes('<')) return given;
    say(words.replace(/\s+/g, ' '));
    from = index + found.length;
    const command = name.toLowerCase();
    if (command === 'comment') comments += 1;
    else if (command === '/comment') comments = Math.max(0, comments - 1);
    else say(RICH.get(command) ?? '');
  }
  const rest = given.slice(from);
  if (comments > 0 || rest.includes('<')) return given;
  say(rest.replace(/\s+/g, ' '));
  return out
    .join('')
    .split('\n')
    .map((line) => line.trim())
    .join('\n');
}

const RICH: ReadonlyMap<string, string> = new Map([
  ['lt', '<'],
  ['nl', '\n'],
  ['np', '\n'],
  ['paragraph', '\n'],
  ['/paragraph', '\n'],
]);
