/** Measuring sound in tests: tones, Goertzel, WAV files and an RTP peer that sends and records. */
import { createSocket } from 'node:dgram';
import { writeFile } from 'node:fs/promises';
import { decode, encode, type Codec } from '../../src/voice/media/g711.ts';
import {
  payloadEnd,
  payloadStart,
  payloadType,
  sequence,
  ssrcOf,
  timestamp,
  writeHeader,
} from '../../src/voice/media/rtp.ts';
import { eventPayload, eventOf } from '../../src/voice/media/dtmf.ts';
import { parseWav, WAVE, wavHeader } from '../../src/voice/media/wav.ts';

const RATE = 8000;

/** A sine: `level` in dBFS (0 is a full-scale sine), 8 kHz. */
export function tone(hz: number, durationMs: number, level = -12): Int16Array {
  const out = new Int16Array((durationMs * RATE) / 1000);
  const amplitude = 32_767 * 10 ** (level / 20);
  for (let i = 0; i < out.length; i++)
    out[i] = Math.round(amplitude * Math.sin((2 * Math.PI * hz * i) / RATE));
  return out;
}

/** Level of one frequency in dBFS (0 is a full-scale sine), by the Goertzel algorithm. */
export function levelAt(samples: Int16Array, hz: number): number {
  if (samples.length === 0) return -Infinity;
  const k = 2 * Math.cos((2 * Math.PI * hz) / RATE);
  let s1 = 0;
  let s2 = 0;
  for (const sample of samples) {
    const s = sample + k * s1 - s2;
    s2 = s1;
    s1 = s;
  }
  const power = s1 * s1 + s2 * s2 - k * s1 * s2;
  return 20 * Math.log10(Math.max(1e-9, (2 * Math.sqrt(Math.max(0, power))) / samples.length / 32_767));
}

/** Level of everything in dBFS (a full-scale sine is 0). */
export function level(samples: Int16Array): number {
  let sum = 0;
  for (const s of samples) sum += s * s;
  return 10 * Math.log10(Math.max(1e-12, (2 * sum) / Math.max(1, samples.length) / 32_767 ** 2));
}

/** The strongest frequency between 200 and 3400 Hz (10 Hz steps) and its level in dBFS. */
export function loudest(samples: Int16Array): { hz: number; level: number } {
  let best = { hz: 0, level: -Infinity };
  for (let hz = 200; hz <= 3400; hz += 10) {
    const l = levelAt(samples, hz);
    if (l > best.level) best = { hz, level: l };
  }
  return best;
}

/** Writes an 8 kHz PCM16 mono WAV. */
export async function writeWav(path: string, samples: Int16Array): Promise<string> {
  const data = Buffer.from(samples.buffer, samples.byteOffset, samples.byteLength);
  await writeFile(path, Buffer.concat([wavHeader(WAVE.pcm, 1, RATE, data.length), data]));
  return path;
}

/** A WAV file with a tone in it; returns the path. */
export const writeToneWav = (path: string, hz: number, durationMs: number, dbfs = -12): Promise<string> =>
  writeWav(path, tone(hz, durationMs, dbfs));

/** Channels of a WAV in memory (PCM16, µ-law or A-law); reads to the end of the file whatever the header claims. */
export function wavChannels(file: Buffer): Int16Array[] {
  const info = parseWav(file);
  if (info === undefined) throw new Error('not a WAV file');
  const data = file.subarray(info.dataOffset);
  const width = info.bits / 8;
  const law: Codec = info.format === WAVE.alaw ? 'PCMA' : 'PCMU';
  const g711 = info.format === WAVE.pcm ? undefined : decode(data, law);
  const frames = Math.floor(data.length / (width * info.channels));
  return Array.from({ length: info.channels }, (_, c) =>
    Int16Array.from({ length: frames }, (_unused, i) => {
      const at = i * info.channels + c;
      return g711 === undefined ? data.readInt16LE(at * 2) : (g711[at] ?? 0);
    }),
  );
}

/** One received RTP packet. */
export interface HeardPacket {
  readonly seq: number;
  readonly ts: number;
  readonly ssrc: number;
  readonly type: number;
  readonly marker: boolean;
  readonly payload: Buffer;
  readonly atMs: number;
}

