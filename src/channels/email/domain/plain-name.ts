import { canonicalAddress } from './threads.ts';

/** Wide forms of the sign too: they look the same. */
const ADDRESS =
  /['"<([{]{0,3}(?:mailto:)?([^\s<>()[\]{}"',;:@＠﹫]{1,64})[@＠﹫]([^\s<>()[\]{}"',;:@＠﹫]{1,254})['">)\]}]{0,3}/gu;

/**
 * The name that a mail gives an address, without other addresses in it: whoever reads them takes them for the one that is answered.
 * undefined: nothing else is said.
 */
export function plainName(
  name: string,
  address: string,
): { readonly name: string | undefined; readonly misleads: boolean } {
  const own = canonicalAddress(address);
  const others = Array.from(name.matchAll(ADDRESS)).filter(([, local = '', domain = '']) => {
    const [before, behind] = [local.normalize('NFKC'), domain.normalize('NFKC')];
    // `Vendas@Loja` is a brand.
    return /\.[^.]/.test(behind) && canonicalAddress(`${before}@${behind}`) !== own;
  });
  if (others.length === 0) return { name: name === '' ? undefined : name, misleads: false };
  const words = others
    .reduce((rest, [found]) => rest.replace(found, () => ' '), name)
    .replace(/\s+/g, ' ')
    .replace(/^[ ,;:|–—-]{1,9}/, '')
    .replace(/[ ,;:|–—-]{1,9}$/, '');
  // `'ana@cliente.test' via Suporte`: the list's own words, not a name.
  return { name: /\p{L}/u.test(words) && !/^via /i.test(words) ? words : undefined, misleads: true };
}
