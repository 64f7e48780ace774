import {
  IconAlertTriangle,
  IconArrowForwardUp,
  IconBell,
  IconCheck,
  IconDots,
  IconFlag,
  IconListNumbers,
  IconPhone,
  IconPhoneOff,
  IconPlayerPause,
  IconPlayerPlay,
  IconUserCheck,
  IconUsers,
} from '@tabler/icons-react';
import type { ComponentType } from 'react';
import type { InteractionView, TimelineEntry } from '../../../src/contracts/interaction.ts';
import { useFormat, useSignedIn, useText } from '../app/context.tsx';
import { useStore } from '../ui/store.ts';
import { describeEntry } from './describe.ts';
import { MessageBubble } from './mail/MessageBubble.tsx';
import { Original } from './mail/Original.tsx';
import { originalOf, text } from './reading.ts';

type Icon = ComponentType<{ size?: number }>;
const icons: Readonly<Record<string, Icon>> = {
  opened: IconFlag,
  queued: IconUsers,
  enqueued: IconUsers,
  offered: IconBell,
  accepted: IconUserCheck,
  connected: IconPhone,
  hold: IconPlayerPause,
  held: IconPlayerPause,
  resumed: IconPlayerPlay,
  transferred: IconArrowForwardUp,
  ended: IconPhoneOff,
  customerLeft: IconPhoneOff,
  agentEnded: IconPhoneOff,
  closed: IconCheck,
  missed: IconAlertTriangle,
  abandoned: IconAlertTriangle,
  'sender.mismatch': IconAlertTriangle,
  'queue.missing': IconAlertTriangle,
  'sender.flood': IconAlertTriangle,
  'mail.bounced': IconAlertTriangle,
  'mail.copyRefused': IconAlertTriangle,
  'mail.complaint': IconAlertTriangle,
};

/** Lines that must not be read over. */
const warnings: ReadonlySet<string> = new Set([
  'sender.mismatch',
  'sender.flood',
  'queue.missing',
  'mail.bounced',
  'mail.copyRefused',
  'mail.complaint',
]);

export function TimelineItem({ entry, interaction }: { entry: TimelineEntry; interaction: InteractionView }) {
  const t = useText();
  const format = useFormat();
  const { people: peopleStore, queues } = useSignedIn();
  const people = useStore(peopleStore.store);
  const known = useStore(queues.list);
  if (entry.message) return <MessageBubble message={entry.message} interaction={interaction} />;
  if (entry.kind === 'note') {
    return (
      <article className="bubble note">
        <header>
          <strong>{t.timeline.note}</strong>
          <span>{entry.actor.name}</span>
          <time className="num" dateTime={entry.at}>
            {format.time(entry.at)}
          </time>
        </header>
        {text(entry.data['text']) ?? text(entry.data['note']) ?? ''}
      </article>
    );
  }
  const original = originalOf(entry);
  const Icon: Icon = icons[entry.kind] ?? (entry.kind.startsWith('flow') ? IconListNumbers : IconDots);
  return (
    <div className={warnings.has(entry.kind) ? 'entry warn' : 'entry'}>
      <time className="num" dateTime={entry.at}>
        {format.time(entry.at)}
      </time>
      <span className="ico" aria-hidden="true">
        <Icon size={15} />
      </span>
      <span>
        {describeEntry(
          t,
          entry,
          (id) => people[id]?.name ?? known.find((one) => one.key === id)?.name ?? null,
        )}
        {original === null ? null : <Original {...original} />}
      </span>
    </div>
  );
}