/** What a peer heard; shared by the RTP and the WebRTC peer. */
export interface Hearing {
  readonly packets: HeardPacket[];
  /** Samples of the last `ms` of audio packets. */
  last(ms: number): Int16Array;
  /** Resolves once `test` holds, looked at with each packet; rejects after `limitMs`. */
  until(test: () => boolean, limitMs?: number): Promise<void>;
  /** Resolves when `ms` of one tone (±10 Hz, above −30 dBFS) were heard at the end. */
  untilTone(hz: number, ms?: number, limitMs?: number): Promise<{ hz: number; level: number }>;
  /** Resolves when the last `ms` were silence (below −50 dBFS). */
  untilSilence(ms?: number, limitMs?: number): Promise<void>;
  /** Keys heard as RFC 4733 events (distinct timestamps). */
  keys(): number[];
  take(packet: Buffer): void;
}

export function createHearing(codec: Codec = 'PCMU', eventType = 101): Hearing {
  const packets: HeardPacket[] = [];
  const waiters = new Set<() => void>();
  const audio = (): HeardPacket[] => packets.filter((p) => p.type === 0 || p.type === 8);
  const hearing: Hearing = {
    packets,
    take(packet) {
      const start = payloadStart(packet);
      if (start < 0) return;
      packets.push({
        seq: sequence(packet),
        ts: timestamp(packet),
        ssrc: ssrcOf(packet),
        type: payloadType(packet),
        marker: ((packet[1] ?? 0) & 0x80) !== 0,
        payload: Buffer.from(packet.subarray(start, payloadEnd(packet, start))),
        atMs: performance.now(),
      });
      for (const wake of [...waiters]) wake();
    },
    last(ms) {
      const count = Math.ceil(ms / 20);
      return decode(
        Buffer.concat(
          audio()
            .slice(-count)
            .map((p) => p.payload),
        ),
        codec,
      );
    },
    until(test, limitMs = 8_000) {
      return new Promise((resolve, reject) => {
        const done = (error?: Error): void => {
          clearTimeout(timer);
          waiters.delete(look);
          if (error === undefined) resolve();
          else reject(error);
        };
        const look = (): void => {
          if (test()) done();
        };
        const timer = setTimeout(
          () =>
            done(
              new Error(
                `not heard within ${limitMs} ms: ${test.toString()}; ${JSON.stringify(loudest(hearing.last(100)))}, ${packets.length} packets`,
              ),
            ),
          limitMs,
        );
        waiters.add(look);
        look();
      });
    },
    async untilTone(hz, ms = 200, limitMs) {
      const from = audio().length;
      let found = { hz: 0, level: -Infinity };
      await hearing.until(() => {
        if (audio().length - from < ms / 20) return false;
        const samples = hearing.last(ms);
        found = loudest(samples);
        // The whole of it: a window that the tone only half fills would measure too low.
        const first = levelAt(samples.subarray(0, samples.length >> 1), found.hz);
        return Math.abs(found.hz - hz) <= 10 && found.level > -30 && Math.abs(first - found.level) < 0.4;
      }, limitMs);
      return found;
    },
    async untilSilence(ms = 200, limitMs) {
      const from = audio().length;
      await hearing.until(() => audio().length - from >= ms / 20 && level(hearing.last(ms)) < -50, limitMs);
    },
    keys() {
      const seen = new Map<number, number>();
      for (const p of packets) if (p.type === eventType) seen.set(p.ts, p.payload[0] ?? 0);
      return [...seen.values()];
    },
  };
  return hearing;
}

/** Sends 20 ms packets of what it is told to. */
export interface Talker {
  /** Repeats these samples until told otherwise; empty means silence is not sent at all. */
  say(samples: Int16Array): void;
  /** Sends keys as RFC 4733 events, `frames` packets each and three end packets. */
  press(digits: string, options?: { frames?: number; ends?: number }): Promise<void>;
  stop(): void;
}

