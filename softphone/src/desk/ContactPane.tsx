import { Button } from '@mantine/core';
import { IconChecklist } from '@tabler/icons-react';
import { useState } from 'react';
import type { InteractionView } from '../../../src/contracts/interaction.ts';
import { useActions } from '../app/actions.ts';
import { useSignedIn, useText } from '../app/context.tsx';
import { ChannelIcon } from '../ui/ChannelIcon.tsx';
import { Copy } from '../ui/Copy.tsx';
import { protocolText } from '../ui/format.ts';
import { useStore } from '../ui/store.ts';
import { Composer } from './Composer.tsx';
import { EndContact } from './EndContact.tsx';
import { FinishForm } from './FinishForm.tsx';
import { Recording } from './Recording.tsx';
import { Timeline } from './Timeline.tsx';
import { TakeOrAssign } from './TakeOrAssign.tsx';
import { TransferButton } from './TransferForm.tsx';
import { UnsentText } from './Unsent.tsx';
import { aboutOf, nameOf, stateOf } from './names.ts';

/** One contact: what happened, oldest first; what is said next; how it ends. */
export function ContactPane({ interaction }: { interaction: InteractionView }) {
  const t = useText();
  const { desk, user, actions } = useSignedIn();
  const work = useStore(desk.work);
  const timeline = work.timelines[interaction.id];
  const mine = interaction.agent?.id === user.id;
  const open = interaction.state === 'active' || interaction.state === 'wrapUp';
  const [finishing, setFinishing] = useState(false);
  /** Grows with each wish to finish: a form that the end of the call opened leaves the focus where somebody types. */
  const [asked, setAsked] = useState(0);
  // Its reason is still welcome when the wrap-up ended without one.
  const owesReason = interaction.state === 'closed' && interaction.disposition === null && mine;
  const finish = interaction.state === 'wrapUp' || (finishing && (open || owesReason));
  const startFinish = (): void => {
    setFinishing(true);
    setAsked((before) => before + 1);
  };
  useActions(actions, {
    ...(mine && (open || owesReason) ? { finish: startFinish } : {}),
    copyProtocol: () => void navigator.clipboard.writeText(interaction.protocol).catch(() => undefined),
  });
  return (
    <section className="contact" aria-label={nameOf(t, interaction)}>
      <ContactHead
        interaction={interaction}
        open={open}
        mine={mine}
        {...(mine && (open || owesReason) && !finish ? { onFinish: startFinish } : {})}
      />
      <Timeline interaction={interaction} entries={timeline} />
      <ContactFoot
        interaction={interaction}
        mine={mine}
        open={open}
        finish={finish}
        asked={asked}
        onBack={() => setFinishing(false)}
      />
    </section>
  );
}

function ContactHead(props: {
  interaction: InteractionView;
  open: boolean;
  mine: boolean;
  onFinish?: () => void;
}) {
  const t = useText();
  const { interaction, open, mine, onFinish } = props;
  return (
    <header className="contact-head">
      <div className="row">
        <ChannelIcon channel={interaction.channel} size={18} />
        <h1 className="clip" style={{ fontSize: 16, margin: 0 }}>
          {nameOf(t, interaction)}
        </h1>
        {interaction.identity === 'confirmed' ? null : (
          <span className="tag warn">{t.identity[interaction.identity]}</span>
        )}
        <span className={`tag ${open ? 'accent' : ''}`}>{stateOf(t, interaction)}</span>
        <span className="grow" />
        {mine && interaction.state === 'active' && interaction.channel !== 'voice' ? (
          <TransferButton interaction={interaction} />
        ) : null}
        {mine ? null : <TakeOrAssign interaction={interaction} />}
        {mine ? null : <EndContact interaction={interaction} />}
        {onFinish ? (
          <Button leftSection={<IconChecklist size={15} />} onClick={onFinish} data-testid="finish">
            {open ? t.finish.start : t.finish.late}
          </Button>
        ) : null}
      </div>
      <ProtocolLine interaction={interaction} />
    </header>
  );
}

function ProtocolLine({ interaction }: { interaction: InteractionView }) {
  const t = useText();
  const about = aboutOf(useStore(useSignedIn().queues.list), interaction);
  return (
    <div className="row dim" style={{ marginTop: 3 }}>
      <span>{t.desk.protocol}</span>
      <span className="mono number" data-testid="protocol" style={{ color: 'var(--ink)' }}>
        {protocolText(interaction.protocol)}
      </span>
      <Copy value={interaction.protocol} label={t.call.copyProtocol} />
      {interaction.protocolType === undefined ? null : (
        <span className="tag">{t.protocolTypes[interaction.protocolType]}</span>
      )}
      {about === '' ? null : (
        <span className="clip" title={about}>
          · {about}
        </span>
      )}
    </div>
  );
}

interface FootProps {
  interaction: InteractionView;
  mine: boolean;
  open: boolean;
  finish: boolean;
  asked: number;
  onBack: () => void;
}

function ContactFoot(props: FootProps) {
  const { interaction, mine, open, finish } = props;
  return (
    <div style={{ minWidth: 0 }}>
      {interaction.channel === 'voice' && interaction.recording === true && !open ? (
        <Recording id={interaction.id} />
      ) : null}
      {finish && mine ? (
        <FinishForm
          interaction={interaction}
          asked={props.asked}
          {...(interaction.state === 'wrapUp' ? {} : { onCancel: props.onBack })}
        />
      ) : null}
      {mine && open ? null : <UnsentText interaction={interaction} />}
      {mine && open ? <Composer interaction={interaction} compact={finish} /> : null}
    </div>
  );
}
