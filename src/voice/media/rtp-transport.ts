import type { RemoteInfo, Socket } from 'node:dgram';
import type { PortPool } from './ports.ts';
import type { RemoteAudio } from './sdp.ts';
import type { PacketHandler, Transport } from './transport.ts';
import { isRtcp, payloadStart } from './rtp.ts';

/** A locked source that has been quiet this long may come back from another port of the same host (NAT rebinding). */
const RELATCH_MS = 1_000;
/** Moves of one call that are remembered. */
const MAX_FORMER = 16;

export interface RtpTransport extends Transport {
  readonly port: number;
  /** Where the peer says it listens; a change opens the latch again. */
  setPeer(remote: RemoteAudio): void;
}

/** Node refuses what no socket can reach; the packet comes from another leg, which must go on. */
function sendTo(socket: Socket, packet: Buffer, port: number, host: string): void {
  try {
    socket.send(packet, port, host);
  } catch {
    // Lost, as on any network.
  }
}

/**
 * Plain RTP with symmetric latching (RFC 4961): packets are taken only from the host that the SDP names or, for peers
 * behind a NAT, from the one that signals (`signalledFrom`); the first packet fixes host and port, later ones from elsewhere
 * are dropped, and so is what still comes from where the peer was before a re-INVITE. So nobody can pull a call's audio by spraying the port range.
 */
export async function createRtpTransport(
  pool: PortPool,
  onPacket: PacketHandler,
  signalledFrom?: string,
): Promise<RtpTransport> {
  const { socket, port } = await pool.bindRtp();
  let rtcp: Socket | undefined;
  let announcedHost = '';
  let host = '';
  let announced = 0;
  let peerPort = 0;
  let locked = false;
  let lastAt = 0;
  const former = createFormer();
  let closed = false;
  let connected = false;
  const { promise: ready, resolve: arrived, reject: refused } = deferred();
  ready.catch(() => undefined);

  /** First packet, or the peer's NAT moved: decides whether this source becomes the peer. */
  function latch(packet: Buffer, from: RemoteInfo): boolean {
    if (from.address !== announcedHost && from.address !== signalledFrom) return false;
    if (payloadStart(packet) < 0) return false;
    if (!isNamed(from.address, from.port) && former.has(`${from.address}:${from.port}`)) return false;
    // The very port of the SDP needs no guess and takes the leg back from one: a stream of an earlier call may still be
    // running into this port from the same host, a trunk's.
    if (locked && !isNamed(from.address, from.port) && performance.now() - lastAt < RELATCH_MS) return false;
    locked = true;
    connectSocket(false);
    host = from.address;
    peerPort = from.port;
    connectSocket(true);
    arrived();
    return true;
  }
  const isNamed = (address: string, source: number): boolean =>
    source === announced && address === announcedHost;

  function moveTo(remote: RemoteAudio): void {
    if (announcedHost !== '') former.leave(`${announcedHost}:${announced}`, `${host}:${peerPort}`);
    former.enter(`${remote.host}:${remote.port}`);
    connectSocket(false);
    announcedHost = remote.host;
    announced = remote.port;
    host = remote.host;
    peerPort = remote.port;
    locked = false;
  }

  /**
   * A connected socket costs the kernel and Node less a packet, and the kernel itself drops strangers; it is let go
   * while the peer is quiet, so that a new port of its NAT can be heard. Never to a port that was guessed.
   */
  function connectSocket(yes: boolean): void {
    if (yes === connected || closed || (yes && !isNamed(host, peerPort))) return;
    try {
      if (yes) socket.connect(peerPort, host);
      else socket.disconnect();
      connected = yes;
    } catch {
      // Still connecting or already let go: sending by address works all the same.
    }
  }

  socket.on('message', (packet, from) => {
    if (isRtcp(packet)) return;
    if ((!locked || from.port !== peerPort || from.address !== host) && !latch(packet, from)) return;
    lastAt = performance.now();
    if (!connected) connectSocket(true);
    onPacket(packet);
  });

  return {
    port,
    ready,
    setPeer(remote) {
      if (remote.host !== announcedHost || remote.port !== announced) moveTo(remote);
      if (!remote.rtcpMux && rtcp === undefined)
        void pool.bindRtcp(port).then((bound) => {
          if (closed) bound?.close();
          else rtcp = bound;
        });
    },
    send(packet) {
      if (closed || peerPort === 0 || host === '' || host === '0.0.0.0') return;
      if (connected) {
        if (performance.now() - lastAt < RELATCH_MS) {
          socket.send(packet);
          return;
        }
        connectSocket(false);
      }
      sendTo(socket, packet, peerPort, host);
    },
    close() {
      if (closed) return;
      closed = true;
      refused(new Error('endpoint destroyed'));
      rtcp?.close();
      socket.close(() => pool.release(port));
    },
  };
}

/** Addresses that the peer moved away from, each with where its sound came from: what still comes from there is of the past. */
function createFormer() {
  const left = new Map<string, string>();
  return {
    leave(named: string, heard: string): void {
      left.set(named, heard);
      for (const oldest of left.keys()) if (left.size > MAX_FORMER) left.delete(oldest);
    },
    /** Also back where it was before: music on hold comes from elsewhere and goes. */
    enter: (named: string) => left.delete(named),
    has(source: string): boolean {
      for (const [named, heard] of left) if (named === source || heard === source) return true;
      return false;
    },
  };
}

function deferred(): { promise: Promise<void>; resolve: () => void; reject: (error: Error) => void } {
  let resolve: () => void = () => undefined;
  let reject: (error: Error) => void = () => undefined;
  const promise = new Promise<void>((yes, no) => {
    resolve = yes;
    reject = no;
  });
  return { promise, resolve, reject };
}
