import {
  localStorageColorSchemeManager,
  MantineProvider,
  mergeThemeOverrides,
  useMantineColorScheme,
} from '@mantine/core';
import { lazy, Suspense, useEffect, useMemo, useRef, useState } from 'react';
import { dictionaryOf } from '../i18n/index.ts';
import { FirstAccessPage } from '../session/FirstAccessPage.tsx';
import { LoginPage } from '../session/LoginPage.tsx';
import type { User } from '../session/session.ts';
import { Unreachable, Waiting } from '../ui/states.tsx';
import { useStore } from '../ui/store.ts';
import { ServicesProvider, SignedInProvider } from './context.tsx';
import { pageOf } from './router.ts';
import { createSignedIn, type Services, type SignedIn } from './services.ts';
import { Shell } from './Shell.tsx';
import { theme } from './theme.ts';

const SimulatorPage = lazy(() => import('../simulator/SimulatorPage.tsx'));

export function App({ services }: { services: Services }) {
  const schemes = useMemo(() => localStorageColorSchemeManager({ key: 'ramal.scheme' }), []);
  const { language } = useStore(services.settings.store);
  const named = useMemo(() => {
    const { close } = dictionaryOf(language).common;
    // The ✕ of every dialog and notice has a name.
    return mergeThemeOverrides(theme, {
      components: { CloseButton: { defaultProps: { 'aria-label': close } } },
    });
  }, [language]);
  return (
    <MantineProvider theme={named} defaultColorScheme="auto" colorSchemeManager={schemes}>
      <ServicesProvider services={services}>
        <SchemeFromSettings services={services} />
        <Pages services={services} />
      </ServicesProvider>
    </MantineProvider>
  );
}

function SchemeFromSettings({ services }: { services: Services }) {
  const { scheme, language } = useStore(services.settings.store);
  const { setColorScheme } = useMantineColorScheme();
  useEffect(() => setColorScheme(scheme), [scheme, setColorScheme]);
  useEffect(() => {
    document.documentElement.lang = language;
  }, [language]);
  return null;
}

function Pages({ services }: { services: Services }) {
  const state = useStore(services.session.state);
  const { path } = useStore(services.router.place);
  const page = pageOf(path);
  if (page.name === 'simulator') {
    return (
      <Suspense fallback={<Waiting />}>
        <SimulatorPage />
      </Suspense>
    );
  }
  if (page.name === 'firstAccess') return <FirstAccessPage />;
  switch (state.kind) {
    case 'starting':
      return <Waiting />;
    case 'unreachable':
      return <Unreachable onRetry={() => void services.session.start()} />;
    case 'signedOut':
      return <LoginPage notice={state.notice} />;
    case 'signedIn':
      return <Desk key={state.user.id} services={services} user={state.user} />;
  }
}

/** Owns what lives while this person is signed in: made when the desk appears, stopped when it goes. */
function Desk({ services, user }: { services: Services; user: User }) {
  const [made, setMade] = useState<SignedIn | null>(null);
  const first = useRef(user);
  useEffect(() => {
    const desk = createSignedIn(services, first.current, window);
    setMade(desk);
    return () => desk.stop();
  }, [services]);
  // New queues or another role reach every page; the telephone and what is open stay.
  const signedIn = useMemo(() => (made ? { ...made, user } : null), [made, user]);
  if (!signedIn) return <Waiting />;
  return (
    <SignedInProvider value={signedIn}>
      <Shell />
    </SignedInProvider>
  );
}
