import { Button, Loader } from '@mantine/core';
import { IconCloudOff, IconLock, IconMoodEmpty } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { useText } from '../app/context.tsx';
import type { ApiError } from '../session/api.ts';
import { errorText } from './errors.ts';

/** The four states that are not "there it is": designed once, the same everywhere. */
export function Waiting() {
  const t = useText();
  return (
    <div className="empty" role="status" aria-label={t.common.loading}>
      <Loader size="sm" color="gray" />
      <p>{t.common.loading}</p>
    </div>
  );
}

export function Empty(props: { icon?: ReactNode; title: string; children?: ReactNode }) {
  return (
    <div className="empty">
      {props.icon ?? <IconMoodEmpty size={30} stroke={1.4} />}
      <h2>{props.title}</h2>
      {props.children === undefined ? null : <p>{props.children}</p>}
    </div>
  );
}

export function Failed({ error, onRetry }: { error: ApiError; onRetry: () => void }) {
  const t = useText();
  if (error.status === 403) return <NoPermission />;
  return (
    <div className="empty" role="alert">
      <IconCloudOff size={30} stroke={1.4} />
      <h2>{t.common.failedTitle}</h2>
      <p>{errorText(t, error)}</p>
      <Button variant="default" mt={6} onClick={onRetry}>
        {t.common.retry}
      </Button>
    </div>
  );
}

export function NoPermission() {
  const t = useText();
  return (
    <div className="empty">
      <IconLock size={30} stroke={1.4} />
      <h2>{t.common.noPermissionTitle}</h2>
      <p>{t.common.noPermission}</p>
    </div>
  );
}

export function Unreachable({ onRetry }: { onRetry: () => void }) {
  const t = useText();
  return (
    <div className="center">
      <div className="empty" role="alert">
        <IconCloudOff size={36} stroke={1.4} />
        <h2>{t.common.unreachableTitle}</h2>
        <p>{t.common.unreachable}</p>
        <Button variant="default" mt={8} onClick={onRetry}>
          {t.common.retry}
        </Button>
      </div>
    </div>
  );
}
