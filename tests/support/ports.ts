import { randomInt } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { createServer } from 'node:net';

/** Below the ports that the kernel gives to connections of its own choice: a free one stays free. */
const FIRST = 10_000;
const LAST = 29_990;
const given = new Set<number>();

/** A port of 127.0.0.1 that was free for TCP and UDP a moment ago, with `neighbours` free ones above; never the same one twice. */
export async function freePort(neighbours = 0): Promise<number> {
  for (;;) {
    const port = randomInt(FIRST, LAST);
    const all = Array.from({ length: neighbours + 1 }, (_, i) => port + i);
    if (all.some((each) => given.has(each))) continue;
    for (const each of all) given.add(each);
    const free = await Promise.all(all.flatMap((each) => [takesTcp(each), takesUdp(each)]));
    if (free.every(Boolean)) return port;
  }
}

function takesTcp(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}

function takesUdp(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createSocket('udp4');
    socket.once('error', () => resolve(false));
    socket.bind(port, '127.0.0.1', () => socket.close(() => resolve(true)));
  });
}
