/** Lower case without accents, for comparing what people type. */
export function fold(text: string): string {
  return text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();
}

/** The words of a name worth searching by, folded, without repeats. */
export function nameTokens(...names: readonly (string | undefined)[]): string[] {
  const words = names.flatMap((name) => (name === undefined ? [] : fold(name).split(/[^\p{L}\p{N}]+/u)));
  return [...new Set(words.filter((word) => word.length > 1))];
}
