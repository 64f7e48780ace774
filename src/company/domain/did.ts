/** A number as trunks send it: with or without +, country, carrier prefix or area. */
export interface DidNumber {
  /** E.164. */
  readonly number: string;
}

/**
 * The DID that was called. Exact first, then by the digits that the trunk left over (Brazilian trunks send 8, 10,
 * 11, 12 or 13), never guessed: two that fit are none.
 */
export function matchDid<T extends DidNumber>(dids: readonly T[], called: string): T | undefined {
  const digits = called.replace(/\D/g, '');
  if (digits.length < 8) return undefined;
  const exact = dids.find((did) => did.number === `+${digits}`);
  if (exact !== undefined) return exact;
  const trimmed = digits.replace(/^0+/, '');
  const fits = dids.filter((did) => did.number.endsWith(trimmed));
  return trimmed.length >= 8 && fits.length === 1 ? fits[0] : undefined;
}
