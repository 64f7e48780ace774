import type { Socket } from 'node:dgram';
import { createLatch } from './latch.ts';
import type { PortPool } from './ports.ts';
import type { RemoteAudio } from './sdp.ts';
import type { PacketHandler, Transport } from './transport.ts';
import { isRtcp } from './rtp.ts';

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

/** Plain RTP over a UDP socket of our own; whose packets are taken says `latch.ts`. */
export async function createRtpTransport(
  pool: PortPool,
  onPacket: PacketHandler,
  signalledFrom?: string,
): Promise<RtpTransport> {
  const { socket, port } = await pool.bindRtp();
  let rtcp: Socket | undefined;
  const latch = createLatch(signalledFrom);
  let named = { address: '', port: 0 };
  let closed = false;
  let connected = false;
  const { promise: ready, resolve: arrived, reject: refused } = deferred();
  ready.catch(() => undefined);

  /**
   * A connected socket costs the kernel and Node less a packet, and the kernel itself drops strangers; it is let go
   * while the peer is quiet, so that a new port of its NAT can be heard. Never to a port that was guessed.
   */
  function connectSocket(yes: boolean): void {
    if (yes === connected || closed || (yes && !latch.isNamed())) return;
    try {
      if (yes) socket.connect(latch.peer.port, latch.peer.address);
      else socket.disconnect();
      connected = yes;
    } catch {
      // Still connecting or already let go: sending by address works all the same.
    }
  }

  socket.on('message', (packet, from) => {
    if (isRtcp(packet)) return;
    const heard = latch.packet(packet, from, performance.now());
    if (heard === 'stranger') return;
    if (heard === 'moved') {
      connectSocket(false);
      arrived();
    }
    if (!connected) connectSocket(true);
    onPacket(packet);
  });

  return {
    port,
    ready,
    setPeer(remote) {
      if (remote.host !== named.address || remote.port !== named.port) {
        named = { address: remote.host, port: remote.port };
        connectSocket(false);
        latch.moveTo(named);
      }
      if (!remote.rtcpMux && rtcp === undefined)
        void pool.bindRtcp(port).then((bound) => {
          if (closed) bound?.close();
          else rtcp = bound;
        });
    },
    send(packet) {
      const { peer } = latch;
      if (closed || peer.port === 0 || peer.address === '' || peer.address === '0.0.0.0') return;
      if (connected) {
        if (!latch.isQuiet(performance.now())) {
          socket.send(packet);
          return;
        }
        connectSocket(false);
      }
      sendTo(socket, packet, peer.port, peer.address);
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

function deferred(): { promise: Promise<void>; resolve: () => void; reject: (error: Error) => void } {
  let resolve: () => void = () => undefined;
  let reject: (error: Error) => void = () => undefined;
  const promise = new Promise<void>((yes, no) => {
    resolve = yes;
    reject = no;
  });
  return { promise, resolve, reject };
}
