import { systemClock } from '../../shared/clock.ts';
import { randomBytes, randomInt } from 'node:crypto';
import type nodeDatachannel from 'node-datachannel';
import { AppError } from '../../shared/errors.ts';
import { PAYLOAD_TYPE } from './g711.ts';
import { Leg, type LegEvents } from './leg.ts';
import type { PortPool } from './ports.ts';
import type { Described, MediaProcessOptions } from './protocol.ts';
import { createRtpTransport, type RtpTransport } from './rtp-transport.ts';
import {
  answerDirection,
  parseRemote,
  writeSdp,
  type Direction,
  type RemoteAudio,
  type SecureWords,
} from './sdp.ts';
import { createWebRtcTransport, identityOf, type WebRtcTransport } from './webrtc-transport.ts';

/** Dynamic payload type that we offer for telephone-event; answers take the offer's (RFC 3264 §6.1). */
const OUR_EVENT_TYPE = 101;
const CONNECT_MS = 10_000;

export interface EndpointDeps {
  readonly options: MediaProcessOptions;
  readonly pool: PortPool;
  readonly library: () => Promise<typeof nodeDatachannel>;
  /** The one port of all WebRTC legs, reserved at the first of them. */
  readonly webRtcPort: () => Promise<number>;
}

/** A leg with its description: offer and answer, codec, hold, transport. */
export interface Endpoint {
  readonly leg: Leg;
  describe(): Described;
  setRemote(sdp: string): Promise<Described>;
  /** Our offer of all that we speak, both ways; what is in use goes on until its answer comes. */
  offer(): Described;
  /** Resolves when media flows; rejects with AppError `media.notConnected` after 10 s. */
  connected(): Promise<void>;
  close(): void;
}

interface Session {
  readonly id: string;
  version: number;
  written: string;
  direction: Direction;
  remote: RemoteAudio | undefined;
  /** The description is an offer of ours. */
  offering: boolean;
}

export interface EndpointRequest {
  readonly id: string;
  readonly kind: 'rtp' | 'webrtc';
  readonly remoteSdp: string | undefined;
  readonly signalledFrom: string | undefined;
}

export async function createEndpoint(
  deps: EndpointDeps,
  { id, kind, remoteSdp, signalledFrom }: EndpointRequest,
  events: LegEvents,
): Promise<Endpoint> {
  const leg = new Leg(id, randomBytes(10), performance.now(), events);
  const session: Session = {
    id: String(randomInt(1, 2 ** 47)),
    version: 0,
    written: '',
    direction: 'sendrecv',
    remote: undefined,
    offering: true,
  };
  leg.eventType = OUR_EVENT_TYPE;
  if (remoteSdp !== undefined)
    adopt(leg, session, parseRemote(remoteSdp, kind, deps.options.advertiseAddress));
  const media = await (kind === 'rtp' ? rtpMedia : webRtcMedia)(deps, leg, session, remoteSdp, signalledFrom);

  const describe = (): Described => {
    const text = (version: number): string =>
      writeSdp({
        sessionId: session.id,
        version,
        host: deps.options.advertiseAddress,
        port: media.port,
        codecs: session.offering ? ['PCMU', 'PCMA'] : [leg.codec],
        payloadTypes: leg.payloadTypes,
        eventType: session.offering ? (leg.eventType ?? OUR_EVENT_TYPE) : leg.eventType,
        direction: session.offering ? 'sendrecv' : session.direction,
        ssrc: leg.out.ssrc,
        secure: session.offering ? offered(media.secure()) : media.secure(),
        remote: session.remote,
      });
    // RFC 3264 §5: the version in o= rises exactly when the description changes.
    if (text(session.version) !== session.written) session.written = text(++session.version);
    return { localSdp: session.written, codec: leg.codec };
  };

  return {
    leg,
    describe,
    async setRemote(sdp) {
      const remote = parseRemote(sdp, kind, deps.options.advertiseAddress);
      await media.apply(remote, sdp);
      adopt(leg, session, remote);
      return describe();
    },
    offer() {
      session.offering = true;
      return describe();
    },
    connected: () => withTimeout(media.ready()),
    close() {
      leg.end();
      media.close();
    },
  };
}

