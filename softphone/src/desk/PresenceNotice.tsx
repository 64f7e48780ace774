import { IconPhoneOff, IconPlayerPause } from '@tabler/icons-react';
import { useFormat, useSignedIn, useText } from '../app/context.tsx';
import { Bar } from '../ui/Bar.tsx';
import { errorText } from '../ui/errors.ts';
import { runFor } from '../ui/result.ts';
import { useStore } from '../ui/store.ts';
import { presenceSaid } from './presence-said.ts';

export function PresenceNotice() {
  const t = useText();
  const format = useFormat();
  const { desk, result } = useSignedIn();
  const { presence } = useStore(desk.work);
  return presenceSaid(t, presence, format.time).map(({ kind, text, back }) => (
    <Bar
      key={kind}
      tone="warn"
      icon={kind === 'phone' ? <IconPhoneOff size={17} /> : <IconPlayerPause size={17} />}
      text={text}
      {...(back && {
        action: t.start.beAvailable,
        onAction: () =>
          void runFor(result, desk.setPresence('available'), { refused: (error) => errorText(t, error) }),
      })}
    />
  ));
}
