/// <reference lib="dom" />
import { build } from 'vite';
import { type Browser, openBrowser } from './desk.ts';
import { eventually, type Product } from './product.ts';

export interface SipAccount {
  readonly sipUri: string;
  readonly wsUrl: string;
  readonly username: string;
  readonly password: string;
}

/** A phone of somebody else's make: JsSIP in Chromium, with a microphone that says one tone. */
export interface JsSipPhone extends Pick<Browser, 'untilHeard' | 'heard' | 'close'> {
  /** Resolves when it rings; with the caller's number and name. */
  rings(limitMs?: number): Promise<{ user: string; name: string }>;
  answer(): Promise<void>;
  hangUp(): Promise<void>;
  /** Rings, answers by itself from now on. */
  answersBySelf(): Promise<void>;
  /** Resolves when its last call is over; says by whom. */
  over(limitMs?: number): Promise<'local' | 'remote' | 'system'>;
}

interface Session {
  readonly direction: 'incoming' | 'outgoing';
  readonly remote_identity: { readonly uri: { readonly user: string }; readonly display_name: string };
  on(event: 'ended' | 'failed', handler: (data: { originator: 'local' | 'remote' | 'system' }) => void): void;
  on(event: 'peerconnection', handler: (data: { peerconnection: RTCPeerConnection }) => void): void;
  answer(options: object): void;
  terminate(): void;
}
interface Ua {
  on(event: 'registered' | 'registrationFailed', handler: () => void): void;
  on(event: 'newRTCSession', handler: (data: { session: Session }) => void): void;
  start(): void;
}
/** What the page keeps. */
interface PhonePage {
  readonly JsSIP: {
    readonly UA: new (options: object) => Ua;
    readonly WebSocketInterface: new (url: string) => object;
  };
  phone: {
    state: 'starting' | 'registered' | 'refused';
    session: Session | null;
    bySelf: boolean;
    ended: 'local' | 'remote' | 'system' | null;
    answer(): void;
  };
}

let bundled: Promise<string> | undefined;

/** The npm package has modules only; a page without a bundler needs one script. */
async function bundle(): Promise<string> {
  const result = await build({
    configFile: false,
    logLevel: 'silent',
    build: {
      write: false,
      minify: false,
      lib: { entry: 'node_modules/jssip/lib/JsSIP.js', formats: ['iife'], name: 'JsSIP' },
    },
    define: { 'process.env.NODE_ENV': '"production"' },
  });
  const [code] = [result].flat().flatMap((made) => ('output' in made ? [made.output[0].code] : []));
  if (code === undefined) throw new Error('JsSIP was not bundled');
  return code;
}

function startPhone(account: SipAccount): void {
  const page = window as unknown as PhonePage;
  const ua = new page.JsSIP.UA({
    sockets: [new page.JsSIP.WebSocketInterface(account.wsUrl)],
    uri: account.sipUri,
    authorization_user: account.username,
    password: account.password,
    register_expires: 120,
  });
  const phone: PhonePage['phone'] = {
    state: 'starting',
    session: null,
    bySelf: false,
    ended: null,
    answer() {
      phone.session?.answer({
        mediaConstraints: { audio: true, video: false },
        pcConfig: { iceServers: [] },
      });
    },
  };
  page.phone = phone;
  ua.on('registered', () => (phone.state = 'registered'));
  ua.on('registrationFailed', () => (phone.state = 'refused'));
  ua.on('newRTCSession', ({ session }) => {
    phone.session = session;
    phone.ended = null;
    const over = (data: { originator: 'local' | 'remote' | 'system' }): void => {
      phone.ended = data.originator;
      phone.session = null;
    };
    // Chromium decodes a remote track only where an element plays it.
    session.on('peerconnection', ({ peerconnection }) =>
      peerconnection.addEventListener('track', (event) => {
        const speaker = new Audio();
        speaker.srcObject = new MediaStream([event.track]);
        void speaker.play();
      }),
    );
    session.on('ended', over);
    session.on('failed', over);
    // JsSIP is ready to be answered after the handlers of this event have run.
    if (phone.bySelf && session.direction === 'incoming') setTimeout(() => phone.answer(), 0);
  });
  ua.start();
}

/** Opens Chromium and registers; rejects when it is refused. */
export async function openJsSip(
  program: string,
  product: Product,
  account: SipAccount,
  micHz: number,
): Promise<JsSipPhone> {
  const code = await (bundled ??= bundle());
  const browser = await openBrowser(program, micHz);
  const { page } = browser;
  // Any page of the product's origin will do, as long as no desk runs on it.
  await page.goto(`${product.url}/healthz`);
  // Through the debugger: the content policy, rightly, forbids scripts in the page.
  await page.evaluate(`${code}; window.JsSIP = JsSIP.default ?? JsSIP; undefined`);
  await page.evaluate(startPhone, account);
  const look = <T>(read: (phone: PhonePage['phone']) => T): Promise<T> =>
    page.evaluate(`(${read.toString()})(window.phone)`);
  await eventually(
    'the registration',
    () => look((phone) => phone.state),
    (state) => state !== 'starting',
  ).then((state) => {
    if (state === 'refused') throw new Error('JsSIP was refused');
  });
  return {
    untilHeard: browser.untilHeard,
    heard: browser.heard,
    close: browser.close,
    async rings(limitMs = 30_000) {
      const who = await eventually(
        'the ringing',
        () =>
          look((phone) =>
            phone.session === null
              ? null
              : {
                  user: phone.session.remote_identity.uri.user,
                  name: phone.session.remote_identity.display_name,
                },
          ),
        (caller) => caller !== null,
        limitMs,
      );
      return who ?? { user: '', name: '' };
    },
    answer: () => look((phone) => phone.answer()),
    hangUp: () => look((phone) => phone.session?.terminate()),
    answersBySelf: () =>
      look((phone) => {
        phone.bySelf = true;
      }),
    async over(limitMs) {
      const by = await eventually(
        'the end of the call',
        () => look((phone) => phone.ended),
        (ended) => ended !== null,
        limitMs,
      );
      return by ?? 'system';
    },
  };
}
