export interface Canned {
  key: string;
  title: string;
  text: string;
}

/** What stands after the `/` that begins the last word, or null: "bom dia /se" → "se". */
export function cannedQuery(value: string): string | null {
  return /(?:^|\s)\/(\S*)$/.exec(value)?.[1] ?? null;
}

export function matchCanned(all: readonly Canned[], search: string): Canned[] {
  const plain = (text: string): string => text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();
  const wanted = plain(search);
  return all.filter((one) => plain(`${one.key} ${one.title}`).includes(wanted)).slice(0, 6);
}

/** `{nome}`, `{protocolo}` and `{operador}` are filled; an unknown word in braces stays, to be seen. */
export function fillCanned(
  text: string,
  facts: { name: string; protocol: string; operator: string },
): string {
  const values: Readonly<Record<string, string>> = {
    nome: facts.name.split(' ')[0] ?? facts.name,
    protocolo: facts.protocol,
    operador: facts.operator,
  };
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => values[name] ?? whole);
}
