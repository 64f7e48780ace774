/**
 * A field's keyword, cut: parameters and comments say nothing of it (RFC 3834 §5, RFC 3464 §2.1.1); comments may stand in each other
 * (RFC 5322 §3.2.2).
 */
export function keywordOf(text: string): string {
  let depth = 0;
  let keyword = '';
  for (const [found] of text.slice(0, 500).matchAll(/\\[\s\S]?|[\s\S]/g)) {
    if (found === ')' && depth > 0) depth--;
    else if (found === '(') depth++;
    else if (depth === 0 && found === ';') break;
    else if (depth === 0) keyword += found;
  }
  return keyword;
}
