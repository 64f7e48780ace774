import type { TimelineEntry } from '../../../../src/contracts/interaction.ts';

/** Who else the customer's last mail of this contact was written to: whom an answer goes to by default. */
export function replyAllOf(
  interactionId: string,
  entries: readonly TimelineEntry[] | undefined,
): readonly string[] {
  const last = (entries ?? []).findLast(
    ({ message }) => message?.direction === 'inbound' && message.interactionId === interactionId,
  );
  return last?.message?.replyCc ?? [];
}

const ADDRESS = /^(?:[^\s@<>,;]{1,64}|"(?:[^"\\<>]|\\.){1,62}")@[^\s@<>,;]{1,190}\.[^\s@<>,;.]{1,63}$/;

/** Addresses as people paste them: with names, commas, semicolons or line breaks between. */
export function readAddresses(text: string): { readonly good: string[]; readonly bad: string[] } {
  const good: string[] = [];
  const bad: string[] = [];
  for (const part of text.split(/[,;\n]/)) {
    const clean = part.trim();
    if (clean === '') continue;
    const open = clean.lastIndexOf('<');
    const address = (open >= 0 ? clean.slice(open + 1).replace('>', '') : clean).trim().toLowerCase();
    (ADDRESS.test(address) ? good : bad).push(ADDRESS.test(address) ? address : clean);
  }
  return { good: [...new Set(good)], bad };
}
