import { NOTE_MOST } from '../../../src/contracts/interaction.ts';

/** A text of any length as the notes that hold it, in order: cut at the end of a line or at a blank, never inside of a character. */
export function partsOf(text: string, most: number = NOTE_MOST): string[] {
  const parts: string[] = [];
  let rest = text.trim();
  while (rest.length > most) {
    const end = endOf(rest, most);
    parts.push(rest.slice(0, end).trimEnd());
    rest = rest.slice(end).trimStart();
  }
  return rest === '' ? parts : [...parts, rest];
}

/** A line that ends early would make a short note: then the last blank is better. */
function endOf(text: string, most: number): number {
  const head = text.slice(0, most + 1);
  const line = head.lastIndexOf('\n');
  if (line > most / 2) return line;
  const blank = head.search(/\s\S*$/);
  if (blank > 0) return blank;
  return /[\ud800-\udbff]/.test(text.charAt(most - 1)) ? most - 1 : most;
}
