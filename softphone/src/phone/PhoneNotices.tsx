import { Button } from '@mantine/core';
import {
  IconDeviceLaptop,
  IconHeadphonesOff,
  IconMicrophoneOff,
  IconPhoneX,
  IconWifiOff,
} from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { useServices, useSignedIn, useText } from '../app/context.tsx';
import { useStore } from '../ui/store.ts';
import { useNow } from '../ui/time.ts';

/** One line for each thing that would make the operator speak into the void. Nothing here when all is well. */
export function PhoneNotices() {
  const t = useText();
  const { settings } = useServices();
  const { audio, phone, phoneTab, live, desk } = useSignedIn();
  const sound = useStore(audio.state);
  const line = useStore(phone.line);
  const tab = useStore(phoneTab.state);
  const link = useStore(live.state);
  const problem = useStore(desk.problem);
  const now = useNow();
  const seconds = line.kind === 'lost' ? Math.max(0, Math.ceil((line.retryAt - now) / 1000)) : 0;
  return (
    <>
      {link.kind === 'lost' && now - link.since > 1500 ? (
        <Bar tone="bad" icon={<IconWifiOff size={17} />} text={t.notices.offline} />
      ) : null}
      {problem !== null && link.kind !== 'lost' ? (
        <Bar
          tone="warn"
          icon={<IconWifiOff size={17} />}
          text={t.notices.notLoaded}
          action={t.common.retry}
          onAction={() => void desk.reload()}
        />
      ) : null}
      {tab === 'waiting' ? (
        <Bar
          tone="info"
          icon={<IconDeviceLaptop size={17} />}
          text={t.notices.otherTab}
          action={t.notices.useHere}
          onAction={phoneTab.take}
        />
      ) : null}
      {tab === 'owner' && line.kind === 'lost' && line.attempt > 1 ? (
        <Bar
          tone="bad"
          icon={<IconPhoneX size={17} />}
          text={t.notices.lineLost(seconds)}
          action={t.notices.tryNow}
          onAction={phone.retryNow}
        />
      ) : null}
      {tab === 'owner' && sound.microphone.kind === 'failed' ? (
        <Bar
          tone="bad"
          icon={<IconMicrophoneOff size={17} />}
          text={t.notices.microphone[sound.microphone.problem]}
          action={t.common.retry}
          onAction={() => void audio.warm()}
        />
      ) : null}
      {sound.unplugged === null ? null : (
        <Bar
          tone="bad"
          icon={<IconHeadphonesOff size={17} />}
          text={t.notices.unplugged}
          action={t.notices.useDefault}
          onAction={() => settings.change({ microphone: null, speaker: null, ringer: null })}
        />
      )}
      {sound.silent ? (
        <Bar tone="warn" icon={<IconMicrophoneOff size={17} />} text={t.notices.silent} />
      ) : null}
    </>
  );
}

function Bar(props: {
  tone: 'bad' | 'warn' | 'info';
  icon: ReactNode;
  text: string;
  action?: string;
  onAction?: () => void;
}) {
  return (
    <div className={`bar ${props.tone}`} role={props.tone === 'info' ? 'status' : 'alert'}>
      {props.icon}
      <span className="grow">{props.text}</span>
      {props.action === undefined ? null : (
        <Button size="compact-xs" variant="default" onClick={props.onAction}>
          {props.action}
        </Button>
      )}
    </div>
  );
}
