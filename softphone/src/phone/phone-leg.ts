import { SessionState, type Invitation } from 'sip.js';
import { createStore, type ReadStore } from '../ui/store.ts';
import type { Audio } from './audio.ts';
import type { MuteMemory } from './mute-memory.ts';
import type { Leg } from './phone-state.ts';
import { endSession, onSession, remoteStream } from './sip-agent.ts';

/** The one call that runs through this browser: the newest INVITE wins, an older leg is ended. */
export interface PhoneLeg {
  state: ReadStore<Leg>;
  answer: (invitation: Invitation) => Promise<void>;
  mute: (muted: boolean) => void;
  hangUp: () => Promise<void>;
  /**
   * Forgets the session without a word to the other side: the line is gone, or is given up. What this returns closes its sound, which
   * the other side notices at once.
   */
  drop: () => () => void;
}

export function createPhoneLeg(audio: Audio, now: () => number, mutes: MuteMemory): PhoneLeg {
  const state = createStore<Leg>({ kind: 'none' });
  let session: Invitation | null = null;

  const drop = (): (() => void) => {
    const dropped = session;
    session = null;
    audio.silence();
    audio.onCall(false, false);
    state.set({ kind: 'none' });
    return () => dropped?.sessionDescriptionHandler?.close();
  };
  const live = (invitation: Invitation): void => {
    if (session !== invitation) return;
    const stream = remoteStream(invitation);
    if (stream) audio.play(stream);
    const muted = mutes.isMuted();
    setTracks(invitation, !muted);
    state.set({ kind: 'live', since: now(), muted, ...(muted ? { asBefore: true } : {}) });
    audio.onCall(true, muted);
  };
  return {
    state,
    answer: async (invitation) => {
      const older = session;
      session = invitation;
      state.set({ kind: 'connecting' });
      if (older && older.state !== SessionState.Terminated) await endSession(older).catch(() => undefined);
      onSession(invitation, {
        live: () => live(invitation),
        ended: () => {
          if (session === invitation) drop();
        },
      });
      try {
        await invitation.accept();
      } catch {
        if (session === invitation) drop();
        await invitation.reject({ statusCode: 480 }).catch(() => undefined);
      }
    },
    mute: (muted) => {
      const leg = state.get();
      if (leg.kind !== 'live' || !session) return;
      setTracks(session, !muted);
      mutes.set(muted);
      state.set({ kind: 'live', since: leg.since, muted });
      audio.onCall(true, muted);
    },
    hangUp: async () => {
      if (session) await endSession(session);
    },
    drop,
  };
}

const setTracks = (session: Invitation, on: boolean): void => {
  for (const track of localTracks(session)) track.enabled = on;
};

function localTracks(session: Invitation): MediaStreamTrack[] {
  const handler = session.sessionDescriptionHandler as { localMediaStream?: MediaStream } | undefined;
  return handler?.localMediaStream?.getAudioTracks() ?? [];
}
