import { Button, CloseButton, TextInput } from '@mantine/core';
import { IconPlus, IconUsers } from '@tabler/icons-react';
import { useState } from 'react';
import type { InteractionView } from '../../../../src/contracts/interaction.ts';
import { useSignedIn, useText } from '../../app/context.tsx';
import { useStore } from '../../ui/store.ts';
import { readAddresses, replyAllOf } from './recipients.ts';

export interface Copies {
  readonly to: string;
  /** undefined: the channel has no copies. */
  readonly cc: readonly string[] | undefined;
  /** Who was in the customer's mail. */
  readonly all: readonly string[];
  /** null: everybody again. */
  readonly change: (cc: readonly string[] | null) => void;
}

/** What was chosen is part of the draft. */
export function useCopies({ id, channel, contact }: InteractionView): Copies {
  const { desk, drafts } = useSignedIn();
  const all = replyAllOf(id, useStore(desk.work).timelines[id]);
  const chosen = useStore(drafts.store)[id]?.cc;
  return {
    to: contact.address,
    cc: channel === 'email' ? (chosen ?? all) : undefined,
    all,
    change: (next) => drafts.change(id, { cc: next === null ? null : [...next] }),
  };
}

/** To whom an answer goes: the contact always; everybody else of the customer's mail unless they are taken out. */
export function Recipients({ copies }: { copies: Copies }) {
  const t = useText();
  const [adding, setAdding] = useState(false);
  const { cc, all, to, change: onChange } = copies;
  if (cc === undefined) return null;
  const missing = all.filter((address) => !cc.includes(address));
  return (
    <div className="recipients" role="group" aria-label={t.mail.recipients}>
      <span className="dim3">{t.mail.to}</span>
      <span className="clip">{to}</span>
      {cc.length > 0 ? <span className="dim3">{t.mail.ccLabel}</span> : null}
      {cc.map((address) => (
        <span key={address} data-row className="tag recipient" data-testid="cc">
          {address}
          <CloseButton
            size={24}
            iconSize={13}
            aria-label={t.mail.remove(address)}
            onClick={() => onChange(cc.filter((one) => one !== address))}
          />
        </span>
      ))}
      {missing.length > 0 ? (
        <Button
          size="compact-xs"
          variant="subtle"
          leftSection={<IconUsers size={13} />}
          onClick={() => onChange([...cc, ...missing])}
          data-testid="reply-all"
        >
          {t.mail.replyAll}
        </Button>
      ) : null}
      {adding ? (
        <AddCopy
          onAdd={(more) => onChange([...new Set([...cc, ...more])].filter((one) => one !== to))}
          onDone={() => setAdding(false)}
        />
      ) : (
        <Button
          size="compact-xs"
          variant="subtle"
          leftSection={<IconPlus size={13} />}
          onClick={() => setAdding(true)}
        >
          {t.mail.addCopy}
        </Button>
      )}
    </div>
  );
}

function AddCopy({ onAdd, onDone }: { onAdd: (more: readonly string[]) => void; onDone: () => void }) {
  const t = useText();
  const [text, setText] = useState('');
  const [wrong, setWrong] = useState<string | null>(null);
  const add = (): void => {
    const { good, bad } = readAddresses(text);
    if (good.length > 0) onAdd(good);
    setText(bad.join(', '));
    setWrong(bad.length > 0 ? t.mail.notAnAddress : null);
    if (bad.length === 0) onDone();
  };
  return (
    <TextInput
      size="xs"
      autoFocus
      value={text}
      error={wrong}
      aria-label={t.mail.addCopy}
      placeholder={t.mail.copyPlaceholder}
      onChange={(event) => setText(event.currentTarget.value)}
      onBlur={add}
      onKeyDown={(event) => {
        if (event.key === 'Escape') {
          event.stopPropagation();
          onDone();
        }
        if (event.key !== 'Enter') return;
        event.preventDefault();
        event.stopPropagation();
        add();
      }}
    />
  );
}
