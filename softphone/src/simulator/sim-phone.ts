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

/** A telephone for the customer's part: one account, one call, thrown away after it. */
export interface SimPhone {
  call: ReadStore<SimCall>;
  dial(caller: string): Promise<void>;
  hangUp(): Promise<void>;
  /** RFC 4733 through the negotiated telephone-event; digits wait for each other in the sender's own buffer. */
  press(digit: string): void;
  stop(): void;
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
    if (!stream) return fail('microphone');
    try {
      const account = await api.get(`/api/v1/simulator/phone${query({ caller })}`, simulatorAccount);
      await connect(account, stream);
    } catch (error) {
      fail(error instanceof ApiError ? 'unavailable' : 'refused');
    }
  };
  const connect = async (account: z.infer<typeof simulatorAccount>, stream: MediaStream): Promise<void> => {
    const registered = Promise.withResolvers<undefined>();
    agent = createSipAgent({
      account,
      userAgentString: 'Ramal-Simulador/0.1',
      microphone: () => Promise.resolve(stream.clone()),
      onRegistered: () => registered.resolve(undefined),
      onLost: (cause) => {
        registered.reject(new Error(cause));
        if (session === null) return;
        over();
      },
    });
    await agent.start();
    await registered.promise;
    const host = account.sipUri.slice(account.sipUri.indexOf('@') + 1);
    tell({ type: 'sent', did: account.did });
    const made = await agent.invite(`sip:${account.did}@${host}`, () => fail('refused'));
    session = made;
    onSession(made, {
      live: () => {
        const remote = remoteStream(made);
        if (remote) {
          speaker.srcObject = remote;
          void speaker.play().catch(() => undefined);
        }
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
      const sender = session
        ? peerConnection(session)
            ?.getSenders()
            .find((one) => one.track?.kind === 'audio')
        : undefined;
      if (sender?.dtmf?.canInsertDTMF === true)
        sender.dtmf.insertDTMF(sender.dtmf.toneBuffer + digit, 120, 70);
    },
    stop: () => {
      if (session) void endSession(session).catch(() => undefined);
      drop();
    },
  };
}
