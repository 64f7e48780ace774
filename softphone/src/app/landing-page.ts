import { createLanding, type Screen } from './landing.ts';
import { isNowhere, LANDED, SETTLED } from './keys.ts';

/** The open contact before the list of work, then what the page is about. */
const places = ['.contact-head h1', '.desk .side.left', '#body h1', '#body'];

/** Of a browser's document; the answer ends it. */
export function keepFocus(doc: Document): () => void {
  /** The dialog in which the last control stood: while it is open nothing beside it takes the focus. */
  let dialog: Element | null = null;
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
    land: (place, fresh) => {
      if (!(place instanceof HTMLElement)) return;
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
  const onChosen = (): void => {
    const place = active();
    landing.chosen(place);
    if (place?.matches(`[data-${LANDED}]`) !== true) dialog = place?.closest('[role="dialog"]') ?? null;
  };
  const watch = new MutationObserver(landing.changed);
  watch.observe(doc.body, { childList: true, subtree: true, attributeFilter: ['disabled'] });
  doc.addEventListener('focusin', onChosen);
  // A press beside every control chooses nowhere, and no event of the focus tells it.
  doc.addEventListener('click', onChosen, true);
  return () => {
    watch.disconnect();
    landing.stop();
    doc.removeEventListener('focusin', onChosen);
    doc.removeEventListener('click', onChosen, true);
  };
}
