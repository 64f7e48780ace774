import { AppError } from '../../shared/errors.ts';
import type { Digit, EndpointStats } from '../ports.ts';
import { DigitSender } from './digit-sender.ts';
import { DtmfReceiver, KeyTwins } from './dtmf.ts';
import { PAYLOAD_TYPE, SILENCE, convertLaw, type Codec } from './g711.ts';
import { OutStream } from './out-stream.ts';
import { FRAME, Player } from './player.ts';
import type { Recorder } from './recorder.ts';
import { payloadEnd, payloadStart, payloadType, RTP_HEADER, sequence, ssrcOf, timestamp } from './rtp.ts';
import { RxStats } from './rx-stats.ts';
import type { Transport } from './transport.ts';

/** What a leg tells its owner. */
export interface LegEvents {
  digit(digit: Digit): void;
  /** Nobody was heard for the watched time. */
  silence(watch: number): void;
}

const SILENT: Readonly<Record<Codec, Buffer>> = {
  PCMU: Buffer.alloc(FRAME, SILENCE.PCMU),
  PCMA: Buffer.alloc(FRAME, SILENCE.PCMA),
};
/** Digital silence repeats one value; a voice, and the noise of a line, do not: the first bytes tell nearly always. */
function isSound(packet: Buffer, start: number, end: number): boolean {
  const first = packet[start];
  for (let at = start + 1; at < end; at++) if (packet[at] !== first) return true;
  return false;
}

/** A bridged peer that hears nothing for this long gets silence packets, so that its NAT and watchdogs stay content. */
const FILL_AFTER_MS = 300;

/**
 * One leg inside the media process: what comes in goes to the bridged leg as it is (no jitter buffer, no decoding),
 * what goes out has one of these sources, first that applies:
 *
 *   keys we send  ›  prompt  ›  the bridged leg  ›  comfort silence
 */
export class Leg {
  readonly id: string;
  readonly out: OutStream;
  readonly stats = new RxStats();
  codec: Codec = 'PCMU';
  /** The numbers of our codecs on this leg, as the peer gave them. */
  payloadTypes: Readonly<Record<Codec, number>> = PAYLOAD_TYPE;
  eventType: number | undefined;
  /** False while the peer holds us (it said sendonly or inactive). */
  maySend = true;
  recorder: Recorder | undefined;
  transport: Transport | undefined;
  partner: Leg | undefined;
  private readonly events: LegEvents;
  private readonly dtmf: DtmfReceiver;
  private readonly twins = new KeyTwins();
  /** The key that is down was told of by INFO too. */
  private twinned = false;
  /** Who hears the packets of the event that is under way; nobody where its key went there, or goes, as one of the other side's own. */
  private hears: Leg | undefined;
  private readonly bornMs: number;
  private readonly comfort = {};
  private soundReceived = 0;
  private player: Player | undefined;
  private digits: DigitSender | undefined;
  private readonly watches = new Map<number, { readonly ms: number; fired: boolean }>();

  constructor(id: string, random: Buffer, nowMs: number, events: LegEvents) {
    this.id = id;
    this.events = events;
    this.bornMs = nowMs;
    this.out = new OutStream(random);
    this.dtmf = new DtmfReceiver({
      begin: (digit, nowMs) => {
        this.beginKey(digit, nowMs);
      },
      end: (digit, nowMs) => {
        if (this.twinned) return;
        this.twins.wait(digit, 'rtp', nowMs);
        this.events.digit(digit);
      },
    });
  }

  /** A packet from the peer, as its transport accepted it. */
  readonly receive = (packet: Buffer): void => {
    const start = payloadStart(packet);
    if (start < 0) return;
    const end = payloadEnd(packet, start);
    if (end <= start) return;
    const nowMs = performance.now();
    const type = payloadType(packet);
    const ts = timestamp(packet);
    const ssrc = ssrcOf(packet);
    this.stats.packet(sequence(packet), ts, ssrc, nowMs);
    if (type === this.eventType) {
      this.receiveEvent(packet, start, end, ts, nowMs);
      return;
    }
    const { PCMU, PCMA } = this.payloadTypes;
    const codec: Codec | undefined = type === PCMU ? 'PCMU' : type === PCMA ? 'PCMA' : undefined;
    // Comfort noise (13) and what was never agreed: the sound path ends here.
    if (codec === undefined) return;
    if (isSound(packet, start, end)) this.soundReceived++;
    this.recorder?.left(packet, start, end, codec, ts, ssrc, nowMs);
    this.partner?.relayAudio(packet, start, end, codec, this, nowMs);
  };

  private receiveEvent(packet: Buffer, start: number, end: number, ts: number, nowMs: number): void {
    if (!this.dtmf.packet(packet, start, ts, nowMs)) return;
    if (this.hears === this.partner) this.hears?.relayEvent(packet, start, end, this, nowMs);
  }

  private beginKey(digit: Digit | undefined, nowMs: number): void {
    const { partner } = this;
    this.twinned = digit !== undefined && this.twins.take(digit, 'info', nowMs);
    this.hears = this.twinned || partner?.speaks === true ? undefined : partner;
    if (!this.twinned && partner?.speaks === true && digit !== undefined) partner.relayKey(digit);
  }

