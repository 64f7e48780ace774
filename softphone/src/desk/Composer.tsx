import { Button, SegmentedControl, Textarea } from '@mantine/core';
import { useRef, useState } from 'react';
import type { InteractionView } from '../../../src/contracts/interaction.ts';
import { useActions } from '../app/actions.ts';
import { useSignedIn, useText } from '../app/context.tsx';
import { useStore } from '../ui/store.ts';
import { emptyDraft } from '../session/drafts.ts';
import { AttachButton, AttachList, useAttachments } from './Attachments.tsx';
import { CannedList } from './CannedList.tsx';
import { cannedQuery, fillCanned, matchCanned } from './canned.ts';
import { Recipients, useCopies } from './mail/Recipients.tsx';
import { nameOf } from './names.ts';
import { useSend } from './use-send.ts';

/** Reply to the customer, or a note that only colleagues see. What is typed is kept until it is sent. */
export function Composer({ interaction, compact }: { interaction: InteractionView; compact: boolean }) {
  const t = useText();
  const { drafts, user, actions } = useSignedIn();
  const draft = useStore(drafts.store)[interaction.id] ?? emptyDraft;
  const field = useRef<HTMLTextAreaElement>(null);
  const files = useAttachments(interaction.id);
  const copies = useCopies(interaction);
  const [pick, setPick] = useState(0);
  const canReply = interaction.channel !== 'voice' && interaction.state === 'active';
  const mode = canReply ? draft.mode : 'note';
  const value = draft[mode];
  const canned = cannedFor(t.canned, value);
  const write = (text: string): void => {
    setPick(0);
    drafts.change(interaction.id, mode === 'reply' ? { reply: text } : { note: text });
  };
  const choose = (index: number): void => {
    const one = canned[index];
    if (one)
      write(
        value.replace(/(^|\s)\/\S*$/, '$1') +
          fillCanned(one.text, {
            name: nameOf(t, interaction),
            protocol: interaction.protocol,
            operator: user.name,
          }),
      );
    field.current?.focus();
  };
  const { sending, isHeld, send, note } = useSend(interaction, mode, files, copies);
  const focus = (next: 'reply' | 'note') => (): void => {
    drafts.change(interaction.id, { mode: next });
    field.current?.focus();
  };
  useActions(actions, {
    note: focus('note'),
    ...(canReply ? { reply: focus('reply') } : {}),
    ...(value.trim() === '' ? {} : { send: () => void send() }),
  });
  const onKey = (event: React.KeyboardEvent): void => {
    if (canned.length === 0) return;
    if (event.key === 'ArrowDown') setPick((at) => (at + 1) % canned.length);
    else if (event.key === 'ArrowUp') setPick((at) => (at - 1 + canned.length) % canned.length);
    else if ((event.key === 'Enter' && !event.ctrlKey) || event.key === 'Tab') choose(pick);
    else return;
    event.preventDefault();
  };
  return (
    <div className="composer">
      {canned.length > 0 ? <CannedList items={canned} active={pick} onChoose={choose} /> : null}
      <ComposerHead
        canReply={canReply}
        mode={mode}
        onMode={(next) => drafts.change(interaction.id, { mode: next })}
      />
      {mode === 'reply' ? <Recipients copies={copies} /> : null}
      {mode === 'reply' ? <AttachList files={files} /> : null}
      {note}
      <div className="row" style={{ alignItems: 'flex-end' }}>
        <Textarea
          ref={field}
          className="grow"
          size="sm"
          autosize
          minRows={compact ? 1 : 2}
          maxRows={7}
          value={value}
          aria-label={mode === 'reply' ? t.composer.reply : t.composer.note}
          placeholder={mode === 'reply' ? t.composer.replyPlaceholder : t.composer.notePlaceholder}
          onChange={(event) => write(event.currentTarget.value)}
          onKeyDown={onKey}
          data-testid="composer"
          data-sends=""
        />
        {mode === 'reply' ? <AttachButton files={files} /> : null}
        <SendButton mode={mode} sending={sending} empty={value.trim() === ''} held={isHeld} onSend={send} />
      </div>
    </div>
  );
}

interface SendProps {
  mode: 'reply' | 'note';
  sending: boolean;
  empty: boolean;
  held: boolean;
  onSend: () => Promise<void>;
}

function SendButton({ mode, sending, empty, held, onSend }: SendProps) {
  const t = useText();
  const isReply = mode === 'reply';
  return (
    <Button
      size="sm"
      variant={isReply ? 'filled' : 'default'}
      onClick={() => void onSend()}
      loading={sending}
      disabled={empty || held}
    >
      {isReply ? t.composer.send : t.composer.save}
    </Button>
  );
}

function cannedFor(all: Parameters<typeof matchCanned>[0], text: string): ReturnType<typeof matchCanned> {
  const search = cannedQuery(text);
  return search === null ? [] : matchCanned(all, search);
}

interface HeadProps {
  canReply: boolean;
  mode: 'reply' | 'note';
  onMode: (mode: 'reply' | 'note') => void;
}

function ComposerHead({ canReply, mode, onMode }: HeadProps) {
  const t = useText();
  return (
    <div className="row between" style={{ marginBottom: 6 }}>
      {canReply ? (
        <SegmentedControl
          size="xs"
          value={mode}
          onChange={(next) => onMode(next === 'reply' ? 'reply' : 'note')}
          data={[
            { value: 'reply', label: t.composer.reply },
            { value: 'note', label: t.composer.note },
          ]}
        />
      ) : (
        <span className="label">{t.composer.note}</span>
      )}
      <span className="dim3" style={{ fontSize: 12 }}>
        {mode === 'reply' ? t.composer.replyHint : t.composer.noteHint}
      </span>
    </div>
  );
}
