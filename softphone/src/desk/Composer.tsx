import { Button, SegmentedControl, Textarea } from '@mantine/core';
import { useRef, useState } from 'react';
import type { InteractionView } from '../../../src/contracts/interaction.ts';
import { useActions } from '../app/actions.ts';
import { useSignedIn, useText } from '../app/context.tsx';
import { attempt } from '../ui/errors.ts';
import { useStore } from '../ui/store.ts';
import { emptyDraft } from '../session/drafts.ts';
import { AttachButton, AttachList, useAttachments } from './Attachments.tsx';
import { CannedList } from './CannedList.tsx';
import { cannedQuery, fillCanned, matchCanned } from './canned.ts';
import { nameOf } from './names.ts';

/** Reply to the customer, or a note that only colleagues see. What is typed is kept until it is sent. */
export function Composer({ interaction, compact }: { interaction: InteractionView; compact: boolean }) {
  const t = useText();
  const { desk, drafts, user, actions } = useSignedIn();
  const draft = useStore(drafts.store)[interaction.id] ?? emptyDraft;
  const field = useRef<HTMLTextAreaElement>(null);
  const [sending, setSending] = useState(false);
  const files = useAttachments();
  const [pick, setPick] = useState(0);
  const canReply = interaction.channel !== 'voice' && interaction.state === 'active';
  const mode = canReply ? draft.mode : 'note';
  const value = draft[mode];
  const search = cannedQuery(value);
  const canned = search === null ? [] : matchCanned(t.canned, search);
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
            name: nameOf(interaction),
            protocol: interaction.protocol,
            operator: user.name,
          }),
      );
    field.current?.focus();
  };
  const send = async (): Promise<void> => {
    const text = value.trim();
    if (text === '' || sending) return;
    setSending(true);
    const doing =
      mode === 'reply' ? desk.reply(interaction.id, text, files.ids) : desk.note(interaction.id, text);
    if (await attempt(t, doing)) {
      write('');
      if (mode === 'reply') files.clear();
    }
    setSending(false);
  };
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
      {mode === 'reply' ? <AttachList files={files} /> : null}
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
        <Button
          size="sm"
          variant={mode === 'reply' ? 'filled' : 'default'}
          onClick={() => void send()}
          loading={sending}
          disabled={value.trim() === ''}
        >
          {mode === 'reply' ? t.composer.send : t.composer.save}
        </Button>
      </div>
    </div>
  );
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
