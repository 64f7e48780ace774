import { useEffect, useRef } from 'react';
import {
  actionOf,
  isComposing,
  isInWord,
  isOnControl,
  isTyping,
  lastLetter,
  type KeyAction,
  type LastLetter,
} from './keys.ts';

export type ActionHandlers = Partial<Record<KeyAction, () => void>>;

/** Components register what they can do now; the newest registration of an action wins, as the topmost thing on the screen. */
export interface Actions {
  register: (handlers: () => ActionHandlers) => () => void;
  run: (action: KeyAction) => boolean;
  possible: (action: KeyAction) => boolean;
}

export function createActions(): Actions {
  const stack: (() => ActionHandlers)[] = [];
  const find = (action: KeyAction): (() => void) | undefined =>
    stack.map((read) => read()[action]).findLast((handler) => handler !== undefined);
  return {
    register: (handlers) => {
      stack.push(handlers);
      return () => void stack.splice(stack.indexOf(handlers), 1);
    },
    possible: (action) => find(action) !== undefined,
    run: (action) => {
      const handler = find(action);
      handler?.();
      return handler !== undefined;
    },
  };
}

export function useActions(actions: Actions, handlers: ActionHandlers): void {
  const latest = useRef(handlers);
  useEffect(() => {
    latest.current = handlers;
  });
  useEffect(() => actions.register(() => latest.current), [actions]);
}

/** The one key listener of the page. */
export function listenToKeys(actions: Actions, letters: () => boolean, doc: Document): () => void {
  let last: LastLetter | null = null;
  const onKey = (event: KeyboardEvent): void => {
    const inWord = isInWord(last, event.key.toLowerCase(), event.timeStamp);
    last = lastLetter(event, event.timeStamp);
    if (event.defaultPrevented || event.isComposing) return;
    const focus = doc.activeElement;
    const action = actionOf(
      {
        key: event.key,
        ctrlKey: event.ctrlKey,
        metaKey: event.metaKey,
        altKey: event.altKey,
        shiftKey: event.shiftKey,
        repeat: event.repeat,
        typing: isTyping(focus),
        composing: isComposing(focus),
        onControl: isOnControl(focus),
        inWord,
      },
      { letters: letters(), possible: actions.possible },
    );
    if (action === null) return;
    event.preventDefault();
    actions.run(action);
  };
  doc.addEventListener('keydown', onKey);
  return () => doc.removeEventListener('keydown', onKey);
}
