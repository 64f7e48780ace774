import {
  Inviter,
  Registerer,
  RegistererState,
  SessionState,
  UserAgent,
  Web,
  Invitation,
  type Session,
} from 'sip.js';
import { z } from 'zod';

/** What `GET /me/softphone` and `GET /simulator/phone` answer. */
export const sipAccount = z.object({
  sipUri: z.string(),
  wsUrl: z.string(),
  username: z.string(),
  password: z.string(),
  iceServers: z
    .array(
      z.object({
        urls: z.union([z.string(), z.array(z.string())]),
        username: z.string().optional(),
        credential: z.string().optional(),
      }),
    )
    .default([]),
});
export type SipAccount = z.infer<typeof sipAccount>;

export interface SipAgentOptions {
  account: SipAccount;
  /** The server tells our desk (which answers at once) from any other SIP phone by this. */
  userAgentString: string;
  /** Tracks are stopped with the session: hand out clones. */
  microphone: () => Promise<MediaStream>;
  onRegistered: () => void;
  /** Once: the transport closed or the registration was refused. */
  onLost: (cause: string) => void;
  onInvite?: (invitation: Invitation) => void;
}

/** One connection with one set of credentials. A lost one is thrown away, never mended: its password is good for minutes only. */
export interface SipAgent {
  start: () => Promise<void>;
  invite: (target: string, onRefused: () => void) => Promise<Inviter>;
  /** Ends its calls and its registration. */
  stop: () => Promise<void>;
  /** Closes the line as a closed tab does: no word for its calls, so that the server can bring them elsewhere. */
  letGo: () => Promise<void>;
}

/** Host candidates reach the server directly; SIP.js would wait 5 s for gathering to end. */
const gatheringMs = 400;

export function createSipAgent(options: SipAgentOptions): SipAgent {
  const { account } = options;
  const uri = UserAgent.makeURI(account.sipUri);
  if (!uri) throw new Error(`not a SIP address: ${account.sipUri}`);
  let ended = false;
  const lose = (cause: string): void => {
    if (ended) return;
    ended = true;
    options.onLost(cause);
  };
  const agent = new UserAgent({
    uri,
    authorizationUsername: account.username,
    authorizationPassword: account.password,
    userAgentString: options.userAgentString,
    transportOptions: { server: account.wsUrl, connectionTimeout: 5, keepAliveInterval: 20 },
    reconnectionAttempts: 0,
    logBuiltinEnabled: false,
    sessionDescriptionHandlerFactory: Web.defaultSessionDescriptionHandlerFactory(() => options.microphone()),
    sessionDescriptionHandlerFactoryOptions: {
      iceGatheringTimeout: gatheringMs,
      peerConnectionConfiguration: {
        iceServers: account.iceServers as RTCIceServer[],
        bundlePolicy: 'max-bundle',
      },
    },
    delegate: {
      onInvite: (invitation) => {
        if (options.onInvite) options.onInvite(invitation);
        else void invitation.reject({ statusCode: 486 });
      },
      onDisconnect: (error) => lose(error?.message ?? 'closed'),
    },
  });
  const registerer = new Registerer(agent, { expires: 120, refreshFrequency: 75 });
  registerer.stateChange.addListener((state) => {
    if (state === RegistererState.Registered) options.onRegistered();
    else if (state === RegistererState.Unregistered) lose('unregistered');
  });
  return {
    start: async () => {
      await agent.start();
      await registerer.register({
        requestDelegate: { onReject: (response) => lose(`${response.message.statusCode ?? 0}`) },
      });
    },
    invite: async (target, onRefused) => {
      const to = UserAgent.makeURI(target);
      if (!to) throw new Error(`not a SIP address: ${target}`);
      const inviter = new Inviter(agent, to, { earlyMedia: false });
      await inviter.invite({ requestDelegate: { onReject: onRefused } });
      return inviter;
    },
    stop: async () => {
      ended = true;
      await agent.stop().catch(() => undefined);
    },
    letGo: async () => {
      ended = true;
      // Behind a closed transport the BYE of each session goes nowhere.
      await agent.transport.disconnect().catch(() => undefined);
      await agent.stop().catch(() => undefined);
    },
  };
}

/** The peer connection below a session, once there is one. */
export function peerConnection(session: Session): RTCPeerConnection | null {
  const handler = session.sessionDescriptionHandler;
  return handler instanceof Web.SessionDescriptionHandler ? (handler.peerConnection ?? null) : null;
}

export function remoteStream(session: Session): MediaStream | null {
  const handler = session.sessionDescriptionHandler;
  return handler instanceof Web.SessionDescriptionHandler ? handler.remoteMediaStream : null;
}

/** Runs each callback once, in whatever order the session gets there. */
export function onSession(session: Session, on: { live: () => void; ended: () => void }): void {
  const tell = (state: SessionState): void => {
    if (state === SessionState.Established) on.live();
    else if (state === SessionState.Terminated) on.ended();
  };
  session.stateChange.addListener(tell);
}

/** Ends a session whatever state it is in: CANCEL, final answer or BYE (RFC 3261 §9, §13, §15). */
export async function endSession(session: Session): Promise<void> {
  switch (session.state) {
    case SessionState.Initial:
    case SessionState.Establishing:
      if (session instanceof Inviter) await session.cancel();
      else if (session instanceof Invitation) await session.reject();
      return;
    case SessionState.Established:
      await session.bye();
      return;
    case SessionState.Terminating:
    case SessionState.Terminated:
      return;
  }
}
