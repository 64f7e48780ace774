import { describe, expect, it } from 'vitest';
import { NOTE_MOST } from '../../../src/contracts/interaction.ts';
import { partsOf } from './note-parts.ts';

describe('a text that is longer than one note', () => {
  it('is one note up to the limit, and none when it is blank', () => {
    expect(partsOf('x'.repeat(NOTE_MOST))).toHaveLength(1);
    expect(partsOf('um\ndois tres', 12)).toEqual(['um\ndois tres']);
    expect(partsOf(' \n ')).toEqual([]);
  });

  it('is several notes with every word of it, in order', () => {
    const words = Array.from({ length: 900 }, (_none, index) => `palavra${index}`);
    const parts = partsOf(words.join(' '));
    expect(parts).toHaveLength(3);
    expect(parts.every((part) => part.length <= NOTE_MOST)).toBe(true);
    expect(parts.join(' ')).toBe(words.join(' '));
  });

  it('is cut at the end of a line rather than at a blank, unless the note were short', () => {
    expect(partsOf('um dois\ntres quatro', 12)).toEqual(['um dois', 'tres quatro']);
    expect(partsOf('um\ndois tres quatro', 12)).toEqual(['um\ndois tres', 'quatro']);
    expect(partsOf('uma linha\nduas', 9)).toEqual(['uma linha', 'duas']);
  });

  it('is never cut inside of a character', () => {
    expect(partsOf('aaa😀😀', 4)).toEqual(['aaa', '😀😀']);
    expect(partsOf('aa😀😀', 4)).toEqual(['aa😀', '😀']);
  });
});
