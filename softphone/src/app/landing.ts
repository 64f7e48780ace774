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
  /** Where somebody goes on whose control is gone, and stood in no row. */
  next: () => Place;
  /**
   * Asked while the control is on the page; the answer, asked when it is gone, is the same control of the next row of its list, else of
   * the row before. null: it stands in no row.
   */
  rowsBeside: (place: Place) => (() => Place | null) | null;
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

/** The rows beside one of a list in the order in which somebody goes on: those that follow, then those before, nearest first. */
export const outward = <T>(rows: readonly T[], at: number): readonly T[] => [
  ...rows.slice(at + 1),
  ...rows.slice(0, Math.max(0, at)).reverse(),
];

/**
 * The rule for each control that goes with its own act, or that the server takes away: its focus goes to the same
 * control of the next row where it stood in a list, else to the next sensible place, and never to nowhere. Until somebody chooses,
 * it goes along when a better place appears, but stays in a list. A control that was only busy gets its focus back.
 */
export function createLanding<Place>(screen: Screen<Place>, later: Later): Landing<Place> {
  /** What somebody chose last, or the row's control that the focus went on to; null: nothing. */
  let last: Place | null = null;
  let rowBeside: (() => Place | null) | null = null;
  let landed: Place | null = null;
  let fresh = false;
  let forget: (() => void) | null = null;
  const settle = (): void => {
    forget?.();
    forget = null;
    fresh = false;
    if (landed !== null) screen.settle(landed);
  };
  const hold = (place: Place | null): void => {
    last = place;
    rowBeside = place === null ? null : screen.rowsBeside(place);
  };
  const leave = (): void => {
    forget?.();
    forget = null;
    fresh = false;
    landed = null;
  };
  const onward = (from: Place): { place: Place; inRow: boolean } => {
    const row = screen.stateOf(from) === 'gone' ? (rowBeside?.() ?? null) : null;
    return { place: row ?? screen.next(), inRow: row !== null };
  };
  const goOn = (from: Place, { place, inRow }: { place: Place; inRow: boolean }): void => {
    if (inRow) hold(place);
    // A list without another row is left for good, whatever comes into it.
    else if (screen.stateOf(from) === 'gone') rowBeside = null;
    landed = place;
    screen.land(place, fresh);
  };
  const lost = (from: Place): void => {
    fresh = true;
    forget?.();
    forget = later(settle, FRESH_MS);
    goOn(from, onward(from));
  };
  /** Since the focus went on from one place to another: to a better one, or back. */
  const follow = (from: Place, on: Place): void => {
    const active = screen.active();
    if (screen.stateOf(from) === 'there') {
      if (from === on) return;
      leave();
      screen.focus(from);
      return;
    }
    if (active !== null && active !== on) return;
    const to = onward(from);
    if (from === on) lost(from);
    else if (active === null || to.place !== on) goOn(from, to);
  };
  return {
    chosen: (place) => {
      if (place !== null && place === landed) return;
      leave();
      hold(place);
    },
    changed: () => {
      if (last === null) return;
      // Rows come and go while the control stays.
      if (screen.stateOf(last) !== 'gone') rowBeside = screen.rowsBeside(last);
      if (landed !== null) {
        follow(last, landed);
        return;
      }
      const active = screen.active();
      if ((active === null || active === last) && screen.stateOf(last) !== 'there') lost(last);
    },
    stop: leave,
  };
}
