import {
  IconAlertTriangle,
  IconArrowForwardUp,
  IconBell,
  IconCheck,
  IconChecks,
  IconClock,
  IconDots,
  IconFlag,
  IconListNumbers,
  IconPhone,
  IconPhoneOff,
  IconPlayerPause,
  IconPlayerPlay,
  IconUserCheck,
  IconUsers,
  IconX,
} from '@tabler/icons-react';
import type { ComponentType } from 'react';
import type { InteractionView, MessageView, TimelineEntry } from '../../../src/contracts/interaction.ts';
import { useFormat, useSignedIn, useText } from '../app/context.tsx';
import { useStore } from '../ui/store.ts';
import { AttachmentLink } from './Attachments.tsx';
import { describeEntry } from './describe.ts';
import { text } from './reading.ts';

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
};

/** Lines that must not be read over. */
const warnings: ReadonlySet<string> = new Set(['sender.mismatch', 'queue.missing']);

export function TimelineItem({ entry, interaction }: { entry: TimelineEntry; interaction: InteractionView }) {
  const t = useText();
  const format = useFormat();
  const people = useStore(useSignedIn().people.store);
  if (entry.message) return <Message message={entry.message} interaction={interaction} />;
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
  const Icon: Icon = icons[entry.kind] ?? (entry.kind.startsWith('flow') ? IconListNumbers : IconDots);
  return (
    <div className={warnings.has(entry.kind) ? 'entry warn' : 'entry'}>
      <time className="num" dateTime={entry.at}>
        {format.time(entry.at)}
      </time>
      <span className="ico" aria-hidden="true">
        <Icon size={15} />
      </span>
      <span>{describeEntry(t, entry, (id) => people[id]?.name ?? null)}</span>
    </div>
  );
}

function Message({ message, interaction }: { message: MessageView; interaction: InteractionView }) {
  const t = useText();
  const format = useFormat();
  const ours = message.direction === 'outbound';
  const side = message.author.kind === 'automatic' ? 'auto' : ours ? 'ours' : '';
  const author =
    message.author.kind === 'automatic'
      ? t.timeline.automatic
      : (message.author.name ?? (ours ? t.timeline.us : message.from));
  return (
    <article className={`bubble ${side}`}>
      <header>
        <strong>{author}</strong>
        {message.subject !== undefined && message.subject !== interaction.subject ? (
          <span className="clip">{message.subject}</span>
        ) : null}
        <span className="grow" />
        <time className="num" dateTime={message.at}>
          {format.dateTime(message.at)}
        </time>
        {ours ? <Delivery status={message.status} /> : null}
      </header>
      {message.text}
      {message.attachments.map((file) => (
        <AttachmentLink key={file.id} file={file} />
      ))}
    </article>
  );
}

function Delivery({ status }: { status: MessageView['status'] }) {
  const t = useText();
  const label = t.timeline.status[status];
  const Icon =
    status === 'failed'
      ? IconX
      : status === 'queued'
        ? IconClock
        : status === 'delivered'
          ? IconChecks
          : IconCheck;
  return (
    <span
      role="img"
      aria-label={label}
      title={label}
      className={status === 'failed' ? 'bad' : status === 'delivered' ? 'good' : 'dim3'}
      style={{ display: 'inline-flex' }}
    >
      <Icon size={14} />
    </span>
  );
}
