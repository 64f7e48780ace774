import type { Inviter } from 'sip.js';
import {
  createSipAgent,
  endSession,
  onSession,
  peerConnection,
  remoteStream,
  sipAccount,
  type SipAgent,
} from '../phone/sip-agent.ts';
import { createStore, type ReadStore } from '../ui/store.ts';
import { ApiError, query, type Api } from '../session/api.ts';
import { z } from 'zod';
import { nextSimCall, type SimCall, type SimEvent } from './call-state.ts';

const simulatorAccount = sipAccount.extend({ did: z.string() });

interface Deferred {
  promise: Promise<void>;
  resolve: () => void;
  reject: (error: Error) => void;
}

function deferred(): Deferred {
  let settle: Pick<Deferred, 'resolve' | 'reject'> = { resolve: () => undefined, reject: () => undefined };
  const promise = new Promise<void>((resolve, reject) => {
    settle = { resolve, reject };
  });
  return { promise, ...settle };
}

/** A telephone for the customer's part: one account, one call, thrown away after it. */
export interface SimPhone {
  call: ReadStore<SimCall>;
  dial: (caller: string) => Promise<void>;
  hangUp: () => Promise<void>;
  /** RFC 4733 through the negotiated telephone-event; digits wait for each other in the sender's own buffer. */
  press: (digit: string) => void;
  stop: () => void;
}

export function createSimPhone(api: Api, media: MediaDevices | undefined): SimPhone {
  const call = createStore<SimCall>({ kind: 'idle' });
  const speaker = document.createElement('audio');
  speaker.autoplay = true;
  let agent: SipAgent | null = null;
  let session: Inviter | null = null;
  let microphone: MediaStream | null = null;

  const tell = (event: SimEvent): void => call.update((now) => nextSimCall(now, event));
  const drop = (): void => {
    const ending = agent;
    agent = null;
    session = null;
    speaker.srcObject = null;
    for (const track of microphone?.getTracks() ?? []) track.stop();
    microphone = null;
    void ending?.stop();
  };
  const fail = (cause: 'microphone' | 'refused' | 'unavailable'): void => {
    tell({ type: 'failed', cause });
    drop();
  };
  const over = (): void => {
    tell({ type: 'over', now: Date.now() });
    drop();
  };

  const dial = async (caller: string): Promise<void> => {
    tell({ type: 'dial' });
    try {
      microphone = (await media?.getUserMedia({ audio: true })) ?? null;
    } catch {
      microphone = null;
    }
    const stream = microphone;
    if (!stream) {
      fail('microphone');
      return;
    }
    try {
      const account = await api.get(`/api/v1/simulator/phone${query({ caller })}`, simulatorAccount);
      await connect(account, stream);
    } catch (error) {
      fail(error instanceof ApiError ? 'unavailable' : 'refused');
    }
  };
  const connect = async (account: z.infer<typeof simulatorAccount>, stream: MediaStream): Promise<void> => {
    const registered = deferred();
    const line = createSipAgent({
      account,
      userAgentString: 'Ramal-Simulador/0.1',
      microphone: () => Promise.resolve(stream.clone()),
      onRegistered: registered.resolve,
      onLost: (cause) => {
        registered.reject(new Error(cause));
        if (session !== null) over();
      },
    });
    agent = line;
    await Promise.all([line.start(), registered.promise]);
    if (agent !== line) return;
    const host = account.sipUri.slice(account.sipUri.indexOf('@') + 1);
    tell({ type: 'sent', did: account.did });
    const inviter = await line.invite(`sip:${account.did}@${host}`, () => fail('refused'));
    session = inviter;
    onSession(inviter, {
      live: () => {
        listenTo(speaker, remoteStream(inviter));
        tell({ type: 'answered', now: Date.now() });
      },
      ended: over,
    });
  };
  return {
    call,
    dial,
    hangUp: async () => {
      if (session) await endSession(session).catch(over);
      else over();
    },
    press: (digit) => {
      if (session) sendDigit(session, digit);
    },
    stop: () => {
      if (session) void endSession(session).catch(() => undefined);
      drop();
    },
  };
}

function listenTo(speaker: HTMLAudioElement, remote: MediaStream | null): void {
  if (!remote) return;
  speaker.srcObject = remote;
  void speaker.play().catch(() => undefined);
}

function sendDigit(session: Inviter, digit: string): void {
  const senders = peerConnection(session)?.getSenders() ?? [];
  const dtmf = senders.find((one) => one.track?.kind === 'audio')?.dtmf;
  if (dtmf?.canInsertDTMF === true) dtmf.insertDTMF(dtmf.toneBuffer + digit, 120, 70);
}
