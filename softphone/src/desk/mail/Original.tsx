import { ActionIcon, Button, Modal } from '@mantine/core';
import { IconDownload, IconFileCode } from '@tabler/icons-react';
import { useState } from 'react';
import { useServices, useText } from '../../app/context.tsx';
import { useDone } from '../../ui/Done.tsx';

/** More of a mail's source is read in a program for it. */
const SHOWN = 100_000;

/**
 * The mail as it came, with all its headers: as text to look at, and as a file to save. What we sent is not kept that way.
 * `id`: of a message, or the `mailId` of a line of the timeline.
 */
export function Original({ id, subject }: { id: string; subject?: string | undefined }) {
  const t = useText();
  const { api } = useServices();
  const [mail, setMail] = useState<{ readonly blob: Blob; readonly text: string }>();
  const [opened, setOpened] = useState(false);
  const [busy, setBusy] = useState(false);
  const done = useDone();
  const show = async (): Promise<void> => {
    setBusy(true);
    const loading = api.blob(`/api/v1/messages/${encodeURIComponent(id)}/original`).then(async (blob) => {
      setMail({ blob, text: await blob.slice(0, SHOWN).text() });
      setOpened(true);
    });
    await done.run(t, loading);
    setBusy(false);
  };
  return (
    <>
      {done.note}
      <ActionIcon
        size={24}
        variant="subtle"
        color="slate"
        loading={busy}
        aria-label={t.mail.original.show}
        title={t.mail.original.show}
        onClick={() => void show()}
        data-testid="original"
      >
        <IconFileCode size={15} />
      </ActionIcon>
      <Modal opened={opened} onClose={() => setOpened(false)} title={t.mail.original.title} size="xl">
        {mail === undefined ? null : (
          <>
            <div className="row wrap" style={{ marginBottom: 10 }}>
              <span className="dim grow">{t.mail.original.lead(mail.blob.size > SHOWN)}</span>
              <Button
                size="xs"
                variant="default"
                leftSection={<IconDownload size={14} />}
                onClick={() => save(mail.blob, `${subject ?? id}.eml`)}
              >
                {t.mail.original.save}
              </Button>
            </div>
            <pre className="mail-source" tabIndex={0} aria-label={t.mail.original.title}>
              {mail.text}
            </pre>
          </>
        )}
      </Modal>
    </>
  );
}

function save(blob: Blob, filename: string): void {
  const url = URL.createObjectURL(blob);
  const link = document.createElement('a');
  link.href = url;
  link.download = filename;
  link.click();
  URL.revokeObjectURL(url);
}
