import { Button } from '@mantine/core';
import { IconPlayerPlay } from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import { useServices, useText } from '../app/context.tsx';
import { errorText } from '../ui/errors.ts';

/** Fetched with the bearer token on request only: each hearing of a recording is audited. */
export function Recording({ id }: { id: string }) {
  const t = useText();
  const { api } = useServices();
  const [url, setUrl] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<string | null>(null);
  useEffect(
    () => () => {
      if (url !== null) URL.revokeObjectURL(url);
    },
    [url],
  );
  const load = async (): Promise<void> => {
    setBusy(true);
    setError(null);
    try {
      setUrl(URL.createObjectURL(await api.blob(`/api/v1/interactions/${encodeURIComponent(id)}/recording`)));
    } catch (failure) {
      setError(errorText(t, failure));
    }
    setBusy(false);
  };
  return (
    <div className="composer row wrap">
      <span className="label">{t.recording.title}</span>
      {url === null ? (
        <Button
          variant="default"
          loading={busy}
          leftSection={<IconPlayerPlay size={15} />}
          onClick={() => void load()}
        >
          {t.recording.listen}
        </Button>
      ) : (
        <audio className="player" controls autoPlay src={url} aria-label={t.recording.title} />
      )}
      <span className="dim3" role={error === null ? undefined : 'alert'}>
        {error ?? t.recording.sides}
      </span>
    </div>
  );
}