  /** A key that the peer told by signalling. Gateways often send the same one as an event too: it counts once. */
  press(digit: Digit, nowMs: number): void {
    if (this.dtmf.pressed === digit && !this.twinned) this.twinned = true;
    else if (this.twins.take(digit, 'rtp', nowMs)) return;
    else {
      this.twins.wait(digit, 'info', nowMs);
      this.partner?.relayKey(digit);
    }
    this.events.digit(digit);
  }

  /** Its sound comes from here and not from the bridged leg, whose packets would come between. */
  private get speaks(): boolean {
    return this.digits !== undefined || this.player !== undefined;
  }

  /** The stream has other timestamps afterwards: what is left of an event that was passed on would be a key of its own. */
  private breakEvent(): void {
    if (this.partner?.hears === this) this.partner.hears = undefined;
  }

  private relayKey(digit: Digit): void {
    if (!this.maySend || this.eventType === undefined) return;
    this.breakEvent();
    this.digits = (this.digits ?? new DigitSender()).append(digit);
  }

  private relayAudio(
    packet: Buffer,
    start: number,
    end: number,
    codec: Codec,
    from: Leg,
    nowMs: number,
  ): void {
    if (!this.maySend || this.speaks) return;
    if (codec !== this.codec) convertLaw(packet, start, end, codec);
    this.emit(this.out.relay(packet, start, end, this.payloadTypes[this.codec], from, nowMs), nowMs);
  }

  private relayEvent(packet: Buffer, start: number, end: number, from: Leg, nowMs: number): void {
    if (!this.maySend || this.eventType === undefined) return;
    this.transport?.send(this.out.relay(packet, start, end, this.eventType, from, nowMs));
  }

  private emit(packet: Buffer, nowMs: number): void {
    this.recorder?.right(
      packet,
      RTP_HEADER,
      packet.length,
      this.codec,
      timestamp(packet),
      this.out.ssrc,
      nowMs,
    );
    this.transport?.send(packet);
  }

  /** Every 20 ms of wall time. */
  tick(nowMs: number): void {
    this.dtmf.idle(nowMs);
    this.watchSilence(nowMs);
    this.recorder?.flush(nowMs);
    if (this.tickDigits(nowMs)) return;
    const frame = this.player?.next();
    if (frame !== undefined) {
      this.sendOwn(frame, this.player ?? this.comfort, nowMs);
      return;
    }
    if (this.player !== undefined) this.endPlay('done');
    const fed = this.partner !== undefined && nowMs - this.out.lastAtMs < FILL_AFTER_MS;
    if (!fed) this.sendOwn(SILENT[this.codec], this.comfort, nowMs);
  }

  private sendOwn(frame: Buffer, source: object, nowMs: number): void {
    if (this.maySend) this.emit(this.out.own(frame, this.payloadTypes[this.codec], source, nowMs), nowMs);
  }

  private tickDigits(nowMs: number): boolean {
    const { digits, eventType } = this;
    if (digits === undefined) return false;
    const more =
      eventType !== undefined &&
      this.maySend &&
      digits.tick(this.out, eventType, nowMs, (packet) => this.transport?.send(packet));
    if (!more) {
      this.digits = undefined;
      digits.finish();
    }
    return true;
  }

  private watchSilence(nowMs: number): void {
    const since = nowMs - Math.max(this.stats.lastAtMs, this.bornMs);
    for (const [id, watch] of this.watches) {
      if (since < watch.ms) watch.fired = false;
      else if (!watch.fired) {
        watch.fired = true;
        this.events.silence(id);
      }
    }
  }

  watch(id: number, ms: number): void {
    this.watches.set(id, { ms, fired: false });
  }

  /** Replaces what was playing. */
  play(prompts: readonly Buffer[], loop: boolean, end: (how: 'done' | 'stopped') => void): Player {
    this.endPlay('stopped');
    this.breakEvent();
    this.player = new Player(prompts, loop, this.codec, end);
    return this.player;
  }

  stopPlay(which: Player): void {
    if (this.player === which) this.endPlay('stopped');
  }

  endPlay(how: 'done' | 'stopped'): void {
    const { player } = this;
    this.player = undefined;
    player?.finish(how);
  }

  /** Throws AppError `media.noEvents` when the peer takes no telephone events. */
  sendDigits(digits: string, done: () => void): void {
    if (this.eventType === undefined)
      throw new AppError('media.noEvents', 409, 'the peer does not take telephone-event');
    this.breakEvent();
    this.digits = (this.digits ?? new DigitSender()).append(digits, done);
  }

  snapshot(nowMs: number): EndpointStats {
    return {
      packetsReceived: this.stats.received,
      soundReceived: this.soundReceived,
      packetsSent: this.out.sent,
      packetsLost: this.stats.lost,
      jitterMs: Math.round(this.stats.jitterMs * 100) / 100,
      silentForMs: Math.round(nowMs - Math.max(this.stats.lastAtMs, this.bornMs)),
    };
  }

  /** Leaves the bridge on both sides. */
  leave(): void {
    const { partner } = this;
    this.partner = undefined;
    if (partner?.partner === this) partner.partner = undefined;
  }

  join(other: Leg): void {
    this.leave();
    other.leave();
    this.endPlay('stopped');
    other.endPlay('stopped');
    this.partner = other;
    other.partner = this;
  }

  /** Ends everything that runs on the leg, except its transport and recorder. */
  end(): void {
    this.leave();
    this.endPlay('stopped');
    this.digits?.finish();
    this.digits = undefined;
    this.watches.clear();
  }
}
