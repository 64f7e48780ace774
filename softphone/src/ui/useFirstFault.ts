import { useEffect, useRef, type RefObject } from 'react';

/** After each refusal the cursor goes to the first input of the form that is to be corrected: it may be out of sight. */
export function useFirstFault(refusal: unknown): RefObject<HTMLFormElement | null> {
  const form = useRef<HTMLFormElement>(null);
  useEffect(() => form.current?.querySelector<HTMLElement>('[aria-invalid=true]')?.focus(), [refusal]);
  return form;
}
