import { describe, expect, it } from 'vitest';
import { createLanding, FRESH_MS, outward, type Screen } from './landing.ts';

/** A page of named controls; `rest` is where somebody goes on, `rows` are those of a list. */
function page(rows: string[] = []) {
  const state = new Map<string, 'there' | 'deaf' | 'gone'>();
  let active: string | null = null;
  let rest = 'list';
  let timer: { run: () => void; ms: number } | null = null;
  const fresh = new Set<string>();
  const screen: Screen<string> = {
    active: () => active,
    stateOf: (place) => state.get(place) ?? 'there',
    next: () => rest,
    rowsBeside: (place) => {
      const at = rows.indexOf(place);
      const beside = outward(rows, at);
      return at < 0 ? null : () => beside.find((one) => (state.get(one) ?? 'there') === 'there') ?? null;
    },
    land: (place, isFresh) => {
      fresh.clear();
      if (isFresh) fresh.add(place);
      // A browser tells every change of the focus, also one that nobody chose.
      choose(place);
    },
    settle: (place) => fresh.delete(place),
    focus: (place) => choose(place),
  };
  const landing = createLanding(screen, (run, ms) => {
    const mine = { run, ms };
    timer = mine;
    return () => {
      if (timer === mine) timer = null;
    };
  });
  const choose = (place: string | null): void => {
    active = place;
    landing.chosen(place);
  };
  return {
    landing,
    choose,
    active: () => active,
    /** Enter takes no offer. */
    isFresh: () => active !== null && fresh.has(active),
    wait: () => timer,
    /** `keeps`: some browsers leave the focus on a control that has become deaf. */
    becomes: (place: string, next: 'there' | 'deaf' | 'gone', keeps = false) => {
      state.set(place, next);
      if (next !== 'there' && active === place && !keeps) active = null;
      landing.changed();
    },
    goesOn: (place: string) => {
      rest = place;
      landing.changed();
    },
  };
}

describe('the focus of a control that is gone', () => {
  it('goes to where somebody goes on, and Enter takes nothing there until a second press would count no more', () => {
    const one = page();
    one.choose('hang up');
    one.becomes('hang up', 'gone');
    expect([one.active(), one.isFresh()]).toEqual(['list', true]);
    expect(one.wait()?.ms).toBe(FRESH_MS);
    one.wait()?.run();
    expect([one.active(), one.isFresh()]).toEqual(['list', false]);
  });

  it('goes along to the contact that is opened next, and from a place that goes in its turn', () => {
    const one = page();
    one.choose('accept');
    one.becomes('accept', 'gone');
    one.goesOn('heading 1');
    expect([one.active(), one.isFresh()]).toEqual(['heading 1', true]);
    one.wait()?.run();
    one.goesOn('heading 2');
    expect([one.active(), one.isFresh()]).toEqual(['heading 2', false]);
    one.becomes('heading 2', 'gone');
    expect(one.active()).toBe('heading 2');
  });

  it('stays where somebody went since', () => {
    const one = page();
    one.choose('reject');
    one.becomes('reject', 'gone');
    one.choose('composer');
    expect(one.wait()).toBeNull();
    one.goesOn('heading');
    expect(one.active()).toBe('composer');
    // A control that goes while the focus is elsewhere takes it nowhere.
    one.becomes('list', 'gone');
    expect(one.active()).toBe('composer');
  });

  it('is left alone after a press beside every control', () => {
    const one = page();
    one.choose('close');
    one.choose(null);
    one.becomes('close', 'gone');
    expect(one.active()).toBeNull();
  });

  it.each([false, true])('comes back to a control that was only busy; kept by the browser: %s', (keeps) => {
    const one = page();
    one.choose('save');
    one.becomes('save', 'deaf', keeps);
    expect([one.active(), one.isFresh()]).toEqual(['list', true]);
    one.becomes('save', 'there');
    expect([one.active(), one.isFresh()]).toEqual(['save', false]);
    expect(one.wait()).toBeNull();
  });

  it('and leaves no timer behind', () => {
    const one = page();
    one.choose('save');
    one.becomes('save', 'gone');
    one.landing.stop();
    expect(one.wait()).toBeNull();
  });
});

describe('the focus of a control that goes with its row', () => {
  it('goes to the next row, of the last one to the row before, and then to where somebody goes on', () => {
    const one = page(['a', 'b', 'c']);
    one.choose('b');
    const went = ['b', 'c', 'a'].map((gone) => {
      one.becomes(gone, 'gone');
      return one.active();
    });
    expect(went).toEqual(['c', 'a', 'list']);
  });

  it('knows the rows that came since, and passes over those that are gone or busy', () => {
    const rows = ['a'];
    const one = page(rows);
    one.choose('a');
    rows.push('b', 'c', 'd');
    one.goesOn('list');
    one.becomes('b', 'gone');
    one.becomes('c', 'deaf');
    one.becomes('a', 'gone');
    expect(one.active()).toBe('d');
    rows.push('e');
    one.goesOn('heading');
    one.becomes('d', 'gone');
    expect(one.active()).toBe('e');
  });

  it('stays in the list, and leaves it for good where nothing was left of it', () => {
    const one = page(['a', 'b']);
    one.choose('a');
    one.becomes('b', 'deaf');
    one.becomes('a', 'gone');
    expect(one.active()).toBe('list');
    one.becomes('b', 'there');
    expect(one.active()).toBe('list');
    one.choose('b');
    one.goesOn('heading');
    expect(one.active()).toBe('b');
  });

  it('waits elsewhere while the control is busy, comes back to it, and goes to the next row when it is gone', () => {
    const one = page(['a', 'b', 'c']);
    one.choose('a');
    one.becomes('a', 'deaf');
    expect(one.active()).toBe('list');
    one.becomes('a', 'there');
    expect(one.active()).toBe('a');
    one.becomes('a', 'deaf');
    one.becomes('a', 'gone');
    expect(one.active()).toBe('b');
    one.becomes('b', 'deaf');
    expect(one.active()).toBe('list');
    one.becomes('b', 'there');
    expect([one.active(), one.isFresh()]).toEqual(['b', false]);
  });

  it('goes along to no row when somebody chose another place', () => {
    const one = page(['a', 'b']);
    one.choose('a');
    one.choose('composer');
    one.becomes('a', 'gone');
    expect(one.active()).toBe('composer');
  });
});
