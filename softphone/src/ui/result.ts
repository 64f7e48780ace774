import { createStore, type ReadStore } from './store.ts';

/** How long a result that went well stands at its control, ms. */
export const RESULT_MS = 8000;

export interface Result {
  ok: boolean;
  text: string;
}

/** Runs something later; the answer takes it back. */
export type Later = (run: () => void, ms: number) => () => void;

export interface ResultStore {
  store: ReadStore<Result | null>;
  /** It went well: said for 8 s. */
  tell: (text: string) => void;
  /** It did not: said until the next act, or until somebody closes it. */
  refuse: (text: string) => void;
  clear: () => void;
}

const byWindow: Later = (run, ms) => {
  const timer = setTimeout(run, ms);
  return () => clearTimeout(timer);
};

/** What became of the last act of one control. */
export function createResult(later: Later = byWindow): ResultStore {
  const store = createStore<Result | null>(null);
  let forget: (() => void) | null = null;
  const show = (result: Result | null): void => {
    forget?.();
    forget = result?.ok === true ? later(() => show(null), RESULT_MS) : null;
    store.set(result);
  };
  return {
    store,
    tell: (text) => show({ ok: true, text }),
    refuse: (text) => show({ ok: false, text }),
    clear: () => show(null),
  };
}

/** Runs a command and says what became of it; the promise always ends well. The last result goes when the next act begins. */
export async function runFor(
  { tell, refuse, clear }: ResultStore,
  doing: Promise<unknown>,
  words: { said?: string | undefined; refused: (error: unknown) => string },
): Promise<boolean> {
  clear();
  try {
    await doing;
    if (words.said !== undefined) tell(words.said);
    return true;
  } catch (error) {
    refuse(words.refused(error));
    return false;
  }
}
