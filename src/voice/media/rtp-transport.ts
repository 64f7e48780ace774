import type { RemoteInfo, Socket } from 'node:dgram';
import type { PortPool } from './ports.ts';
import type { RemoteAudio } from './sdp.ts';
import type { PacketHandler, Transport } from './transport.ts';
import { isRtcp, payloadStart } from './rtp.ts';

/** A locked source that has been quiet this long may come back from another port of the same host (NAT rebinding). */
const RELATCH_MS = 1_000;

export interface RtpTransport extends Transport {
  readonly port: number;
  /** Where the peer says it listens; a change opens the latch again. */
  setPeer(remote: RemoteAudio): void;
}

/**
 * Plain RTP with symmetric latching (RFC 4961): packets are taken only from the host that the SDP names; the first one
 * fixes the port, later ones from elsewhere are dropped. So nobody can pull a call's audio by spraying the port range.
 */
export async function createRtpTransport(pool: PortPool, onPacket: PacketHandler): Promise<RtpTransport> {
  const { socket, port } = await pool.bindRtp();
  let rtcp: Socket | undefined;
  let host = '';
  let announced = 0;
  let peerPort = 0;
  let locked = false;
  let lastAt = 0;
  let closed = false;
  let arrived: () => void = () => undefined;
  let refused: (error: Error) => void = () => undefined;
  const ready = new Promise<void>((resolve, reject) => {
    arrived = resolve;
    refused = reject;
  });
  ready.catch(() => undefined);

  /** First packet, or the peer's NAT moved: decides whether this source becomes the peer. */
  function latch(packet: Buffer, from: RemoteInfo): boolean {
    if (from.address !== host || payloadStart(packet) < 0) return false;
    if (locked && performance.now() - lastAt < RELATCH_MS) return false;
    locked = true;
    peerPort = from.port;
    arrived();
    return true;
  }

  socket.on('message', (packet, from) => {
    if (isRtcp(packet)) return;
    if ((!locked || from.port !== peerPort || from.address !== host) && !latch(packet, from)) return;
    lastAt = performance.now();
    onPacket(packet);
  });

  return {
    port,
    ready,
    setPeer(remote) {
      const moved = remote.host !== host || remote.port !== announced;
      host = remote.host;
      announced = remote.port;
      if (moved) {
        peerPort = remote.port;
        locked = false;
      }
      if (!remote.rtcpMux && rtcp === undefined)
        void pool.bindRtcp(port).then((bound) => {
          if (closed) bound?.close();
          else rtcp = bound;
        });
    },
    send(packet) {
      if (closed || peerPort === 0 || host === '' || host === '0.0.0.0') return;
      socket.send(packet, peerPort, host);
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
