import { Button } from '@mantine/core';
import { IconArrowRight } from '@tabler/icons-react';
import { useState } from 'react';
import { z } from 'zod';
import { useStore } from '../ui/store.ts';
import { useDone } from '../ui/Done.tsx';
import { useLoad } from '../ui/useLoad.ts';
import { LevelMeter } from '../phone/LevelMeter.tsx';
import { useServices, useSignedIn, useText } from './context.tsx';
import { SetupSteps } from './SetupSteps.tsx';
import { Step } from './Step.tsx';

/** In one minute: what to click to receive the first call. Each line turns green by itself. */
export function StartPage() {
  const t = useText();
  const { router } = useServices();
  const { user, audio, phone, desk, phoneTab } = useSignedIn();
  const sound = useStore(audio.state);
  const line = useStore(phone.line);
  const work = useStore(desk.work);
  const owner = useStore(phoneTab.state) === 'owner';
  const done = useDone();
  const heard = sound.microphone.kind === 'open';
  const answered = Object.values(work.interactions).some(
    (one) => one.channel === 'voice' && one.agent?.id === user.id && one.state !== 'offered',
  );
  return (
    <div className="page">
      <div style={{ maxWidth: 760, margin: '0 auto' }}>
        <h1 style={{ fontSize: 22, margin: '10px 0 2px' }}>
          {t.start.hello(user.name.split(' ')[0] ?? user.name)}
        </h1>
        {user.role === 'admin' ? <SetupSteps /> : null}
        <p className="dim" style={{ margin: '0 0 16px', fontSize: 14 }}>
          {t.start.lead}
        </p>
        <ol className="panel" style={{ listStyle: 'none', margin: 0, padding: 0 }}>
          <Step done={heard} title={t.start.microphone} text={t.start.microphoneText}>
            {heard ? (
              <LevelMeter level={audio.level} wide />
            ) : (
              <Button onClick={() => void audio.warm()}>{t.start.allow}</Button>
            )}
          </Step>
          <NoticesStep />
          <Step
            done={owner && line.kind === 'ready'}
            title={t.start.line}
            text={owner ? t.start.lineText : t.notices.otherTab}
          >
            {owner ? (
              <span className="dim">{line.kind === 'ready' ? t.device.ready : t.device.line[line.kind]}</span>
            ) : (
              <Button onClick={phoneTab.take}>{t.notices.useHere}</Button>
            )}
          </Step>
          <Step
            done={work.presence?.state === 'available'}
            title={t.start.available}
            text={t.start.availableText}
          >
            {done.note}
            {work.presence?.state === 'available' ? null : (
              <Button onClick={() => void done.run(t, desk.setPresence('available'))}>
                {t.start.beAvailable}
              </Button>
            )}
          </Step>
          <FirstCall answered={answered} />
        </ol>
        <div className="row" style={{ marginTop: 16 }}>
          <Button size="sm" rightSection={<IconArrowRight size={16} />} onClick={() => router.go('/')}>
            {t.start.toDesk}
          </Button>
          <span className="dim">
            {t.start.keys} <kbd>?</kbd>
          </span>
        </div>
      </div>
    </div>
  );
}

const simulator = z.object({ did: z.string() });

/** The demo has a telephone of its own; elsewhere somebody really calls. Nothing is promised until the server has said which. */
function FirstCall({ answered }: { answered: boolean }) {
  const t = useText();
  const { api } = useServices();
  const { state } = useLoad('simulator', () => api.get('/api/v1/simulator', simulator));
  const there = state.kind === 'ready';
  return (
    <>
      <Step
        done={answered}
        title={there ? t.start.call : t.start.realCall}
        text={there ? t.start.callText : t.start.realCallText}
      >
        {there ? (
          <Button component="a" href="/simulador" target="ramal-simulador" variant="default">
            {t.start.openSimulator}
          </Button>
        ) : null}
      </Step>
      <Step done={answered} title={t.start.accept} text={there ? t.start.acceptText : t.start.realAcceptText}>
        <kbd>Enter</kbd>
      </Step>
    </>
  );
}

/** Browsers want a click before they ask for this permission. */
function NoticesStep() {
  const t = useText();
  const [permission, setPermission] = useState(() =>
    typeof Notification === 'undefined' ? 'denied' : Notification.permission,
  );
  return (
    <Step
      done={permission === 'granted'}
      title={t.start.notices}
      text={permission === 'denied' ? t.start.noticesBlocked : t.start.noticesText}
    >
      {permission === 'default' ? (
        <Button
          variant="default"
          onClick={() => void Notification.requestPermission().then(setPermission, () => undefined)}
        >
          {t.start.allowNotices}
        </Button>
      ) : null}
    </Step>
  );
}
