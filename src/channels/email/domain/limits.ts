import { canonicalAddress } from './threads.ts';

/** How many automatic answers an hour: what stops two machines that do not tell that they are machines. */
export const ACKNOWLEDGEMENTS_PER_HOUR = { sender: 5, domain: 30, mailbox: 1000 } as const;

/** From the eleventh mail of one sender in an hour on, they join one contact. */
export const MAILS_PER_HOUR = 10;

/** One person, however the address is written: no plus tag, no case, and no dots where the provider ignores them. */
export function senderKey(address: string): string {
  const canonical = canonicalAddress(address);
  const at = canonical.lastIndexOf('@');
  const local = canonical.slice(0, Math.max(0, at));
  const domain = canonical.slice(at + 1);
  if (domain !== 'gmail.com' && domain !== 'googlemail.com') return canonical;
  return `${local.replaceAll('.', '')}@gmail.com`;
}

/** null: a public provider, whose addresses belong to people who have nothing to do with each other. */
export function limitedDomain(address: string): string | null {
  const domain = senderKey(address).split('@').at(-1) ?? '';
  return domain === '' || PUBLIC.test(domain) ? null : domain;
}

const PUBLIC =
  /^(?:gmail\.com|(?:hotmail|outlook|live|msn)\.com(?:\.br)?|yahoo\.com(?:\.br)?|ymail\.com|icloud\.com|me\.com|mac\.com|aol\.com|proton(?:mail)?\.(?:com|me)|pm\.me|gmx\.(?:com|net|de)|mail\.com|zoho\.com|uol\.com\.br|bol\.com\.br|terra\.com\.br|ig\.com\.br|globo\.com|globomail\.com|oi\.com\.br|r7\.com|zipmail\.com\.br)$/;
