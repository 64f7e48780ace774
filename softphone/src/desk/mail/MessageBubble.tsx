import { Button } from '@mantine/core';
import { IconCheck, IconChecks, IconClock, IconRefresh, IconX } from '@tabler/icons-react';
import { useState } from 'react';
import { failureWords } from '../../../../src/contracts/failures.ts';
import type { InteractionView, MessageView } from '../../../../src/contracts/interaction.ts';
import { useFormat, useServices, useSignedIn, useText } from '../../app/context.tsx';
import { useDone } from '../../ui/Done.tsx';
import { useStore } from '../../ui/store.ts';
import { AttachmentLink } from '../Attachments.tsx';
import { MailText, OtherText } from './MailText.tsx';
import { Notices } from './Notices.tsx';
import { Original } from './Original.tsx';

/** One message: who, to whom else, what, and what became of it. */
export function MessageBubble({
  message,
  interaction,
}: {
  message: MessageView;
  interaction: InteractionView;
}) {
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
        {interaction.channel === 'email' && !ours ? (
          <Original id={message.id} subject={message.subject} />
        ) : null}
      </header>
      <People message={message} interaction={interaction} />
      <Notices codes={message.notices ?? []} />
      <MailText text={message.text} />
      {message.otherText === undefined ? null : <OtherText text={message.otherText} />}
      {message.attachments.map((file) => (
        <AttachmentLink key={file.id} file={file} />
      ))}
      <Failure message={message} interaction={interaction} />
    </article>
  );
}

/** Only what is not plain: another writer than the contact, a form between us, further recipients, copies. */
function People({ message, interaction }: { message: MessageView; interaction: InteractionView }) {
  const t = useText();
  if (interaction.channel !== 'email') return null;
  const inbound = message.direction === 'inbound';
  const other = inbound && message.from !== interaction.contact.address ? message.from : undefined;
  const more = inbound ? message.to.slice(1) : [];
  const cc = message.cc ?? [];
  const lines = [
    ...(other === undefined ? [] : [t.mail.from(other)]),
    ...(message.via === undefined ? [] : [t.mail.via(message.via)]),
    ...(more.length === 0 ? [] : [t.mail.alsoTo(more.join(', '))]),
    ...(cc.length === 0 ? [] : [t.mail.cc(cc.join(', '))]),
  ];
  if (lines.length === 0) return null;
  return (
    <div className="mail-people">
      {lines.map((line) => (
        <div key={line}>{line}</div>
      ))}
    </div>
  );
}

function Failure({ message, interaction }: { message: MessageView; interaction: InteractionView }) {
  const t = useText();
  const { api, settings } = useServices();
  const { user } = useSignedIn();
  const { language } = useStore(settings.store);
  const [busy, setBusy] = useState(false);
  const done = useDone();
  const { failure, status } = message;
  if (failure === undefined || (status !== 'failed' && status !== 'queued')) return null;
  const words = failureWords(failure.code, status);
  const may = interaction.agent?.id === user.id || user.role !== 'operator';
  const again = async (): Promise<void> => {
    setBusy(true);
    const path = `/api/v1/interactions/${encodeURIComponent(message.interactionId)}/messages/${encodeURIComponent(message.id)}/resend`;
    await done.run(t, api.post(path));
    setBusy(false);
  };
  return (
    <div className={`mail-failure ${status === 'failed' ? 'bad' : ''}`} role="status">
      <span>
        {language === 'en' ? words.en : words.pt} <span className="dim3 mono">{failure.code}</span>
      </span>
      {may ? (
        <Button
          size="compact-xs"
          variant="default"
          leftSection={<IconRefresh size={13} />}
          loading={busy}
          onClick={() => void again()}
          data-testid="resend"
        >
          {status === 'failed' ? t.mail.sendAgain : t.mail.sendNow}
        </Button>
      ) : null}
      {done.note}
    </div>
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
