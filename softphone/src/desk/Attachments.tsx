import { ActionIcon, FileButton } from '@mantine/core';
import { IconPaperclip, IconX } from '@tabler/icons-react';
import { useState } from 'react';
import { attachment } from '../../../src/contracts/interaction.ts';
import { useServices, useText } from '../app/context.tsx';
import { query } from '../session/api.ts';
import { attempt } from '../ui/errors.ts';

interface Uploaded {
  id: string;
  filename: string;
  sizeBytes: number;
}

export interface Attachments {
  items: readonly Uploaded[];
  ids: readonly string[];
  busy: boolean;
  add: (chosen: readonly File[]) => Promise<void>;
  remove: (id: string) => void;
  clear: () => void;
}

/** Files go up at once and are named by id in the message that carries them. */
export function useAttachments(): Attachments {
  const t = useText();
  const { api } = useServices();
  const [items, setItems] = useState<readonly Uploaded[]>([]);
  const [busy, setBusy] = useState(false);
  const add = async (chosen: readonly File[]): Promise<void> => {
    setBusy(true);
    for (const file of chosen) {
      const up = api
        .upload(`/api/v1/attachments${query({ filename: file.name })}`, file, attachment)
        .then((made) => setItems((now) => [...now, made]));
      await attempt(t, up);
    }
    setBusy(false);
  };
  return {
    items,
    ids: items.map((one) => one.id),
    busy,
    add,
    remove: (id) => setItems((now) => now.filter((one) => one.id !== id)),
    clear: () => setItems([]),
  };
}

export function AttachButton({ files }: { files: Attachments }) {
  const t = useText();
  return (
    <FileButton multiple onChange={(chosen) => void files.add(chosen)}>
      {(props) => (
        <ActionIcon
          {...props}
          variant="default"
          size={36}
          loading={files.busy}
          aria-label={t.composer.attach}
          title={t.composer.attach}
        >
          <IconPaperclip size={17} />
        </ActionIcon>
      )}
    </FileButton>
  );
}

export function AttachList({ files }: { files: Attachments }) {
  const t = useText();
  if (files.items.length === 0) return null;
  return (
    <div className="row wrap tight" style={{ marginBottom: 6 }}>
      {files.items.map((one) => (
        <span key={one.id} className="tag">
          <IconPaperclip size={13} aria-hidden="true" /> {one.filename} · {t.timeline.size(one.sizeBytes)}
          <ActionIcon
            size="xs"
            color="slate"
            aria-label={t.composer.detach(one.filename)}
            onClick={() => files.remove(one.id)}
          >
            <IconX size={12} />
          </ActionIcon>
        </span>
      ))}
    </div>
  );
}

/** Downloads with the bearer token; the server never lets a mail's file be shown inside the page. */
export function AttachmentLink({ file }: { file: Uploaded }) {
  const t = useText();
  const { api } = useServices();
  const save = async (): Promise<void> => {
    const url = URL.createObjectURL(await api.blob(`/api/v1/attachments/${encodeURIComponent(file.id)}`));
    const link = document.createElement('a');
    link.href = url;
    link.download = file.filename;
    link.click();
    URL.revokeObjectURL(url);
  };
  return (
    <button
      type="button"
      className="plain ring row dim"
      style={{ marginTop: 4, display: 'flex' }}
      onClick={() => void attempt(t, save())}
    >
      <IconPaperclip size={14} aria-hidden="true" /> <u>{file.filename}</u>
      <span className="dim3 num">{t.timeline.size(file.sizeBytes)}</span>
    </button>
  );
}
