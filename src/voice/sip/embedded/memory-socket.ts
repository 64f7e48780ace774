import { Socket } from 'node:net';

/**
 * The loopback socket between drachtio-srf and the embedded server, without the kernel: drachtio-srf insists on a
 * `net.Socket`, so this is one whose bytes never leave the process. No port is open to other users of the machine,
 * and a call spares forty system calls (ADR 0003).
 */
export interface MemorySocket {
  readonly socket: Socket;
  /** Bytes for drachtio-srf; delivered in order, in a later turn of the event loop. */
  deliver(data: Buffer): void;
}

export function createMemorySocket(onWrite: (text: string) => void): MemorySocket {
  const socket = new Socket();
  let outbound: string[] = [];
  let inbound: Buffer[] = [];
  let scheduled = false;

  function flush(): void {
    scheduled = false;
    const writes = outbound;
    const reads = inbound;
    outbound = [];
    inbound = [];
    for (const text of writes) onWrite(text);
    for (const data of reads) socket.emit('data', data);
  }
  function schedule(): void {
    if (scheduled || socket.destroyed) return;
    scheduled = true;
    // Not at once: drachtio-srf notes the id of a request only after write() has returned.
    setImmediate(flush);
  }

  Object.defineProperties(socket, {
    remoteAddress: { value: '127.0.0.1' },
    remotePort: { value: 0 },
    localPort: { value: 0 },
    setNoDelay: { value: () => socket },
    setKeepAlive: { value: () => socket },
    write: {
      value: (data: string | Buffer): boolean => {
        outbound.push(data.toString());
        schedule();
        return true;
      },
    },
    end: {
      value: () => {
        socket.destroy();
        return socket;
      },
    },
  });
  return {
    socket,
    deliver(data) {
      inbound.push(data);
      schedule();
    },
  };
}
