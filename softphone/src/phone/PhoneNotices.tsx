import {
  IconDeviceLaptop,
  IconHeadphonesOff,
  IconInfoCircle,
  IconMicrophoneOff,
  IconPhoneX,
  IconVolumeOff,
  IconWifiOff,
} from '@tabler/icons-react';
import { useServices, useSignedIn, useText } from '../app/context.tsx';
import { PresenceNotice } from '../desk/PresenceNotice.tsx';
import { currentCall } from '../desk/work.ts';
import { Bar } from '../ui/Bar.tsx';
import { useSelect, useStore } from '../ui/store.ts';
import { useNow } from '../ui/time.ts';
import { unheardIn } from './unheard.ts';

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
  const onCall = useSelect(desk.work, currentCall) !== null;
  return (
    <>
      <PresenceNotice />
      {link.kind === 'lost' && now - link.since > 1500 ? (
        <Bar
          tone="bad"
          icon={<IconWifiOff size={17} />}
          text={onCall ? t.notices.offlineOnCall : t.notices.offline}
        />
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
      <CallNotices />
    </>
  );
}

/** What cannot be heard from the other side of the call in hand, and why. */
function CallNotices() {
  const t = useText();
  const { desk } = useSignedIn();
  const call = useSelect(desk.work, currentCall);
  const unheard = unheardIn(call);
  if (unheard === null) return null;
  return unheard === 'carrier' ? (
    <Bar tone="info" icon={<IconInfoCircle size={17} />} text={t.notices.carrierUnheard} />
  ) : (
    <Bar tone="warn" icon={<IconVolumeOff size={17} />} text={t.notices.customerSilent} />
  );
}
