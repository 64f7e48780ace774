import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createBodyHash } from './content-hash.ts';

const hashOf = (mail: string, size = mail.length) => {
  const hash = createBodyHash();
  for (let at = 0; at < mail.length; at += size)
    hash.update(Buffer.from(mail.slice(at, at + size), 'latin1'));
  return hash.digest();
};
const MAIL = 'Received: a\r\nSubject: x\r\n\r\num\r\n\r\ndois\r\n';

describe('what a mail says', () => {
  it('is its body, however it came and whatever its header says', () => {
    for (let size = 1; size <= MAIL.length; size++) expect(hashOf(MAIL, size)).toBe(hashOf(MAIL));
    expect(hashOf(`Received: b\r\n${MAIL}`)).toBe(hashOf(MAIL));
    expect(hashOf(`${MAIL}\r\n\r\n`)).toBe(hashOf(MAIL));
    expect(hashOf(MAIL.replace('dois', 'tres'))).not.toBe(hashOf(MAIL));
    expect(hashOf(MAIL.replace('\r\n\r\ndois', '\r\ndois'))).not.toBe(hashOf(MAIL));
    expect(hashOf('Subject: x')).toBe(hashOf('Subject: y\r\n\r\n'));
  });
  it('does not hang on where it was cut', () => {
    const text = fc.string({ unit: fc.constantFrom('a', '\r', '\n', ':'), maxLength: 60 });
    fc.assert(
      fc.property(text, fc.integer({ min: 1, max: 7 }), (mail, size) => hashOf(mail, size) === hashOf(mail)),
      { numRuns: 300, seed: 1126 },
    );
  });
});
