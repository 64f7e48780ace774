import { SessionState, type Invitation } from 'sip.js';
import { createStore, type ReadStore } from '../ui/store.ts';
import type { Audio } from './audio.ts';
import { nextLine, type Leg, type Line, type LineEvent } from './phone-state.ts';
import {
  createSipAgent,
  endSession,
  onSession,
  remoteStream,
  type SipAccount,
  type SipAgent,
} from './sip-agent.ts';

export interface Phone {
  line: ReadStore<Line>;
  leg: ReadStore<Leg>;
  start(): void;
  retryNow(): void;
  mute(muted: boolean): void;
  /** Ends this browser's leg even when the server cannot be asked. */
  hangUp(): Promise<void>;
  stop(): void;
}

export interface PhoneDeps {
  account(): Promise<SipAccount>;
  audio: Audio;
  now(): number;
  random(): number;
  createAgent?: typeof createSipAgent;
}

export const deskAgentString = 'Ramal-Desk/0.1';

/**
 * The operator's softphone. The server sends an INVITE only after the operator accepted an offer (or asked for a call),
 * so each one is answered at once. A lost line is rebuilt with new credentials after a backoff, and the server then
 * gives back the call that was on it.
 */
export function createPhone(deps: PhoneDeps): Phone {
  const line = createStore<Line>({ kind: 'off' });
  const leg = createStore<Leg>({ kind: 'none' });
  let agent: SipAgent | null = null;
  let session: Invitation | null = null;
  let timer: number | null = null;

  const tell = (event: LineEvent): void => {
    const before = line.get();
    line.update((now) => nextLine(now, event));
    const after = line.get();
    if (after === before) return;
    if (after.kind === 'connecting') void connect();
    if (after.kind === 'lost') {
      void agent?.stop();
      agent = null;
      endLeg();
      timer = window.setTimeout(() => tell({ type: 'retry' }), after.retryAt - deps.now());
    }
  };
  const dropped = (cause: string): void =>
    tell({ type: 'dropped', cause, now: deps.now(), random: deps.random() });

  const connect = async (): Promise<void> => {
    clearTimer();
    let mine: SipAgent | null = null;
    const current = (): boolean => mine !== null && agent === mine;
    try {
      const account = await deps.account();
      if (line.get().kind !== 'connecting') return;
      mine = (deps.createAgent ?? createSipAgent)({
        account,
        userAgentString: deskAgentString,
        microphone: () => deps.audio.take(),
        onRegistered: () => current() && tell({ type: 'registered' }),
        onLost: (cause) => current() && dropped(cause),
        onInvite: (invitation) => void answer(invitation),
      });
      agent = mine;
      await mine.start();
    } catch (error) {
      if (mine === null || current()) dropped(error instanceof Error ? error.message : 'failed');
    }
  };

  const answer = async (invitation: Invitation): Promise<void> => {
    if (session && session.state !== SessionState.Terminated)
      await endSession(session).catch(() => undefined);
    session = invitation;
    leg.set({ kind: 'connecting' });
    onSession(invitation, {
      live: () => {
        if (session !== invitation) return;
        const stream = remoteStream(invitation);
        if (stream) deps.audio.play(stream);
        leg.set({ kind: 'live', since: deps.now(), muted: false });
        deps.audio.onCall(true, false);
      },
      ended: () => session === invitation && endLeg(),
    });
    try {
      await invitation.accept();
    } catch {
      if (session === invitation) endLeg();
      await invitation.reject({ statusCode: 480 }).catch(() => undefined);
    }
  };

  const endLeg = (): void => {
    session = null;
    deps.audio.silence();
    deps.audio.onCall(false, false);
    leg.set({ kind: 'none' });
  };
  const clearTimer = (): void => {
    if (timer !== null) window.clearTimeout(timer);
    timer = null;
  };

  return {
    line,
    leg,
    start: () => tell({ type: 'start' }),
    retryNow: () => tell({ type: 'retry' }),
    mute: (muted) => {
      const now = leg.get();
      if (now.kind !== 'live' || !session) return;
      setMuted(session, muted);
      leg.set({ ...now, muted });
      deps.audio.onCall(true, muted);
    },
    hangUp: async () => {
      if (session) await endSession(session);
    },
    stop: () => {
      clearTimer();
      const leaving = session;
      const ending = agent;
      agent = null;
      tell({ type: 'stop' });
      endLeg();
      void (leaving ? endSession(leaving).catch(() => undefined) : Promise.resolve()).then(() =>
        ending?.stop(),
      );
    },
  };
}

function setMuted(session: Invitation, muted: boolean): void {
  const handler = session.sessionDescriptionHandler as { localMediaStream?: MediaStream } | undefined;
  for (const track of handler?.localMediaStream?.getAudioTracks() ?? []) track.enabled = !muted;
}
