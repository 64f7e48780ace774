import { createActions, type Actions } from './actions.ts';
import { createAudio, type Audio } from '../phone/audio.ts';
import { createPhone, type Phone } from '../phone/phone.ts';
import { createRinger, type Ringer } from '../phone/ringer.ts';
import { sipAccount } from '../phone/sip-agent.ts';
import { createDeskStore, type DeskStore } from '../desk/desk-store.ts';
import { createMissed, type MissedStore } from '../desk/missed-store.ts';
import { createDrafts, type Drafts } from '../session/drafts.ts';
import { createApi, type Api } from '../session/api.ts';
import { createLive, type Live } from '../session/live.ts';
import { createSession, type Session, type User } from '../session/session.ts';
import { createSettings, type SettingsStore } from '../session/settings.ts';
import { createPeople, type People } from '../session/people.ts';
import { createPhoneTab, type PhoneTab } from '../session/tabs.ts';
import { createRouter, type Router } from './router.ts';

/** What lives as long as the page. */
export interface Services {
  api: Api;
  session: Session;
  settings: SettingsStore;
  router: Router;
  stop: () => void;
}

/** What lives while somebody is signed in. */
export interface SignedIn {
  user: User;
  live: Live;
  people: People;
  desk: DeskStore;
  missed: MissedStore;
  drafts: Drafts;
  audio: Audio;
  phone: Phone;
  phoneTab: PhoneTab;
  ringer: Ringer;
  actions: Actions;
  stop: () => void;
}

export function createServices(win: Window): Services {
  const settings = createSettings(win.localStorage);
  const router = createRouter(win);
  const api: Api = createApi({
    fetch: win.fetch.bind(win),
    token: () => session.token(),
    onUnauthorized: () => session.expire(),
  });
  const session: Session = createSession({
    api,
    storage: win.localStorage,
    onStorage: (listener) => {
      const heard = (event: StorageEvent): void => listener(event.key);
      win.addEventListener('storage', heard);
      return () => win.removeEventListener('storage', heard);
    },
  });
  return {
    api,
    session,
    settings,
    router,
    stop: () => {
      session.stop();
      router.stop();
    },
  };
}

export function createSignedIn(services: Services, user: User, win: Window): SignedIn {
  const { api, session, settings } = services;
  const drafts = createDrafts(win.localStorage);
  const live = createLive({
    token: () => session.token(),
    onUnauthorized: () => session.expire(),
    onUnnumbered: () => void desk.reload(),
    now: () => Date.now(),
  });
  const people = createPeople(api, live);
  const desk = createDeskStore({ api, live, people, user, drafts, now: () => Date.now() });
  const missed = createMissed({ api, live, now: () => Date.now() });
  const audio = createAudio({
    media: win.navigator.mediaDevices,
    choices: () => settings.store.get(),
    onChoices: settings.store.subscribe,
  });
  const phone = createPhone({
    account: () => api.get('/api/v1/me/softphone', sipAccount),
    audio,
    now: () => Date.now(),
    random: () => Math.random(),
  });
  const phoneTab = createPhoneTab(win.navigator.locks, `ramal-phone-${user.id}`);
  const ringer = createRinger({
    device: () => settings.store.get().ringer,
    volume: () => settings.store.get().ringVolume,
  });
  const unlistenTab = phoneTab.state.subscribe(() => {
    if (phoneTab.state.get() === 'owner') {
      void audio.warm();
      phone.start();
    } else phone.stop();
  });
  desk.start();
  missed.start();
  live.start();
  phoneTab.start();
  return {
    user,
    live,
    people,
    desk,
    missed,
    drafts,
    audio,
    phone,
    phoneTab,
    ringer,
    actions: createActions(),
    stop: () => {
      unlistenTab();
      phone.stop();
      phoneTab.stop();
      ringer.stop();
      audio.stop();
      live.stop();
      desk.stop();
      missed.stop();
      people.stop();
    },
  };
}
