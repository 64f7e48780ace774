/**
 * The load, in a process of its own: pairs of peers that send 50 packets a second each way and time what comes through.
 * Streams are spread evenly over the 20 ms, as real callers are.
 */
import { createSocket } from 'node:dgram';
import { setPriority } from 'node:os';
import nodeDatachannel from 'node-datachannel';
import { quantilesOf } from './quantiles.ts';

try {
  // What it measures is the server's delay, not its own.
  setPriority(-15);
} catch {
  // Not allowed here: the figures hold its own delay too.
}

interface Peer {
  readonly sdp: string;
  connect(sdp: string): Promise<void>;
  send(packet: Buffer): void;
  onPacket: (packet: Buffer) => void;
  close(): void;
}

const sdpOf = (port: number): string =>
  `v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\nm=audio ${port} RTP/AVP 0 101\r\na=rtpmap:0 PCMU/8000\r\na=rtpmap:101 telephone-event/8000\r\na=ptime:20\r\na=sendrecv\r\n`;

async function rtpPeer(): Promise<Peer> {
  const socket = createSocket({ type: 'udp4', lookup: (address, _o, done) => done(null, address, 4) });
  await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve));
  socket.on('error', () => undefined);
  let port = 0;
  const peer: Peer = {
    sdp: sdpOf(socket.address().port),
    connect(sdp) {
      port = Number(/m=audio (\d+)/.exec(sdp)?.[1]);
      return Promise.resolve();
    },
    send(packet) {
      socket.send(packet, port, '127.0.0.1');
    },
    onPacket: () => undefined,
    close: () => socket.close(),
  };
  socket.on('message', (packet) => peer.onPacket(packet));
  return peer;
}

async function webRtcPeer(ssrc: number): Promise<Peer> {
  const connection = new nodeDatachannel.PeerConnection('g', {
    iceServers: [],
    bindAddress: '127.0.0.1',
    disableAutoNegotiation: true,
    forceMediaTransport: true,
  });
  const audio = new nodeDatachannel.Audio('0', 'SendRecv');
  audio.addAudioCodec(0, 'PCMU');
  audio.addSSRC(ssrc, 'g', 'g', 'a');
  const track = connection.addTrack(audio);
  const halves = new Set<object>([track, connection]);
  connection.onStateChange((state) => {
    if (state === 'closed') halves.clear();
  });
  track.onClosed(() => undefined);
  const gathered = new Promise<void>((resolve) =>
    connection.onGatheringStateChange((state) => {
      if (state === 'complete') resolve();
    }),
  );
  const open = new Promise<void>((resolve) => track.onOpen(resolve));
  connection.setLocalDescription('offer');
  await gathered;
  const peer: Peer = {
    sdp: connection.localDescription()?.sdp ?? '',
    async connect(sdp) {
      connection.setRemoteDescription(sdp, 'answer');
      const late = new Promise<never>((_resolve, reject) => {
        setTimeout(
          () => reject(new Error(`not connected: ${connection.state()}, ICE ${connection.iceState()}`)),
          15_000,
        ).unref();
      });
      await Promise.race([open, late]);
    },
    send(packet) {
      if (track.isOpen()) track.sendMessageBinary(packet);
    },
    onPacket: () => undefined,
    close() {
      track.close();
      connection.close();
    },
  };
  track.onMessage((packet) => peer.onPacket(packet));
  return peer;
}

interface Stream {
  readonly from: Peer;
  readonly ssrc: number;
  seq: number;
  sent: number;
  got: number;
  last: number;
}
const peers: Peer[] = [];
const streams: Stream[] = [];
let delays = new Float64Array(0);
let heard = 0;
let reordered = 0;
let measuring = false;

