import { useEffect, useRef, useState, type KeyboardEvent } from 'react';

/** The second press counts while it comes within this time, ms. */
export const ARMED_MS = 2000;

export interface Armed {
  /** Pressed once: the control says so, and the next press acts. */
  armed: boolean;
  press: () => void;
  /** A key that is held down is one press, not two. */
  onKeyDown: (event: KeyboardEvent) => void;
}

/** What cannot be taken back needs a second press within 2 s. */
export function useArmed(run: () => void): Armed {
  const [armed, setArmed] = useState(false);
  const timer = useRef<number | null>(null);
  const disarm = (): void => {
    if (timer.current !== null) window.clearTimeout(timer.current);
    timer.current = null;
    setArmed(false);
  };
  useEffect(
    () => () => {
      if (timer.current !== null) window.clearTimeout(timer.current);
    },
    [],
  );
  return {
    armed,
    press: () => {
      if (armed) {
        disarm();
        run();
        return;
      }
      setArmed(true);
      timer.current = window.setTimeout(disarm, ARMED_MS);
    },
    onKeyDown: (event) => {
      if (event.repeat && (event.key === 'Enter' || event.key === ' ')) event.preventDefault();
    },
  };
}
