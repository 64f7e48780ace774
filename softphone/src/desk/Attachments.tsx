import { ActionIcon, FileButton } from '@mantine/core';
import { IconPaperclip, IconX } from '@tabler/icons-react';
import { attachment } from '../../../src/contracts/interaction.ts';
import { useServices, useSignedIn, useText } from '../app/context.tsx';
import { query } from '../session/api.ts';
import { emptyDraft, type DraftFile } from '../session/drafts.ts';
import { useDone, type Done } from '../ui/Done.tsx';
import { useStore } from '../ui/store.ts';

export interface Attachments {
  items: readonly DraftFile[];
  ids: readonly string[];
  busy: boolean;
  /** Why the last file did not go up. */
  note: Done['note'];
  add: (chosen: readonly File[]) => Promise<void>;
  remove: (id: string) => void;
}

/** Files go up at once and are named by id in the message that carries them; until then they are part of the draft. */
export function useAttachments(contactId: string): Attachments {
  const t = useText();
  const { api } = useServices();
  const { drafts } = useSignedIn();
  const items = (useStore(drafts.store)[contactId] ?? emptyDraft).files;
  const busy = (useStore(drafts.rising)[contactId] ?? 0) > 0;
  const done = useDone();
  const add = async (chosen: readonly File[]): Promise<void> => {
    const rises = chosen.map((file) => {
      const up = api.upload(`/api/v1/attachments${query({ filename: file.name })}`, file, attachment);
      return drafts.rise(contactId, up);
    });
    // One that is refused does not stop the others.
    const ended = Promise.allSettled(rises).then((all) => {
      for (const one of all) if (one.status === 'rejected') throw one.reason;
    });
    await done.run(t, ended);
  };
  return {
    items,
    ids: items.map((one) => one.id),
    busy,
    note: done.note,
    add,
    remove: (id) =>
      drafts.change(contactId, { files: drafts.of(contactId).files.filter((one) => one.id !== id) }),
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
  if (files.items.length === 0 && !files.busy && files.note === null) return null;
  return (
    <div className="row wrap tight" style={{ marginBottom: 6 }}>
      {files.items.map((one) => (
        <span key={one.id} data-row className="tag">
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
      {files.busy ? (
        <span className="dim" role="status">
          {t.composer.rising}
        </span>
      ) : null}
      {files.note}
    </div>
  );
}

/** Downloads with the bearer token; the server never lets a mail's file be shown inside the page. */
export function AttachmentLink({ file }: { file: DraftFile }) {
  const t = useText();
  const { api } = useServices();
  const done = useDone();
  const save = async (): Promise<void> => {
    const url = URL.createObjectURL(await api.blob(`/api/v1/attachments/${encodeURIComponent(file.id)}`));
    const link = document.createElement('a');
    link.href = url;
    link.download = file.filename;
    link.click();
    URL.revokeObjectURL(url);
  };
  return (
    <span className="row wrap" style={{ marginTop: 4 }}>
      <button
        type="button"
        className="plain ring row dim"
        style={{ display: 'flex', alignItems: 'center', gap: 6, minHeight: 24 }}
        onClick={() => void done.run(t, save())}
      >
        <IconPaperclip size={14} aria-hidden="true" /> <u>{file.filename}</u>
        <span className="dim3 num">{t.timeline.size(file.sizeBytes)}</span>
      </button>
      {done.note}
    </span>
  );
}