/** Packets carry their departure in the payload (G.711 is relayed untouched) and who sent them. */
function listen(to: Peer, stream: Stream): void {
  to.onPacket = (packet) => {
    if (packet.length !== 172 || packet.readUInt32BE(24) !== 0xbe7c4a11) return;
    stream.got++;
    const seq = packet.readUInt32BE(20);
    if (seq < stream.last) reordered++;
    stream.last = seq;
    if (measuring && heard < delays.length) delays[heard++] = performance.now() - packet.readDoubleBE(12);
  };
}

function emit(stream: Stream): void {
  const packet = Buffer.alloc(172, 0x55);
  stream.seq++;
  packet[0] = 0x80;
  packet[1] = 0;
  packet.writeUInt16BE(stream.seq & 0xffff, 2);
  packet.writeUInt32BE((stream.seq * 160) >>> 0, 4);
  packet.writeUInt32BE(stream.ssrc, 8);
  packet.writeDoubleBE(performance.now(), 12);
  packet.writeUInt32BE(stream.seq, 20);
  packet.writeUInt32BE(0xbe7c4a11, 24);
  stream.sent++;
  stream.from.send(packet);
}

let timer: NodeJS.Timeout | undefined;
function run(): void {
  let slot = Math.floor(performance.now());
  timer = setInterval(() => {
    for (const now = performance.now(); slot <= now; slot++)
      for (let i = slot % 20; i < streams.length; i += 20) emit(streams[i]!);
  }, 1);
}

type Order =
  | { readonly do: 'peers'; readonly a: 'rtp' | 'webrtc' }
  | { readonly do: 'connect'; readonly index: number; readonly a: string; readonly b: string }
  | { readonly do: 'drop'; readonly index: number }
  | { readonly do: 'run' | 'measure' | 'result' | 'clear' };

async function obey(order: Order): Promise<unknown> {
  switch (order.do) {
    case 'peers': {
      const base = 1000 + streams.length * 2;
      const a = order.a === 'rtp' ? await rtpPeer() : await webRtcPeer(base);
      const b = await rtpPeer();
      const ab: Stream = { from: a, ssrc: base, seq: 0, sent: 0, got: 0, last: 0 };
      const ba: Stream = { from: b, ssrc: base + 1, seq: 0, sent: 0, got: 0, last: 0 };
      listen(b, ab);
      listen(a, ba);
      peers.push(a, b);
      streams.push(ab, ba);
      return { index: peers.indexOf(a), a: a.sdp, b: b.sdp };
    }
    case 'connect':
      await peers[order.index + 1]!.connect(order.b);
      await peers[order.index]!.connect(order.a);
      return undefined;
    case 'drop': {
      // A leg that never came up sends nothing and counts for nothing.
      const [a, b] = [peers[order.index], peers[order.index + 1]];
      for (const stream of streams.filter((s) => s.from === a || s.from === b))
        streams.splice(streams.indexOf(stream), 1);
      return undefined;
    }
    case 'run':
      run();
      return undefined;
    case 'measure':
      delays = new Float64Array(2_000_000);
      heard = 0;
      reordered = 0;
      measuring = true;
      return undefined;
    case 'result': {
      measuring = false;
      clearInterval(timer);
      await new Promise((resolve) => setTimeout(resolve, 200));
      const at = quantilesOf(delays.subarray(0, heard));
      const sent = streams.reduce((n, s) => n + s.sent, 0);
      const got = streams.reduce((n, s) => n + s.got, 0);
      return { p50: at(0.5), p99: at(0.99), heard, sent, lost: sent - got, reordered };
    }
    case 'clear':
      for (const peer of peers.splice(0)) peer.close();
      streams.length = 0;
      return undefined;
  }
}

process.on('message', ({ id, order }: { id: number; order: Order }) => {
  obey(order).then(
    (value) => process.send?.({ id, value }),
    (error: unknown) => process.send?.({ id, error: String(error) }),
  );
});
process.on('disconnect', () => {
  nodeDatachannel.cleanup();
  process.exit(0);
});
process.send?.({ id: 0, value: 'ready' });
