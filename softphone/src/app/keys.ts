/**
 * Every action of the desk has a key. Letters work only while nobody types; chords work always. What ends, rejects or
 * overwrites has no letter: a word typed beside a field must not cost a call or the clipboard (ADR 0013).
 */
export type KeyAction =
  | 'accept'
  | 'reject'
  | 'mute'
  | 'hold'
  | 'keypad'
  | 'transfer'
  | 'hangUp'
  | 'reply'
  | 'note'
  | 'send'
  | 'finish'
  | 'copyProtocol'
  | 'customer'
  | 'presence'
  | 'search'
  | 'nextWork'
  | 'previousWork'
  | 'help';

export interface Binding {
  action: KeyAction;
  /** `KeyboardEvent.key`, lower case; "enter", "?", "m". */
  key: string;
  ctrl?: boolean;
  alt?: boolean;
  /** Looked at only with `ctrl`: "?" needs Shift on most keyboards and not on all. */
  shift?: boolean;
  /** Works while somebody types as well. */
  whileTyping?: boolean;
  /** Not while there is unsent text under the cursor: there the chord sends it, whatever arrives (ADR 0013). */
  notComposing?: boolean;
}

export const bindings: readonly Binding[] = [
  { action: 'accept', key: 'enter' },
  { action: 'accept', key: 'enter', ctrl: true, whileTyping: true, notComposing: true },
  { action: 'accept', key: 'enter', ctrl: true, shift: true, whileTyping: true },
  { action: 'reject', key: 'x', alt: true, whileTyping: true },
  { action: 'mute', key: 'm' },
  { action: 'mute', key: 'm', alt: true, whileTyping: true },
  { action: 'hold', key: 'h' },
  { action: 'hold', key: 'h', alt: true, whileTyping: true },
  { action: 'keypad', key: 'k' },
  { action: 'transfer', key: 't' },
  { action: 'hangUp', key: 'q', alt: true, whileTyping: true },
  { action: 'reply', key: 'r' },
  { action: 'note', key: 'n' },
  { action: 'send', key: 'enter', ctrl: true, whileTyping: true },
  { action: 'finish', key: 'f' },
  { action: 'copyProtocol', key: 'c', alt: true, whileTyping: true },
  { action: 'customer', key: 'i' },
  { action: 'customer', key: 'i', alt: true, whileTyping: true },
  { action: 'presence', key: 'p' },
  { action: 'search', key: 's' },
  { action: 'nextWork', key: 'j' },
  { action: 'nextWork', key: 'arrowdown', alt: true, whileTyping: true },
  { action: 'previousWork', key: 'l' },
  { action: 'previousWork', key: 'arrowup', alt: true, whileTyping: true },
  { action: 'help', key: '?' },
];

export interface KeyPress {
  key: string;
  ctrlKey: boolean;
  metaKey: boolean;
  altKey: boolean;
  shiftKey: boolean;
  repeat: boolean;
  /** A text field has the focus. */
  typing: boolean;
  /** The focus is in the composer and what was typed there has not been sent. */
  composing: boolean;
  /** The focus stands on what Enter would press: a link, a button, a menu, a dialog, an offer. */
  onControl: boolean;
  /** One more letter of a word that somebody types beside a field. */
  inWord: boolean;
}

/** The last key that printed something and when it was pressed, ms. */
export interface LastLetter {
  key: string;
  at: number;
}

/** Letters that follow each other faster than this are a word, not shortcuts, ms. */
const WORD_MS = 400;

/** Only the first letter of a word may act, unless the same key is pressed again and again (next, next, next). */
export function isInWord(last: LastLetter | null, key: string, at: number): boolean {
  return last !== null && last.key !== key && at - last.at < WORD_MS;
}

/** What the next key is compared with: a key without a letter of its own (Enter, Escape, arrows) ends the word. */
export function lastLetter(
  press: { key: string; ctrlKey: boolean; altKey: boolean },
  at: number,
): LastLetter | null {
  const prints = press.key.length === 1 && !press.ctrlKey && !press.altKey;
  return prints ? { key: press.key.toLowerCase(), at } : null;
}

export interface KeyRules {
  letters: boolean;
  /** What can be done now; the first binding that matches and is possible wins. */
  possible: (action: KeyAction) => boolean;
}

export function actionOf(press: KeyPress, rules: KeyRules): KeyAction | null {
  if (press.repeat) return null;
  const match = bindings.find(
    (binding) => sameKeys(binding, press) && allowed(binding, press, rules) && rules.possible(binding.action),
  );
  return match?.action ?? null;
}

function sameKeys(binding: Binding, press: KeyPress): boolean {
  const ctrl = press.ctrlKey || press.metaKey;
  return (
    binding.key === press.key.toLowerCase() &&
    (binding.ctrl ?? false) === ctrl &&
    (!ctrl || (binding.shift ?? false) === press.shiftKey) &&
    (binding.alt ?? false) === press.altKey
  );
}

function allowed(binding: Binding, press: KeyPress, rules: KeyRules): boolean {
  if (press.typing && binding.whileTyping !== true) return false;
  if (press.composing && binding.notComposing === true) return false;
  if (binding.ctrl === true || binding.alt === true) return true;
  return binding.key === 'enter' ? !press.onControl : rules.letters && !press.inWord;
}

export function isTyping(element: Element | null): boolean {
  if (!(element instanceof HTMLElement)) return false;
  if (
    element.isContentEditable ||
    element instanceof HTMLTextAreaElement ||
    element instanceof HTMLSelectElement
  )
    return true;
  return (
    element instanceof HTMLInputElement &&
    !['button', 'checkbox', 'radio', 'range', 'submit'].includes(element.type)
  );
}

/** The composer says of itself that Ctrl+Enter sends (`data-sends`); an empty one sends nothing. */
export function isComposing(element: Element | null): boolean {
  return (
    element instanceof HTMLTextAreaElement &&
    element.dataset['sends'] !== undefined &&
    element.value.trim() !== ''
  );
}

/** Which of the keys that accept works where the focus stands now: the offer shows this one and no other. */
export function acceptKey(element: Element | null): 'enter' | 'ctrlEnter' | 'ctrlShiftEnter' {
  if (isComposing(element)) return 'ctrlShiftEnter';
  if (isTyping(element)) return 'ctrlEnter';
  return isOnControl(element) && element?.closest('[data-accepts]') == null ? 'ctrlEnter' : 'enter';
}

const pressable =
  'a[href], button, summary, [role="button"], [role="dialog"], [role="menu"], [role="listbox"], .offer, [data-landed="fresh"]';

/** `data-landed`: the focus was put there when its control went (`landing.ts`); `fresh` while Enter may belong to that control. */
export const LANDED = 'landed';
/** Of the document: `fresh` is over, Enter accepts again. */
export const SETTLED = 'ramal:settled';

export const isNowhere = (element: Element | null): boolean =>
  element === null || element === element.ownerDocument.body;

/** The control that had the focus is gone, and nobody has chosen another place since. */
export const isUnchosen = (element: Element | null): boolean =>
  isNowhere(element) || (element instanceof HTMLElement && element.dataset[LANDED] !== undefined);

export function isOnControl(element: Element | null): boolean {
  return element?.closest(pressable) != null;
}
