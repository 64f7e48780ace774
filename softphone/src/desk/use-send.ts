import { useState } from 'react';
import type { InteractionView } from '../../../src/contracts/interaction.ts';
import { useSignedIn, useText } from '../app/context.tsx';
import { leftOf } from '../session/drafts.ts';
import { useDone, type Done } from '../ui/Done.tsx';
import type { Attachments } from './Attachments.tsx';
import type { Copies } from './mail/Recipients.tsx';

interface Sending {
  sending: boolean;
  /** A file is still on its way up: a mail never leaves without it. */
  isHeld: boolean;
  send: () => Promise<void>;
  /** Why the last one was refused; what was typed is still there. */
  note: Done['note'];
}

/** Sends what the draft holds, once however often it is asked for; what was typed meanwhile stays. */
export function useSend(
  { id }: InteractionView,
  mode: 'reply' | 'note',
  files: Attachments,
  copies: Copies,
): Sending {
  const t = useText();
  const { desk, drafts } = useSignedIn();
  const [sending, setSending] = useState(false);
  const done = useDone();
  const isHeld = mode === 'reply' && files.busy;
  const reply = async (text: string): Promise<void> => {
    const { ids } = files;
    const key = drafts.keyOf(id, JSON.stringify([text, ids, copies.cc]));
    await desk.reply(id, text, ids, copies.cc, key);
    const now = drafts.of(id);
    drafts.change(id, {
      reply: leftOf(now.reply, text),
      files: now.files.filter((one) => !ids.includes(one.id)),
      cc: null,
      sending: null,
    });
  };
  const note = async (text: string): Promise<void> => {
    await desk.note(id, text);
    drafts.change(id, { note: leftOf(drafts.of(id).note, text) });
  };
  return {
    sending,
    isHeld,
    note: done.note,
    send: async () => {
      const text = drafts.of(id)[mode].trim();
      if (text === '' || sending || isHeld) return;
      setSending(true);
      await done.run(t, mode === 'reply' ? reply(text) : note(text));
      setSending(false);
    },
  };
}
