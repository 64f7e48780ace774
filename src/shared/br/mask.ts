import { maskDocument, parseDocument } from './documents.ts';
import { maskPhone, parsePhone } from './phone.ts';

/** Long enough to tell what somebody looked for. */
const MOST = 120;

/** Eight digits and more are a phone, a document or a card, however they are written. */
const NUMBERS = /\(?\d(?:[\s().+/-]{0,3}\d){7,}/g;

/** A word, and whether it stands before an @: words are taken whole, so that a long one is read once. */
const ADDRESS = /([\p{L}\d._%+-]{1,2})[\p{L}\d._%+-]*(@(?=[\p{L}\d]))?/gu;

const maskDigits = (run: string): string => {
  const document = parseDocument(run);
  if (document !== undefined) return maskDocument(document.value);
  const phone = parsePhone(run);
  return phone === undefined ? `${run.slice(0, 2)}****${run.slice(-2)}` : maskPhone(phone.value);
};

/** Text that people typed, as logs may keep it: enough to recognise a document, a phone or an address, not enough to use it. */
export function maskPersonal(text: string): string {
  const plain = text.replace(/\p{C}/gu, ' ');
  const document = parseDocument(plain);
  const masked =
    document === undefined
      ? plain
          .replace(ADDRESS, (word: string, head: string, at?: string) =>
            at === undefined ? word : `${head}…@`,
          )
          .replace(NUMBERS, maskDigits)
      : maskDocument(document.value);
  return masked.length > MOST ? `${masked.slice(0, MOST)}…` : masked;
}
