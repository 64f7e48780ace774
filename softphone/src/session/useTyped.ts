import { useState } from 'react';
import type { z } from 'zod';
import { useSignedIn } from '../app/context.tsx';
import { useStore } from '../ui/store.ts';
import { createKept, createTyped, type Part, type Typed } from './typed.ts';

export interface TypedForm<T> extends Omit<Typed<T>, 'store'> {
  values: T;
  /** They came back. */
  restored: boolean;
}

/** `name` and `original` are those of the first sight of the form. */
export function useTyped<T extends object>(
  name: string,
  schema: z.ZodType<Part<T>>,
  original: T,
): TypedForm<T> {
  const { user } = useSignedIn();
  const [typed] = useState(() =>
    createTyped(createKept(window.sessionStorage, user.id, name, schema), original),
  );
  return { ...typed, ...useStore(typed.store) };
}
