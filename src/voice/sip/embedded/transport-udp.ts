import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { type Flow, type FlowHandlers, plainAddress } from './flow.ts';

export interface UdpTransport {
  readonly port: number;
  flowTo(address: string, port: number): Flow;
  stop(): Promise<void>;
}

class UdpFlow implements Flow {
  readonly protocol = 'udp';
  readonly reliable = false;
  readonly open = true;
  readonly address: string;
  readonly port: number;
  private readonly socket: Socket;

  constructor(socket: Socket, address: string, port: number) {
    this.socket = socket;
    this.address = address;
    this.port = port;
  }

  send(text: string): void {
    try {
      this.socket.send(text, this.port, this.address, ignoreError);
    } catch {
      // the socket is closed, or the port is 0: the same as a datagram lost on the way
    }
  }

  close(): void {
    // a datagram has no connection
  }
}

const MAX_KNOWN = 4096;

/** One object for each address that is talked to: a trunk's thousand messages a second come from one. */
function flowsOf(socket: Socket): (address: string, port: number) => UdpFlow {
  const known = new Map<number, UdpFlow>();
  return (address, port) => {
    const last = known.get(port);
    if (last?.address === address) return last;
    if (known.size >= MAX_KNOWN) known.clear();
    const flow = new UdpFlow(socket, address, port);
    known.set(port, flow);
    return flow;
  };
}

const ignoreError = (): void => undefined;

/** Rejects with the system's error (EADDRINUSE …). */
export async function openUdp(host: string, port: number, handlers: FlowHandlers): Promise<UdpTransport> {
  const socket = createSocket({
    type: host.includes(':') ? 'udp6' : 'udp4',
    recvBufferSize: 4 * 1024 * 1024,
    // Addresses are literal here; the resolver's thread pool would only cost time.
    lookup: (name, _options, done) => {
      done(null, name, name.includes(':') ? 6 : 4);
    },
  });
  const flowTo = flowsOf(socket);
  socket.on('message', (data, from) => {
    const address = plainAddress(from.address);
    if (!handlers.admits(address, from.port)) return;
    const flow = flowTo(address, from.port);
    // CRLF and NAT keep-alives of four bytes or fewer (RFC 5626 §4.4.1) are no messages.
    if (data.length <= 4) return;
    const text = data.toString('utf8');
    if (isSipStart(text)) handlers.onMessage(text, flow);
    else handlers.onGarbage(flow);
  });
  const listening = once(socket, 'listening');
  socket.bind(port, host);
  await listening;
  // ICMP "port unreachable" of a peer arrives as an error of the whole socket.
  socket.on('error', ignoreError);
  return {
    port: socket.address().port,
    flowTo,
    stop: () =>
      new Promise((resolve) => {
        socket.close(resolve);
      }),
  };
}

/** A start line ends in SIP/2.0 or begins with it; anything else is not worth a parser. */
export function isSipStart(text: string): boolean {
  const end = text.indexOf('\r\n');
  return end > 0 && /SIP\s*\/\s*\d/i.test(text.slice(0, end));
}
