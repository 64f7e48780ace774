import { randomInt } from 'node:crypto';
import { createSocket, type Socket } from 'node:dgram';
import { AppError } from '../../shared/errors.ts';

/** Hands out bound UDP sockets of one range, on even ports (RFC 3550 §11: RTP even, RTCP the next odd one). */
export interface PortPool {
  /** Bound socket on an even port. Throws AppError `media.noPorts` when the range is used up. */
  bindRtp(): Promise<{ socket: Socket; port: number }>;
  /** The odd neighbour, or undefined when somebody else has it. */
  bindRtcp(rtpPort: number): Promise<Socket | undefined>;
  /** Reserves an even port without binding it, for a library that binds it itself. */
  reserve(): Promise<number>;
  release(port: number): void;
  readonly free: number;
}

export function createPortPool(options: { min: number; max: number; host: string }): PortPool {
  const { max, host } = options;
  const min = options.min + (options.min % 2);
  const used = new Set<number>();
  const size = Math.max(0, Math.floor((max - min) / 2) + 1);
  // Not the ports of a process that this one replaces: its callers may still be sending to them.
  let next = min + 2 * randomInt(Math.max(1, size));

  async function acquire(): Promise<{ socket: Socket; port: number }> {
    for (let tried = 0; tried < size; tried++) {
      const port = next;
      next = next + 2 > max ? min : next + 2;
      if (used.has(port)) continue;
      used.add(port);
      const socket = await bind(port, host);
      if (socket !== undefined) return { socket, port };
      used.delete(port);
    }
    throw new AppError('media.noPorts', 503, `no free RTP port in ${min}-${max}`);
  }

  return {
    bindRtp: acquire,
    bindRtcp: (rtpPort) => bind(rtpPort + 1, host),
    async reserve() {
      const { socket, port } = await acquire();
      await new Promise<void>((resolve) => socket.close(resolve));
      return port;
    },
    release: (port) => void used.delete(port),
    get free() {
      return size - used.size;
    },
  };
}

function bind(port: number, host: string): Promise<Socket | undefined> {
  return new Promise((resolve) => {
    const socket = createSocket({
      type: host.includes(':') ? 'udp6' : 'udp4',
      // Destinations are literal addresses: no resolver, no extra tick a packet.
      lookup: (address, _options, callback) => callback(null, address, address.includes(':') ? 6 : 4),
    });
    const failed = (): void => {
      socket.close();
      resolve(undefined);
    };
    socket.once('error', failed);
    socket.bind({ port, address: host, exclusive: true }, () => {
      socket.off('error', failed);
      // ICMP "port unreachable" surfaces as an error of a later call: media goes on or falls silent, never throws.
      socket.on('error', () => undefined);
      resolve(socket);
    });
  });
}
