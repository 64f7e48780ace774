import { nameOf } from '../desk/names.ts';
import { Popover } from '@mantine/core';
import {
  IconDialpad,
  IconMicrophone,
  IconMicrophoneOff,
  IconPhoneOff,
  IconPlayerPause,
  IconPlayerPlay,
  IconArrowForwardUp,
} from '@tabler/icons-react';
import { useState } from 'react';
import type { InteractionView } from '../../../src/contracts/interaction.ts';
import { useActions } from '../app/actions.ts';
import { useSignedIn, useText } from '../app/context.tsx';
import { TransferForm } from '../desk/TransferForm.tsx';
import { currentCall, since } from '../desk/work.ts';
import { useArmed } from '../ui/Armed.tsx';
import { Copy } from '../ui/Copy.tsx';
import { useDone } from '../ui/Done.tsx';
import { protocolText } from '../ui/format.ts';
import { useSelect, useStore } from '../ui/store.ts';
import { clockSpan, useNow } from '../ui/time.ts';
import { Keypad } from './Keypad.tsx';

export function CallBar() {
  const { desk } = useSignedIn();
  const call = useSelect(desk.work, currentCall);
  return call ? <ActiveCall key={call.id} call={call} /> : null;
}

function ActiveCall({ call }: { call: InteractionView }) {
  const t = useText();
  const { desk, phone, actions } = useSignedIn();
  const leg = useStore(phone.leg);
  const now = useNow();
  const [open, setOpen] = useState<Tool>('none');
  const done = useDone();
  const muted = leg.kind === 'live' && leg.muted;
  const held = call.onHold === true;
  const ringing = call.direction === 'outbound' && call.connectedAt === undefined;
  const name = nameOf(t, call);
  const mute = (): void => phone.mute(!muted);
  const hold = (): void => void done.run(t, desk.hold(call.id, !held));
  const hangUp = (): void =>
    void done.run(
      t,
      desk.hangUp(call.id).catch(() => phone.hangUp()),
    );
  const copy = (): void => void navigator.clipboard.writeText(call.protocol).catch(() => undefined);
  const toggle = (what: 'keypad' | 'transfer') => (): void =>
    setOpen((before) => (before === what ? 'none' : what));
  useActions(actions, {
    mute,
    hold,
    hangUp,
    keypad: toggle('keypad'),
    transfer: toggle('transfer'),
    copyProtocol: copy,
  });
  return (
    <section
      className={`callbar${held ? ' held' : ''}`}
      aria-label={t.call.region}
      data-testid="callbar"
      data-leg={leg.kind}
    >
      <div className="row grow">
        <span className="who clip">{name}</span>
        <span className="row tight">
          <span className="mono number">{protocolText(call.protocol)}</span>
          <Copy value={call.protocol} label={t.call.copyProtocol} color="gray.0" />
        </span>
        <LegState kind={leg.kind} ringing={ringing} />
        {held ? <span className="tag warn">{t.call.onHold}</span> : null}
        {leg.kind === 'live' && muted ? <MutedTag asBefore={leg.asBefore === true} /> : null}
      </div>
      <span className="clock num" role="timer">
        {clockSpan(now - (call.connectedAt === undefined ? since(call) : Date.parse(call.connectedAt)))}
      </span>
      {done.note}
      <div className="row tight">
        <button
          type="button"
          className="cb"
          aria-pressed={muted}
          onClick={mute}
          disabled={leg.kind !== 'live'}
          title={`${t.keys.actions.mute} (M)`}
        >
          {muted ? <IconMicrophoneOff size={17} /> : <IconMicrophone size={17} />}{' '}
          {muted ? t.call.unmute : t.call.mute}
        </button>
        <button
          type="button"
          className="cb"
          aria-pressed={held}
          onClick={hold}
          disabled={ringing}
          title={`${t.keys.actions.hold} (H)`}
        >
          {held ? <IconPlayerPlay size={17} /> : <IconPlayerPause size={17} />}{' '}
          {held ? t.call.resume : t.call.hold}
        </button>
        <CallTools call={call} open={open} onOpen={setOpen} />
        <EndButton onEnd={hangUp} />
      </div>
    </section>
  );
}

/** After F5 or a lost line it says that nothing has opened it. */
function MutedTag({ asBefore }: { asBefore: boolean }) {
  const t = useText();
  return (
    <span className="tag bad" role="status">
      {asBefore ? t.call.mutedBefore : t.call.muted}
    </span>
  );
}

/** The second press within 2 s ends the call. */
function EndButton({ onEnd }: { onEnd: () => void }) {
  const t = useText();
  const { armed, press, onKeyDown } = useArmed(onEnd);
  return (
    <button
      type="button"
      className={`cb end${armed ? ' armed' : ''}`}
      onClick={press}
      onKeyDown={onKeyDown}
      title={`${t.keys.actions.hangUp} (Alt+Q)`}
      data-testid="hangup"
      aria-live="polite"
    >
      <IconPhoneOff size={17} /> {armed ? t.call.hangUpAgain : t.call.hangUp}
    </button>
  );
}

/** What there is to know about the sound, if it is not simply there. */
function LegState({ kind, ringing }: { kind: 'none' | 'connecting' | 'live'; ringing: boolean }) {
  const t = useText();
  if (kind !== 'live')
    return <span className="tag warn">{kind === 'connecting' ? t.call.connecting : t.call.noSound}</span>;
  return ringing ? (
    <span className="tag warn" role="status">
      {t.call.ringing}
    </span>
  ) : null;
}

type Tool = 'none' | 'keypad' | 'transfer';

function CallTools(props: { call: InteractionView; open: Tool; onOpen: (tool: Tool) => void }) {
  const t = useText();
  const { call, open } = props;
  const close = (): void => props.onOpen('none');
  const toggle = (tool: Tool) => (): void => props.onOpen(open === tool ? 'none' : tool);
  return (
    <>
      <Popover
        opened={open === 'keypad'}
        onChange={close}
        position="bottom"
        shadow="lg"
        trapFocus
        returnFocus
      >
        <Popover.Target>
          <button
            type="button"
            className="cb"
            aria-expanded={open === 'keypad'}
            onClick={toggle('keypad')}
            title={`${t.keys.actions.keypad} (K)`}
          >
            <IconDialpad size={17} /> {t.call.keypad}
          </button>
        </Popover.Target>
        <Popover.Dropdown>
          <CallKeypad call={call} />
        </Popover.Dropdown>
      </Popover>
      <Popover
        opened={open === 'transfer'}
        onChange={close}
        position="bottom-end"
        shadow="lg"
        width={340}
        trapFocus
        returnFocus
      >
        <Popover.Target>
          <button
            type="button"
            className="cb"
            aria-expanded={open === 'transfer'}
            onClick={toggle('transfer')}
            title={`${t.keys.actions.transfer} (T)`}
          >
            <IconArrowForwardUp size={17} /> {t.call.transfer}
          </button>
        </Popover.Target>
        <Popover.Dropdown>
          <TransferForm interaction={call} onDone={close} />
        </Popover.Dropdown>
      </Popover>
    </>
  );
}

function CallKeypad({ call }: { call: InteractionView }) {
  const t = useText();
  const { desk } = useSignedIn();
  const done = useDone();
  return (
    <div className="col">
      <Keypad onDigit={(digit) => void done.run(t, desk.dtmf(call.id, digit))} />
      {done.note}
    </div>
  );
}
