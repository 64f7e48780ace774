import { IconMailX } from '@tabler/icons-react';
import { useState } from 'react';
import type { UndeliveredReply } from '../../../src/contracts/interaction.ts';
import { errorText } from '../ui/errors.ts';
import { useArmed } from '../ui/Armed.tsx';
import { Bar } from '../ui/Bar.tsx';
import { useStore } from '../ui/store.ts';
import { useServices, useSignedIn, useText } from './context.tsx';

/** What stands at once, unless somebody wants to see all: the page below must stay in sight. */
const SHOWN = 2;

/** Replies that reached nobody: they stand for everybody of the queue until one of them says that they know. */
export function Undelivered() {
  const t = useText();
  const { undelivered } = useSignedIn();
  const replies = useStore(undelivered.replies);
  const [all, setAll] = useState(false);
  const shown = all ? replies : replies.slice(0, SHOWN);
  const more = replies.length - SHOWN;
  return (
    <>
      <div className="bar-list">
        {shown.map((reply) => (
          <UndeliveredBar key={reply.id} reply={reply} />
        ))}
      </div>
      {more <= 0 ? null : (
        <Bar
          tone="bad"
          role="status"
          icon={<IconMailX size={17} />}
          text={all ? t.notices.allUndelivered(replies.length) : t.notices.moreUndelivered(more)}
          action={all ? t.notices.fewer : t.notices.showAll}
          onAction={() => setAll(!all)}
        />
      )}
    </>
  );
}

function UndeliveredBar({ reply }: { reply: UndeliveredReply }) {
  const t = useText();
  const { router } = useServices();
  const { undelivered } = useSignedIn();
  const [refused, setRefused] = useState('');
  // For everybody, and nobody can take it back; below it another one moves up, under the pointer.
  const known = useArmed(() => {
    undelivered.dismiss(reply).catch((error: unknown) => setRefused(errorText(t, error)));
  });
  const words = [
    `${t.notices.alert.critical}: ${t.notices.undelivered(reply.name, reply.protocol)}`,
    ...(refused === '' ? [] : [refused]),
  ];
  return (
    <Bar
      tone="bad"
      icon={<IconMailX size={17} />}
      text={words.join(' ')}
      action={t.notices.openContact}
      onAction={() => router.go(`/contatos/${encodeURIComponent(reply.interactionId)}`)}
      secondAction={known.armed ? t.notices.knownSure : t.notices.known}
      onSecondAction={known.press}
      second={known}
    />
  );
}
