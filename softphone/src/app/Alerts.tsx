import { IconAlertTriangle, IconInfoCircle } from '@tabler/icons-react';
import { useEffect, useRef, useState } from 'react';
import { Bar } from '../ui/Bar.tsx';
import { ALERT_MS, alertKey, alertText, readAlerts, withAlert, writeAlerts, type Alert } from './alerts.ts';
import { useSignedIn, useText } from './context.tsx';

const tones = { info: 'info', warning: 'warn', critical: 'bad' } as const;

/** What the server finds worth telling at once, in the flow of the page: it lies over no control. */
export function Alerts() {
  const { live, user } = useSignedIn();
  const [alerts, setAlerts] = useState(() => readAlerts(window.sessionStorage, user.id));
  useEffect(() => writeAlerts(window.sessionStorage, user.id, alerts), [alerts, user.id]);
  useEffect(() => live.on('alert', (alert) => setAlerts((now) => withAlert(now, alert))), [live]);
  return (
    <div className="bar-list">
      {alerts.map((alert) => (
        <AlertBar
          key={alertKey(alert)}
          alert={alert}
          onGone={() => setAlerts((now) => now.filter((one) => one !== alert))}
        />
      ))}
    </div>
  );
}

function AlertBar({ alert, onGone }: { alert: Alert; onGone: () => void }) {
  const t = useText();
  const gone = useRef(onGone);
  gone.current = onGone;
  // The time runs from the alert, not from the last drawing.
  useEffect(() => {
    if (alert.level === 'critical') return undefined;
    const timer = window.setTimeout(() => gone.current(), ALERT_MS);
    return () => window.clearTimeout(timer);
  }, [alert]);
  const Icon = alert.level === 'info' ? IconInfoCircle : IconAlertTriangle;
  return (
    <Bar
      tone={tones[alert.level]}
      icon={<Icon size={17} />}
      text={`${t.notices.alert[alert.level]}: ${alertText(t, alert)}`}
      action={t.common.close}
      onAction={onGone}
    />
  );
}
