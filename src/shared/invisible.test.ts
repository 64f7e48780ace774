import { describe, expect, it } from 'vitest';
import { isBlank, wellFormed, withoutInvisible } from './invisible.ts';

describe('what is not seen', () => {
  it.each([
    '',
    ' \t\n',
    '\u0085',
    '\u00a0',
    '\u00ad',
    '\u034f',
    '\u115f',
    '\u180e',
    '\u200b',
    '\u200c\u200d',
    '\u202e',
  ])('of %j nothing', (text) => {
    expect(isBlank(text)).toBe(true);
  });
  it.each(['\u2028', '\u2800', '\u3164', '\ufe0f', '\uffa0', '\u{1d173}', '\u{e0041}', '\u0301', '\ud800'])(
    'nor of %j',
    (text) => {
      expect(isBlank(text)).toBe(true);
    },
  );
  it.each(['.', '1', 'Ana', '\u2764\ufe0f', '\ud83d\udc68\u200d\ud83d\udc69', '\u2801', '\uac00', 'e\u0301'])(
    'of %j something',
    (text) => {
      expect(isBlank(text)).toBe(false);
    },
  );
  it('is taken out of what is shown; what joins, colours and accents stays', () => {
    expect(withoutInvisible('\ufeffA\u00adn\u3164a\u0085 \u202eS\uffa0\u180e')).toBe('Ana S');
    const kept = '\u2764\ufe0f \ud83d\udc68\u200d\ud83d\udc69 Jose\u0301 \u0928\u200d';
    expect(withoutInvisible(kept)).toBe(kept);
  });
  it('half a character is told as one that is lost, on whichever side it was cut; whole ones stay', () => {
    expect(wellFormed('a\ud83d b\udc68')).toBe('a\ufffd b\ufffd');
    expect(wellFormed('\udc68\ud83d')).toBe('\ufffd\ufffd');
    expect(wellFormed('\ud83d\udc68\ud83d', '_')).toBe('\ud83d\udc68_');
  });
});
