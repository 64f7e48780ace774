import { Button } from '@mantine/core';
import { useRef } from 'react';
import { z } from 'zod';
import { useServices, useText } from '../app/context.tsx';
import { useDone } from '../ui/Done.tsx';
import type { Row } from './form.ts';

/** A person whose name wrong passwords have closed somewhere: says so, and opens it. */
export function Unlock({ row, onDone }: { row: Row; onDone: () => void }) {
  const t = useText();
  const { api } = useServices();
  const done = useDone();
  const place = useRef<HTMLSpanElement>(null);
  const unlock = async (): Promise<void> => {
    const path = `/api/v1/admin/users/${encodeURIComponent(String(row['id']))}/unlock`;
    if (!(await done.run(t, api.send('POST', path, {}, z.unknown()), t.admin.unlocked))) return;
    // The button goes with the lock: the keys go on at the row's next one.
    const next = place.current?.parentElement?.querySelector<HTMLElement>(':scope > button');
    next?.focus();
    onDone();
  };
  return (
    <span ref={place}>
      {done.note}
      {row['locked'] === true ? (
        <>
          <span className="tag bad" style={{ margin: '0 6px' }}>
            {t.admin.locked}
          </span>
          <Button
            variant="subtle"
            size="compact-xs"
            title={t.admin.lockedWhy}
            aria-label={`${t.admin.unlock}: ${String(row['name'])}`}
            onClick={() => void unlock()}
          >
            {t.admin.unlock}
          </Button>
        </>
      ) : null}
    </span>
  );
}