export function createTalker(send: (packet: Buffer) => void, codec: Codec = 'PCMU', eventType = 101): Talker {
  const ssrc = Math.floor(Math.random() * 0xffff_ffff);
  let seq = Math.floor(Math.random() * 0xffff);
  let ts = Math.floor(Math.random() * 0xffff_ffff);
  let voice: Buffer = Buffer.alloc(0);
  let at = 0;
  const keys: { event: number; frames: number; ends: number; sent: number; ts: number; done: () => void }[] =
    [];

  function packet(payload: Buffer, type: number, stamp: number, mark = false): void {
    const out = Buffer.alloc(12 + payload.length);
    seq = (seq + 1) & 0xffff;
    writeHeader(out, 0, (mark ? 0x80 : 0) | type, seq, stamp, ssrc);
    payload.copy(out, 12);
    send(out);
  }
  function key(): boolean {
    const k = keys[0];
    if (k === undefined) return false;
    if (k.sent === 0) k.ts = ts;
    k.sent++;
    if (k.sent <= k.frames) packet(eventPayload(k.event, false, k.sent * 160), eventType, k.ts, k.sent === 1);
    else {
      for (let i = 0; i < k.ends; i++) packet(eventPayload(k.event, true, k.sent * 160), eventType, k.ts);
      keys.shift();
      k.done();
    }
    return true;
  }
  let due = performance.now();
  const timer = setInterval(() => {
    for (; due <= performance.now(); due += 20) {
      ts = (ts + 160) >>> 0;
      if (key() || voice.length === 0) continue;
      const frame = Buffer.from(
        Uint8Array.from({ length: 160 }, (_, i) => voice[(at + i) % voice.length] ?? 0xff),
      );
      at = (at + 160) % voice.length;
      packet(frame, codec === 'PCMU' ? 0 : 8, ts);
    }
  }, 10);
  return {
    say(samples) {
      voice = encode(samples, codec);
      at = 0;
    },
    press: async (digits, { frames = 4, ends = 3 } = {}) => {
      await Promise.all(
        Array.from(
          digits,
          (d) =>
            new Promise<void>((done) => keys.push({ event: eventOf(d), frames, ends, sent: 0, ts: 0, done })),
        ),
      );
    },
    stop: () => clearInterval(timer),
  };
}

/** A plain RTP peer on 127.0.0.1. */
export interface RtpPeer extends Hearing, Talker {
  readonly port: number;
  /** Its description, as offer or answer. */
  sdp(direction?: string): string;
  /** Where to send: taken from our server's SDP. */
  connect(sdp: string): void;
  sendRaw(packet: Buffer): void;
  close(): Promise<void>;
}

export interface RtpPeerOptions {
  readonly codec?: Codec;
  readonly eventType?: number;
  readonly host?: string;
  readonly offers?: readonly Codec[];
}

export async function createRtpPeer({
  codec = 'PCMU',
  eventType = 101,
  host = '127.0.0.1',
  offers = [codec],
}: RtpPeerOptions = {}): Promise<RtpPeer> {
  const socket = createSocket('udp4');
  await new Promise<void>((resolve) => socket.bind(0, host, resolve));
  const { port } = socket.address();
  let to: { host: string; port: number } | undefined;
  const send = (packet: Buffer): void => {
    if (to !== undefined) socket.send(packet, to.port, to.host);
  };
  const hearing = createHearing(codec, eventType);
  const talker = createTalker(send, codec, eventType);
  socket.on('message', (packet) => hearing.take(packet));
  return {
    ...hearing,
    ...talker,
    port,
    sdp(direction = 'sendrecv') {
      const types = offers.map((c) => (c === 'PCMU' ? 0 : 8));
      return [
        'v=0',
        `o=- 1 1 IN IP4 ${host}`,
        's=-',
        `c=IN IP4 ${host}`,
        't=0 0',
        `m=audio ${port} RTP/AVP ${types.join(' ')} ${eventType}`,
        ...offers.map((c, i) => `a=rtpmap:${types[i] ?? 0} ${c}/8000`),
        `a=rtpmap:${eventType} telephone-event/8000`,
        `a=fmtp:${eventType} 0-16`,
        'a=ptime:20',
        `a=${direction}`,
        '',
      ].join('\r\n');
    },
    connect(sdp) {
      const media = /m=audio (\d+)/.exec(sdp)?.[1];
      to = { host: /c=IN IP4 (\S+)/.exec(sdp)?.[1] ?? host, port: Number(media) };
    },
    sendRaw: send,
    close: () =>
      new Promise((resolve) => {
        talker.stop();
        socket.close(() => resolve());
      }),
  };
}
