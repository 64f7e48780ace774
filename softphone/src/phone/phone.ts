import { createStore, type ReadStore } from '../ui/store.ts';
import type { Audio } from './audio.ts';
import { createPhoneLeg } from './phone-leg.ts';
import type { MuteMemory } from './mute-memory.ts';
import { nextLine, type Leg, type Line, type LineEvent } from './phone-state.ts';
import { createSipAgent, type SipAccount, type SipAgent } from './sip-agent.ts';

export interface Phone {
  line: ReadStore<Line>;
  leg: ReadStore<Leg>;
  start: () => void;
  retryNow: () => void;
  mute: (muted: boolean) => void;
  /** Ends this browser's leg even when the server cannot be asked. */
  hangUp: () => Promise<void>;
  /** Gives the line up, not the call on it: that one goes on where the person's phone is next, or with somebody else. */
  stop: () => void;
}

export interface PhoneDeps {
  account: () => Promise<SipAccount>;
  audio: Audio;
  now: () => number;
  random: () => number;
  mutes: MuteMemory;
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
  const leg = createPhoneLeg(deps.audio, deps.now, deps.mutes);
  let agent: SipAgent | null = null;
  let timer: number | null = null;
  /** Grows with each connection, so that a late answer for an older one changes nothing. */
  let turn = 0;

  const tell = (event: LineEvent): void => {
    const before = line.get();
    line.update((now) => nextLine(now, event));
    const after = line.get();
    if (after === before) return;
    if (after.kind === 'connecting') void connect();
    if (after.kind === 'lost') {
      letGo();
      timer = window.setTimeout(() => tell({ type: 'retry' }), after.retryAt - deps.now());
    }
  };
  const letGo = (): void => {
    turn += 1;
    const closeSound = leg.drop();
    // The line first: the server looks for the phone as soon as it hears nothing, and must not find it here any more.
    void Promise.resolve(agent?.letGo()).then(closeSound);
    agent = null;
  };
  const clearTimer = (): void => {
    if (timer !== null) window.clearTimeout(timer);
    timer = null;
  };
  const connect = async (): Promise<void> => {
    clearTimer();
    turn += 1;
    const mine = turn;
    const dropped = (cause: string): void => {
      if (mine === turn) tell({ type: 'dropped', cause, now: deps.now(), random: deps.random() });
    };
    try {
      const account = await deps.account();
      if (mine !== turn) return;
      agent = (deps.createAgent ?? createSipAgent)({
        account,
        userAgentString: deskAgentString,
        microphone: () => microphone(deps),
        onRegistered: () => {
          if (mine === turn) tell({ type: 'registered' });
        },
        onLost: dropped,
        onInvite: (invitation) => void leg.answer(invitation),
      });
      await agent.start();
    } catch (error) {
      dropped(error instanceof Error ? error.message : 'failed');
    }
  };

  return {
    line,
    leg: leg.state,
    start: () => tell({ type: 'start' }),
    retryNow: () => tell({ type: 'retry' }),
    mute: leg.mute,
    hangUp: leg.hangUp,
    stop: () => {
      clearTimer();
      tell({ type: 'stop' });
      letGo();
    },
  };
}

/** Closed before the first packet leaves, where it was closed before. */
async function microphone({ audio, mutes }: PhoneDeps): Promise<MediaStream> {
  const stream = await audio.take();
  if (mutes.isMuted()) for (const track of stream.getAudioTracks()) track.enabled = false;
  return stream;
}