/** Takes over what the peer said: codec by its order, its event type, hold. */
function adopt(leg: Leg, session: Session, remote: RemoteAudio): void {
  session.remote = remote;
  session.offering = false;
  session.direction = answerDirection(remote.direction);
  leg.codec = remote.codecs[0] ?? 'PCMU';
  leg.payloadTypes = { ...PAYLOAD_TYPE, ...remote.payloadTypes };
  leg.eventType = remote.eventType;
  leg.maySend = session.direction === 'sendrecv' || session.direction === 'sendonly';
}

/** Who offers leaves the DTLS role to who answers (RFC 8842 §5.2). */
const offered = (words: SecureWords | undefined): SecureWords | undefined =>
  words === undefined ? undefined : { ...words, setup: 'actpass' };

interface Media {
  readonly port: number;
  secure(): SecureWords | undefined;
  ready(): Promise<void>;
  apply(remote: RemoteAudio, sdp: string): Promise<void>;
  close(): void;
}

async function rtpMedia(
  deps: EndpointDeps,
  leg: Leg,
  session: Session,
  _offerSdp: string | undefined,
  signalledFrom: string | undefined,
): Promise<Media> {
  const transport: RtpTransport = await createRtpTransport(deps.pool, leg.receive, signalledFrom);
  leg.transport = transport;
  if (session.remote !== undefined) transport.setPeer(session.remote);
  return {
    port: transport.port,
    secure: () => undefined,
    ready: () => transport.ready,
    apply(remote) {
      transport.setPeer(remote);
      return Promise.resolve();
    },
    close: () => transport.close(),
  };
}

async function webRtcMedia(
  deps: EndpointDeps,
  leg: Leg,
  session: Session,
  offerSdp: string | undefined,
): Promise<Media> {
  const port = await deps.webRtcPort();
  const library = await deps.library();
  const open = (offer: { sdp: string; remote: RemoteAudio } | undefined): Promise<WebRtcTransport> =>
    createWebRtcTransport(
      {
        library,
        name: leg.id,
        host: deps.options.host,
        advertiseAddress: deps.options.advertiseAddress,
        port,
        ssrc: leg.out.ssrc,
        offer,
        eventType: OUR_EVENT_TYPE,
      },
      leg.receive,
    );
  const { remote } = session;
  let transport = await open(
    remote === undefined || offerSdp === undefined ? undefined : { sdp: offerSdp, remote },
  );
  leg.transport = transport;
  /**
   * ICE restart, or the browser's page was loaded anew: a fresh association is made, and its new fingerprint tells the peer
   * to make one too (RFC 8842 §4). The old one carries sound until the new one does.
   */
  async function restart(sdp: string, remote: RemoteAudio): Promise<void> {
    const fresh = await open({ sdp, remote });
    const old = transport;
    transport = fresh;
    // A second restart before the first came up: that one's time is over.
    if (leg.transport !== old) old.close();
    const current = leg.transport;
    fresh.ready.then(
      () => {
        if (transport !== fresh) return;
        leg.transport = fresh;
        current?.close();
      },
      () => undefined,
    );
  }
  return {
    port,
    secure: () => transport.words,
    ready: () => transport.ready,
    async apply(next, sdp) {
      if (transport.peerIdentity === undefined) transport.setAnswer(sdp, next);
      else if (transport.peerIdentity !== identityOf(next)) await restart(sdp, next);
    },
    close() {
      leg.transport?.close();
      transport.close();
    },
  };
}

function withTimeout(ready: Promise<void>): Promise<void> {
  return new Promise((resolve, reject) => {
    const fail = (why: string): void => reject(new AppError('media.notConnected', 504, why));
    const timer = systemClock.after(CONNECT_MS, () => fail('no media within 10 s'));
    ready
      .then(resolve, (error: unknown) => fail(error instanceof Error ? error.message : String(error)))
      .finally(() => timer.cancel());
  });
}
