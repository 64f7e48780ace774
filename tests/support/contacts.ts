import type { InteractionView } from '../../src/contracts/interaction.ts';
import { eventually, type Product } from './product.ts';

/** Every contact that matches, whatever the number of pages. */
export async function contacts(product: Product, query: string): Promise<InteractionView[]> {
  const all: InteractionView[] = [];
  let cursor: string | null = null;
  do {
    const more: string = cursor === null ? '' : `&cursor=${encodeURIComponent(cursor)}`;
    const page: { items: InteractionView[]; nextCursor: string | null } = await product.api(
      'supervisor',
      'GET',
      `/api/v1/interactions?limit=200&${query}${more}`,
    );
    all.push(...page.items);
    cursor = page.nextCursor;
  } while (cursor !== null);
  return all;
}

/** Resolves when the operator's softphone is registered (or is not any more). */
export async function phoneIs(product: Product, user: string, up: boolean): Promise<void> {
  await eventually(
    `${user}'s phone ${up ? 'registered' : 'gone'}`,
    () =>
      product.api<{ items: { name: string; softphone: boolean }[] }>('supervisor', 'GET', '/api/v1/agents'),
    (p) => p.items.some((a) => a.softphone === up && a.name.toLowerCase().startsWith(user)),
  );
}
