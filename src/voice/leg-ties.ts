import type { MediaEndpoint, SipDialog } from './ports.ts';

/** What the signalling of a leg means for its sound, whoever's leg it is. Set once, when both are there. */
export function tieLeg(dialog: SipDialog, endpoint: Pick<MediaEndpoint, 'press' | 'offer'>): void {
  // The leg may end while the key is on its way.
  dialog.onInfoDigit((digit) => void endpoint.press(digit).catch(() => undefined));
  dialog.onOfferWanted(() => endpoint.offer());
}
