import { describe, expect, it } from 'vitest';
import { isAtFoot, newestPlace } from './timeline-place.ts';

describe('where a timeline opens', () => {
  const box = { scrollHeight: 1000, clientHeight: 200 };

  it('is its foot, as long as the newest message can be seen from its start', () => {
    expect(newestPlace(box, null)).toBe(800);
    expect(newestPlace(box, 900)).toBe(800);
    expect(newestPlace(box, 808)).toBe(800);
  });

  it('is the start of the newest message, when that is longer than what is seen', () => {
    expect(newestPlace(box, 500)).toBe(492);
    expect(newestPlace(box, 3)).toBe(0);
    expect(isAtFoot(box, 492)).toBe(false);
    expect(isAtFoot(box, 760)).toBe(false);
    expect(isAtFoot(box, 761)).toBe(true);
  });

  it('is the top of what needs no scrolling', () => {
    for (const top of [20, null]) expect(newestPlace({ scrollHeight: 100, clientHeight: 200 }, top)).toBe(0);
  });
});
