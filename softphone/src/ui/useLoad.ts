import { useCallback, useEffect, useState } from 'react';
import { asApiError, type ApiError } from '../session/api.ts';

export type Loaded<T> =
  | { kind: 'loading'; data: T | null }
  | { kind: 'ready'; data: T }
  | { kind: 'failed'; error: ApiError; data: T | null };

/** Loads when `key` changes; an answer that was overtaken by another question is dropped. What was shown stays while it reloads. */
export function useLoad<T>(key: string, load: () => Promise<T>): { state: Loaded<T>; reload: () => void } {
  const [state, setState] = useState<Loaded<T>>({ kind: 'loading', data: null });
  const [turn, setTurn] = useState(0);
  useEffect(() => {
    let current = true;
    setState((before) => ({ kind: 'loading', data: turn === 0 ? null : before.data }));
    load().then(
      (data) => current && setState({ kind: 'ready', data }),
      (error: unknown) => {
        const failure = asApiError(error);
        if (current) setState((before) => ({ kind: 'failed', error: failure, data: before.data }));
      },
    );
    return () => {
      current = false;
    };
    // `load` is made anew on each render; `key` says when its answer would differ.
  }, [key, turn]);
  return { state, reload: useCallback(() => setTurn((now) => now + 1), []) };
}
