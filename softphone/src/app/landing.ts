/** Runs something later; the answer takes it back. */
type Later = (run: () => void, ms: number) => () => void;

/** As long as a second press counts (`ARMED_MS`): an Enter within it belongs to the press that took the control away, ms. */
export const FRESH_MS = 2000;

/** What the rule needs of a page; `landing-page.ts` is the browser's. */
export interface Screen<Place> {
  /** What has the focus; null: nothing has. */
  active: () => Place | null;
  /** `gone` is on the page no more; `deaf` takes no focus now, but may again: a button while its request is on the way. */
  stateOf: (place: Place) => 'there' | 'deaf' | 'gone';
  /** Where somebody goes on whose control is gone. */
  next: () => Place;
  /** `fresh`: Enter takes no offer there yet. */
  land: (place: Place, fresh: boolean) => void;
  /** Enter takes offers there again. */
  settle: (place: Place) => void;
  focus: (place: Place) => void;
}

export interface Landing<Place> {
  /** Somebody chose this place, or, with null, a part of the page that takes no focus. */
  chosen: (place: Place | null) => void;
  /** Something on the page changed. */
  changed: () => void;
  stop: () => void;
}

/**
 * The rule for each control that goes with its own act, or that the server takes away: its focus goes to the next sensible
 * place and never to nowhere. Until somebody chooses, it goes along when a better place appears. A control that was only
 * busy gets its focus back.
 */
export function createLanding<Place>(screen: Screen<Place>, later: Later): Landing<Place> {
  /** What somebody chose last; null: nothing. */
  let last: Place | null = null;
  let landed: Place | null = null;
  let fresh = false;
  let forget: (() => void) | null = null;
  const settle = (): void => {
    forget?.();
    forget = null;
    fresh = false;
    if (landed !== null) screen.settle(landed);
  };
  const land = (place: Place): void => {
    landed = place;
    screen.land(place, fresh);
  };
  const leave = (): void => {
    forget?.();
    forget = null;
    fresh = false;
    landed = null;
  };
  const lost = (chosen: Place): void => {
    const active = screen.active();
    if ((active !== null && active !== chosen) || screen.stateOf(chosen) === 'there') return;
    fresh = true;
    forget?.();
    forget = later(settle, FRESH_MS);
    land(screen.next());
  };
  return {
    chosen: (place) => {
      if (place !== null && place === landed) return;
      leave();
      last = place;
    },
    changed: () => {
      if (last === null) return;
      if (landed === null) {
        lost(last);
        return;
      }
      if (screen.stateOf(last) === 'there') {
        leave();
        screen.focus(last);
        return;
      }
      const active = screen.active();
      const next = screen.next();
      if (active === null || (active === landed && active !== next)) land(next);
    },
    stop: leave,
  };
}
