/**
 * Whether two renderings of one mail (multipart/alternative, RFC 2046 §5.1.4) say the same to a person. Words count; spaces, case,
 * accents, marks, links, pictures and what programs add at either end do not. Each character is looked at a fixed number of times.
 */
export function sayTheSame(one: string, other: string): boolean {
  const [a, b] = [linesOf(one), linesOf(other)];
  const [ofA, ofB] = [extras(a, b), extras(b, a)];
  const shorter = Math.min(sizeOf(a), sizeOf(b));
  const longer = Math.max(sizeOf(a), sizeOf(b));
  if (ofA.numbers > 0 && ofB.numbers > 0) return false;
  if (Math.min(ofA.words, ofB.words) > shorter * CHANGED) return false;
  return Math.max(ofA.words, ofB.words) <= longer * ADDED;
}

/** Words that stand in one rendering instead of others, as a share of the shorter one: no program writes two texts for one. */
const CHANGED = 0.02;
/** Words that only one rendering has, as a share of the longer one: a program's own. One word of a short mail may be its whole sense. */
const ADDED = 0.05;

/** Of what is far longer, the start is compared. */
const MAX_LENGTH = 200_000;

interface Line {
  readonly words: readonly string[];
  /** A program, a lawyer or a newsletter speaks. */
  readonly isFooter: boolean;
}

const linesOf = (text: string): readonly Line[] =>
  withoutMarks(text.slice(0, MAX_LENGTH))
    .split('\n')
    .map((line) => ({ words: line.match(WORD) ?? [], isFooter: FOOTER.test(line.slice(0, 1000)) }))
    .filter(({ words }) => words.length > 0);

const sizeOf = (lines: readonly Line[]): number => lines.reduce((sum, { words }) => sum + words.length, 0);

/** One word a character where a language writes no spaces. */
const WORD = /[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Thai}\p{sc=Khmer}\p{sc=Lao}]|[\p{L}\p{N}]+/gu;

const withoutMarks = (text: string): string =>
  text
    .replace(/\b(?:https?:\/\/|www\.|mailto:|tel:)[^\s<>()[\]]+/gi, ' ')
    // What a link says beside its words, and a picture in the place of its name.
    .replace(/[<(][^\s<>()@]{1,80}@[^\s<>()@]{1,255}[>)]|\[[^[\]\n]{1,300}\]/g, ' ')
    .normalize('NFKD')
    .replace(/[\p{M}\u00ad\u200b-\u200d\u2060\ufeff]/gu, '')
    .toLowerCase()
    .replace(/^[ \t>]*(?:\d{1,3}|[a-z])[.)][ \t]/gm, ' ');

const FOOTER = new RegExp(
  [
    '^[\\s*_>-]*(?:enviado (?:do|de|desde|pelo|a partir do)|sent (?:from|with|via|by)) ',
    '^[\\s*_>-]*(?:obter?|baixe|get|obtener) (?:o )?outlook',
    'unsubscribe|opt.?out|(?:des|cancelar a? ?)(?:cadastr|inscri|assina)|darse de baja',
    '(?:no|in your|your|en el|seu) (?:navegador|browser)',
    'confiden[ct]ia|privileged|destinatario|intended recipient',
    '(?:antes de|before) (?:imprimir|printing)|nao imprima',
    '(?:todos os|all) (?:direitos|rights)|politica de privacidade|privacy policy|©',
    'livre de virus|virus.free|verificado por|scanned by',
    'voce (?:esta recebendo|recebeu) est[ea]|you (?:are receiving|received) this',
  ].join('|'),
);

/** Words that only these lines have, counted as often as they lack; footers of this side alone are left out, and numbers counted too. */
function extras(
  lines: readonly Line[],
  others: readonly Line[],
): { readonly words: number; readonly numbers: number } {
  const left = new Map<string, number>();
  for (const { words } of others) for (const word of words) left.set(word, (left.get(word) ?? 0) + 1);
  const found = { words: 0, numbers: 0 };
  let inFooter = false;
  for (const { words, isFooter } of lines) {
    const lacking = words.filter((word) => {
      const times = left.get(word) ?? 0;
      left.set(word, times - 1);
      return times < 1;
    });
    // A footer goes on until both say something again.
    if (isFooter) inFooter = true;
    else if (lacking.length * 2 < words.length) inFooter = false;
    if (inFooter) continue;
    found.words += lacking.length;
    found.numbers += lacking.filter((word) => /\p{N}/u.test(word)).length;
  }
  return found;
}
