import { createActions, type Actions } from './actions.ts';
import { createAudio, type Audio } from '../phone/audio.ts';
import { createMuteMemory } from '../phone/mute-memory.ts';
import { createPhone, type Phone } from '../phone/phone.ts';
import { createRinger, type Ringer } from '../phone/ringer.ts';
import { sipAccount } from '../phone/sip-agent.ts';
import { createClosingSync } from '../desk/closing-sync.ts';
import { createDeskStore, type DeskStore } from '../desk/desk-store.ts';
import { currentCall, type Work } from '../desk/work.ts';
import { createMissed, type MissedStore } from '../desk/missed-store.ts';
import { createDrafts, type Drafts } from '../session/drafts.ts';
import { createApi, type Api } from '../session/api.ts';
import { createLive, type Live } from '../session/live.ts';
import { createSession, type Session, type User } from '../session/session.ts';
import { createSettings, type SettingsStore } from '../session/settings.ts';
import { createPeople, type People } from '../session/people.ts';
import { createQueues, type Queues } from '../session/queues.ts';
import { createPhoneTab, type PhoneTab } from '../session/tabs.ts';
import { dictionaryOf } from '../i18n/index.ts';
import { createResult, type ResultStore } from '../ui/result.ts';
import { createStore, type Store } from '../ui/store.ts';
import { createRouter, pageOf, type Router } from './router.ts';
import { createUndelivered, type UndeliveredStore } from './undelivered.ts';

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
  queues: Queues;
  desk: DeskStore;
  missed: MissedStore;
  undelivered: UndeliveredStore;
  drafts: Drafts;
  audio: Audio;
  phone: Phone;
  phoneTab: PhoneTab;
  ringer: Ringer;
  actions: Actions;
  /** The name of what a page shows, for the title of the window. */
  pageName: Store<string | null>;
  /** What became of an act whose control has gone. */
  result: ResultStore;
  stop: () => void;
}

export function createServices(win: Window): Services {
  const settings = createSettings(win.localStorage);
  const router = createRouter(win);
  const api: Api = createApi({
    fetch: win.fetch.bind(win),
    language: () => settings.store.get().language,
    token: () => session.token(),
    onUnauthorized: () => session.expire(),
  });
  const session: Session = createSession({
    api,
    storage: win.localStorage,
    onStorage: onStorageOf(win),
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
  const drafts = createDrafts(win.localStorage, user.id, { onStorage: onStorageOf(win) });
  const result = createResult();
  const live = createLive({
    token: () => session.token(),
    onUnauthorized: () => session.expire(),
    onUnnumbered: () => void desk.reload(),
    now: () => Date.now(),
  });
  const people = createPeople(api, live);
  const queues = createQueues(api);
  const desk = createDeskStore({
    api,
    live,
    people,
    user,
    me: () => whoNow(session, queues),
    drafts,
    now: () => Date.now(),
    watched: (selected) => watchedContact(win, services.router, selected),
    onUnread: () => {
      if (phoneTab.state.get() === 'owner') ringer.message();
    },
    memory: win.sessionStorage,
  });
  const closing = createClosingSync({
    api,
    drafts,
    work: desk.work,
    text: () => dictionaryOf(settings.store.get().language),
    now: () => Date.now(),
  });
  const unlook = onLook(win, services.router, desk.look);
  const missed = createMissed({ api, live, now: () => Date.now() });
  const undelivered = createUndelivered({ api, live });
  const audio = audioOf(win, settings);
  const phone = createPhone({
    account: () => api.get('/api/v1/me/softphone', sipAccount),
    audio,
    now: () => Date.now(),
    random: () => Math.random(),
    mutes: createMuteMemory(win.localStorage, () => callOf(desk.work.get())),
  });
  const phoneTab = createPhoneTab(win.navigator.locks, `ramal-phone-${user.id}`);
  const ringer = ringerOf(settings);
  const unlistenTab = ringInOneTab(phoneTab, audio, phone);
  void queues.reload();
  desk.start();
  closing.start();
  missed.start();
  undelivered.start();
  live.start();
  phoneTab.start();
  return {
    user,
    live,
    people,
    queues,
    desk,
    missed,
    undelivered,
    drafts,
    audio,
    phone,
    phoneTab,
    ringer,
    actions: createActions(),
    pageName: createStore<string | null>(null),
    result,
    stop: () => {
      result.clear();
      unlook();
      closing.stop();
      drafts.stop();
      unlistenTab();
      phone.stop();
      phoneTab.stop();
      ringer.stop();
      audio.stop();
      live.stop();
      desk.stop();
      missed.stop();
      undelivered.stop();
      people.stop();
    },
  };
}

/** What another tab keeps or removes, told by its key. */
const onStorageOf =
  (win: Window) =>
  (listener: (key: string | null) => void): (() => void) => {
    const heard = (event: StorageEvent): void => listener(event.key);
    win.addEventListener('storage', heard);
    return () => win.removeEventListener('storage', heard);
  };

const audioOf = (win: Window, { store }: SettingsStore): Audio =>
  createAudio({
    media: win.navigator.mediaDevices,
    choices: () => store.get(),
    onChoices: store.subscribe,
  });

const ringerOf = ({ store }: SettingsStore): Ringer =>
  createRinger({ device: () => store.get().ringer, volume: () => store.get().ringVolume });

/** Who this is now; what is seen of the queues hangs on it too. */
function whoNow(session: Session, queues: Queues): Promise<User | null> {
  void queues.reload();
  return session.refresh();
}

/** The telephone is where this person's tab owns it. */
function ringInOneTab({ state }: PhoneTab, audio: Audio, phone: Phone): () => void {
  return state.subscribe(() => {
    if (state.get() === 'owner') {
      void audio.warm();
      phone.start();
    } else phone.stop();
  });
}

const callOf = (work: Work): string | null | undefined =>
  work.loaded ? (currentCall(work)?.id ?? null) : undefined;

/** The contact that somebody has before them now; nothing is read behind another window. */
function watchedContact(win: Window, router: Router, selected: string | null): string | null {
  if (win.document.visibilityState !== 'visible' || !win.document.hasFocus()) return null;
  const page = pageOf(router.place.get().path);
  if (page.name === 'contact') return page.id;
  return page.name === 'desk' ? selected : null;
}

/** Somebody came back to this window, or went to another page of it. */
function onLook(win: Window, router: Router, look: () => void): () => void {
  win.addEventListener('focus', look);
  win.document.addEventListener('visibilitychange', look);
  const unlisten = router.place.subscribe(look);
  return () => {
    win.removeEventListener('focus', look);
    win.document.removeEventListener('visibilitychange', look);
    unlisten();
  };
}
