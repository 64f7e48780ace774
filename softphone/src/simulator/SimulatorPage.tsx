import { Button } from '@mantine/core';
import { IconHeadset } from '@tabler/icons-react';
import { useEffect, useMemo } from 'react';
import { useServices, useText } from '../app/context.tsx';
import { createApi } from '../session/api.ts';
import { Brand } from '../ui/Brand.tsx';
import { Handset } from './Handset.tsx';
import { Mailbox } from './Mailbox.tsx';
import { createSimPhone } from './sim-phone.ts';

/** The customer's side, for the demonstration: no login, so no token of an operator in the same browser goes with it. */
export default function SimulatorPage() {
  const t = useText();
  const { router } = useServices();
  const api = useMemo(
    () =>
      createApi({
        fetch: window.fetch.bind(window),
        token: () => null,
        language: () => 'pt-BR',
        onUnauthorized: () => undefined,
      }),
    [],
  );
  const phone = useMemo(() => createSimPhone(api, navigator.mediaDevices as MediaDevices | undefined), [api]);
  useEffect(() => {
    const leave = (): void => phone.stop();
    window.addEventListener('pagehide', leave);
    return () => {
      window.removeEventListener('pagehide', leave);
      phone.stop();
    };
  }, [phone]);
  useEffect(() => {
    document.title = `${t.simulator.title} · Ramal`;
  }, [t]);
  return (
    <div className="sim">
      <header className="top">
        <Brand size={22} />
        <h1 style={{ fontSize: 'inherit', margin: 0 }}>{t.simulator.title}</h1>
        <span className="dim clip grow">
          {t.simulator.lead} {t.simulator.soon}
        </span>
        <Button variant="default" leftSection={<IconHeadset size={15} />} onClick={() => router.go('/')}>
          {t.simulator.toDesk}
        </Button>
      </header>
      <main className="sim-body">
        <Handset phone={phone} />
        <Mailbox api={api} />
      </main>
    </div>
  );
}
