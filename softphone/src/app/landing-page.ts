import { createLanding, outward, type Screen } from './landing.ts';
import { isNowhere, LANDED, SETTLED } from './keys.ts';

/** The open contact before the list of work, then what the page is about. */
const places = ['.contact-head h1', '.desk .side.left', '#body h1', '#body'];

/** Rows of lists whose controls act on their row. Not offers: one press there takes the next one (`Offers.tsx`). */
const ROWS = 'tbody tr, .bar-list > .bar, [data-row]';
const CONTROLS = 'button, a[href], input, select, textarea';

const kindOf = (control: Element): string => `${control.tagName} ${control.className}`;

/** The controls of a row that look like this one, last first: rows have more of other kinds before them, seldom behind. */
const alike = (row: Element, kind: string): Element[] =>
  (row.matches(CONTROLS) ? [row] : [...row.querySelectorAll(CONTROLS)])
    .filter((one) => kindOf(one) === kind)
    .reverse();

/** Nobody has seen yet where the focus went: a press within it was meant for the row that is gone, ms. */
const UNSEEN_MS = 300;

/** `Screen.rowsBeside` of a document. */
function rowsBeside(place: Element): (() => Element | null) | null {
  const row = place.closest(ROWS);
  if (row?.parentElement == null) return null;
  const kind = kindOf(place);
  const at = alike(row, kind).indexOf(place);
  const all = [...row.parentElement.children].filter((one) => one.matches(ROWS));
  const beside = outward(all, all.indexOf(row));
  return () => {
    for (const one of beside) {
      const control = one.isConnected ? alike(one, kind)[at] : undefined;
      if (control?.matches(':disabled') === false) return control;
    }
    return null;
  };
}

/** Of a browser's document; the answer ends it. */
export function keepFocus(doc: Document): () => void {
  /** The dialog in which the last control stood: while it is open nothing beside it takes the focus. */
  let dialog: Element | null = null;
  /** The control of a row that the focus went on to, and when, as events count time. */
  let row: { place: Element | null; at: number } = { place: null, at: 0 };
  const active = (): Element | null => (isNowhere(doc.activeElement) ? null : doc.activeElement);
  const screen: Screen<Element> = {
    active,
    stateOf: (place) => (!place.isConnected ? 'gone' : place.matches(':disabled') ? 'deaf' : 'there'),
    next: () => {
      if (dialog?.isConnected === true) return dialog;
      for (const place of places) {
        const found = doc.querySelector(place);
        if (found !== null) return found;
      }
      return doc.body;
    },
    rowsBeside,
    land: (place, fresh) => {
      if (!(place instanceof HTMLElement)) return;
      // A control of a row is one that somebody could have chosen: Enter presses it, and it is no place of rest.
      if (place.matches(CONTROLS)) {
        row = { place, at: performance.now() };
        place.focus();
        return;
      }
      if (!place.hasAttribute('tabindex')) place.tabIndex = -1;
      place.dataset[LANDED] = fresh ? 'fresh' : '';
      place.addEventListener('blur', () => place.removeAttribute(`data-${LANDED}`), { once: true });
      place.focus({ preventScroll: true });
    },
    settle: (place) => {
      if (!(place instanceof HTMLElement) || place.dataset[LANDED] === undefined) return;
      place.dataset[LANDED] = '';
      doc.dispatchEvent(new Event(SETTLED));
    },
    focus: (place) => {
      if (place instanceof HTMLElement) place.focus({ preventScroll: true });
    },
  };
  const landing = createLanding(screen, (run, ms) => {
    const timer = window.setTimeout(run, ms);
    return () => window.clearTimeout(timer);
  });
  const onKeyDown = (event: KeyboardEvent): void => {
    if ((event.key !== 'Enter' && event.key !== ' ') || active() !== row.place) return;
    if (event.repeat || event.timeStamp - row.at < UNSEEN_MS) event.preventDefault();
  };
  const onChosen = (): void => {
    const place = active();
    landing.chosen(place);
    if (place?.matches(`[data-${LANDED}]`) !== true) dialog = place?.closest('[role="dialog"]') ?? null;
  };
  const watch = new MutationObserver(landing.changed);
  watch.observe(doc.body, { childList: true, subtree: true, attributeFilter: ['disabled'] });
  doc.addEventListener('keydown', onKeyDown, true);
  doc.addEventListener('focusin', onChosen);
  // A press beside every control chooses nowhere, and no event of the focus tells it.
  doc.addEventListener('click', onChosen, true);
  return () => {
    watch.disconnect();
    landing.stop();
    doc.removeEventListener('keydown', onKeyDown, true);
    doc.removeEventListener('focusin', onChosen);
    doc.removeEventListener('click', onChosen, true);
  };
}
