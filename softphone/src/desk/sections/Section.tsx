import { Button, Skeleton } from '@mantine/core';
import type { ReactNode } from 'react';
import { useFormat, useText } from '../../app/context.tsx';

export interface SectionValue<T> {
  state: 'loading' | 'ok' | 'stale' | 'failed';
  fetchedAt?: string | undefined;
  error?: { code: string; message: string } | undefined;
  data?: T | undefined;
}

/** One section loads, ages and fails alone: a slow ERP never blanks the file. */
export function Section<T>(props: {
  title: string;
  value: SectionValue<T>;
  onRetry: () => void;
  children: (data: T) => ReactNode;
}) {
  const t = useText();
  const { value } = props;
  return (
    <section className="section" data-section-state={value.state}>
      <header>
        <h2 className="label">{props.title}</h2>
        <Age value={value} onRetry={props.onRetry} />
      </header>
      {value.data !== undefined ? props.children(value.data) : null}
      {value.data === undefined && value.state === 'loading' ? (
        <div role="status" aria-label={t.common.loading}>
          <Skeleton height={11} width="80%" radius="sm" mt={3} />
          <Skeleton height={11} width="55%" radius="sm" mt={7} />
        </div>
      ) : null}
      {value.data === undefined && value.state === 'ok' ? (
        <span className="dim3">{t.file.nothing}</span>
      ) : null}
    </section>
  );
}

function Age<T>({ value, onRetry }: { value: SectionValue<T>; onRetry: () => void }) {
  const t = useText();
  const format = useFormat();
  const at = value.fetchedAt === undefined ? null : format.dateTime(value.fetchedAt);
  switch (value.state) {
    case 'ok':
      return at === null ? null : (
        <span className="dim3 num" style={{ fontSize: 12 }}>
          {at}
        </span>
      );
    case 'loading':
      return (
        <span className="dim3" style={{ fontSize: 12 }}>
          {at === null ? '' : t.file.updating(at)}
        </span>
      );
    case 'stale':
      // Only old: no failure behind it, so nothing to press. Told quietly, or every long call would look like a fault.
      if (value.error === undefined)
        return at === null ? null : (
          <span className="dim3 num" style={{ fontSize: 12 }}>
            {t.file.from(at)}
          </span>
        );
      return (
        <span className="row tight">
          <span className="tag warn">{at === null ? t.file.stale : t.file.from(at)}</span>
          <Retry onRetry={onRetry} />
        </span>
      );
    case 'failed':
      return (
        <span className="row tight">
          <span className="tag bad" title={value.error?.message}>
            {t.file.noAnswer}
          </span>
          <Retry onRetry={onRetry} />
        </span>
      );
  }
}

function Retry({ onRetry }: { onRetry: () => void }) {
  const t = useText();
  return (
    <Button variant="subtle" size="compact-xs" onClick={onRetry}>
      {t.common.retry}
    </Button>
  );
}
