import { IconPhoneOff, IconPlayerPause, IconPlugConnectedX } from '@tabler/icons-react';
import { useState } from 'react';
import { useFormat, useSignedIn, useText } from '../app/context.tsx';
import { Bar } from '../ui/Bar.tsx';
import { errorText } from '../ui/errors.ts';
import { runFor } from '../ui/result.ts';
import { useStore } from '../ui/store.ts';
import { presenceSaid } from './presence-said.ts';

export function PresenceNotice() {
  const t = useText();
  const format = useFormat();
  const { desk, result, user } = useSignedIn();
  const { presence } = useStore(desk.work);
  const key = `ramal.presenceRead.${user.id}`;
  // Of this tab; F5 brings nothing back that was read.
  const [read, setRead] = useState(() => window.sessionStorage.getItem(key));
  const mark = presence === null ? null : `${presence.since}${presence.callReturnedAt ?? ''}`;
  const close = (): void => {
    window.sessionStorage.setItem(key, mark ?? '');
    setRead(mark);
  };
  const said = presenceSaid(t, presence, format.dateTime);
  const shown = said.filter((one) => !one.closes || mark !== read);
  return shown.map(({ kind, text, back, closes }) => (
    <Bar
      key={kind}
      tone="warn"
      role={closes ? 'status' : 'alert'}
      icon={closes ? <IconPlugConnectedX size={17} /> : icons[kind]}
      text={text}
      {...(back && {
        action: t.start.beAvailable,
        onAction: () =>
          void runFor(result, desk.setPresence('available'), { refused: (error) => errorText(t, error) }),
      })}
      {...(closes && { secondAction: t.common.close, onSecondAction: close })}
    />
  ));
}

const icons = {
  call: <IconPhoneOff size={17} />,
  phone: <IconPhoneOff size={17} />,
  presence: <IconPlayerPause size={17} />,
};
