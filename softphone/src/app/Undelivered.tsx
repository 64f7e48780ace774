import { IconMailX } from '@tabler/icons-react';
import { useState } from 'react';
import type { UndeliveredReply } from '../../../src/contracts/interaction.ts';
import { errorText } from '../ui/errors.ts';
import { Bar } from '../ui/Bar.tsx';
import { useStore } from '../ui/store.ts';
import { useServices, useSignedIn, useText } from './context.tsx';

/** What stands at once: the page below must stay in sight. The last line tells how many more there are. */
const SHOWN = 2;

/** Replies that reached nobody: they stand for everybody of the queue until one of them says that they know. */
export function Undelivered() {
  const { undelivered } = useSignedIn();
  const replies = useStore(undelivered.replies);
  const shown = replies.slice(0, SHOWN);
  return shown.map((reply, index) => (
    <UndeliveredBar
      key={reply.id}
      reply={reply}
      more={index === shown.length - 1 ? replies.length - shown.length : 0}
    />
  ));
}

function UndeliveredBar({ reply, more }: { reply: UndeliveredReply; more: number }) {
  const t = useText();
  const { router } = useServices();
  const { undelivered } = useSignedIn();
  const [refused, setRefused] = useState('');
  const words = [
    `${t.notices.alert.critical}: ${t.notices.undelivered(reply.name, reply.protocol)}`,
    ...(more === 0 ? [] : [t.notices.moreUndelivered(more)]),
    ...(refused === '' ? [] : [refused]),
  ];
  return (
    <Bar
      tone="bad"
      icon={<IconMailX size={17} />}
      text={words.join(' ')}
      action={t.notices.openContact}
      onAction={() => router.go(`/contatos/${encodeURIComponent(reply.interactionId)}`)}
      secondAction={t.notices.known}
      onSecondAction={() => {
        undelivered.dismiss(reply).catch((error: unknown) => setRefused(errorText(t, error)));
      }}
    />
  );
}
