import { CloseButton } from '@mantine/core';
import { useEffect, useState, type ReactNode } from 'react';
import type { Dictionary } from '../i18n/index.ts';
import { errorText } from './errors.ts';
import { createResult, runFor, type Result } from './result.ts';
import { useStore } from './store.ts';

export interface Done {
  /** Runs a command; its refusal is told by `note`. True when it was done. */
  run: (t: Dictionary, doing: Promise<unknown>, said?: string) => Promise<boolean>;
  /** Says that something went well which was done elsewhere, in a dialog that this control opened. */
  tell: (text: string) => void;
  /** Stands where the action was started: what went well leaves by itself, a refusal with the next act. */
  note: ReactNode;
  clear: () => void;
}

/** The result of an action at its control: no notice in a corner over the next button. */
export function useDone(): Done {
  const [result] = useState(() => createResult());
  useEffect(() => result.clear, [result]);
  const said = useStore(result.store);
  return {
    run: (t, doing, words) => runFor(result, doing, { said: words, refused: (error) => errorText(t, error) }),
    tell: result.tell,
    note: said === null ? null : <Note result={said} onClose={result.clear} />,
    clear: result.clear,
  };
}

function Note({ result, onClose }: { result: Result; onClose: () => void }) {
  return (
    <span
      className={`result ${result.ok ? 'good' : 'bad'}`}
      role={result.ok ? 'status' : 'alert'}
      data-testid="result"
    >
      {result.text}
      {result.ok ? null : <CloseButton size={20} iconSize={13} variant="transparent" onClick={onClose} />}
    </span>
  );
}
