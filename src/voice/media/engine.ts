import { systemClock } from '../../shared/clock.ts';
import type nodeDatachannel from 'node-datachannel';
import { assertNever } from '../../shared/assert-never.ts';
import { AppError } from '../../shared/errors.ts';
import { createEndpoint, type Endpoint, type EndpointDeps } from './endpoint.ts';
import type { Player } from './player.ts';
import { createPortPool, type PortPool } from './ports.ts';
import { createPromptCache, type PromptCache } from './prompts.ts';
import type { Command, FromMedia, MediaProcessOptions, Reply } from './protocol.ts';
import { createRecorder } from './recorder.ts';
import { startTicker } from './ticker.ts';

/** 64 MiB of prompts: more than two hours of speech. */
const PROMPT_BYTES = 64 * 1024 * 1024;
const FAREWELL_MS = 50;

type Order<Op extends Command['op']> = Extract<Command, { op: Op }>;
/** Commands that go to one living endpoint. */
type LegCommand = Exclude<
  Command,
  Order<'create' | 'stopPlay' | 'stopRecording' | 'destroy' | 'health' | 'stop'>
>;

interface Held {
  readonly endpoint: Endpoint;
  readonly plays: Map<number, Player>;
  /** Plays that were stopped while their files were still loading. */
  readonly stopped: Set<number>;
  /** Its first fault has been told. */
  faulted: boolean;
}

/** The media process's whole state: endpoints, the beat, the prompts. Commands come from the main loop one by one. */
export class Engine {
  private readonly pool: PortPool;
  private readonly prompts: PromptCache = createPromptCache(PROMPT_BYTES);
  private readonly held = new Map<string, Held>();
  private readonly deps: EndpointDeps;
  private readonly tell: (message: FromMedia) => void;
  private readonly ticker: { stop(): void };
  private usedWebRtc = false;

  constructor(
    options: MediaProcessOptions,
    library: () => Promise<typeof nodeDatachannel>,
    tell: (message: FromMedia) => void,
  ) {
    this.tell = tell;
    const pool = createPortPool({ min: options.rtpPortMin, max: options.rtpPortMax, host: options.host });
    this.pool = pool;
    let port: Promise<number> | undefined;
    this.deps = {
      options,
      pool,
      library,
      webRtcPort: () => {
        this.usedWebRtc = true;
        return (port ??= pool.reserve());
      },
    };
    this.ticker = startTicker((nowMs) => this.beat(nowMs));
  }

  /** A fault of one leg is told once and stays with that leg: all others have their beat. */
  private beat(nowMs: number): void {
    for (const held of this.held.values()) {
      try {
        held.endpoint.leg.tick(nowMs);
      } catch (error) {
        if (!held.faulted)
          this.tell({ type: 'log', level: 'error', message: 'a leg failed', error: String(error) });
        held.faulted = true;
      }
    }
  }

  async run(command: Command): Promise<Reply> {
    switch (command.op) {
      case 'create':
        return this.create(command);
      case 'stopPlay':
        this.stopPlay(command);
        return undefined;
      case 'stopRecording':
        await this.stopRecording(command.id);
        return undefined;
      case 'destroy':
        await this.destroy(command.id);
        return undefined;
      case 'health':
        return { endpoints: this.held.size, freePorts: this.pool.free };
      case 'stop':
        await this.stop();
        return undefined;
      default:
        return this.runOnLeg(command);
    }
  }

  private async runOnLeg(command: LegCommand): Promise<Reply> {
    const { endpoint } = this.find(command.id);
    const { leg } = endpoint;
    switch (command.op) {
      case 'setRemote':
        return endpoint.setRemote(command.remoteSdp);
      case 'play':
        return this.play(command);
      case 'sendDigits':
        await new Promise<void>((resolve) => leg.sendDigits(command.digits, resolve));
        return undefined;
      case 'press':
        leg.press(command.digit, performance.now());
        return undefined;
      case 'offer':
        return endpoint.offer();
      case 'bridge':
        leg.join(this.find(command.other).endpoint.leg);
        return undefined;
      case 'unbridge':
        leg.leave();
        return undefined;
      case 'startRecording':
        await this.startRecording(command.id, command.path);
        return undefined;
      case 'stats':
        return leg.snapshot(performance.now());
      case 'watch':
        leg.watch(command.watch, command.ms);
        return undefined;
      case 'connected':
        await endpoint.connected();
        return undefined;
      default:
        return assertNever(command);
    }
  }

  private find(id: string): Held {
    const found = this.held.get(id);
    if (found === undefined) throw new AppError('media.gone', 410, 'the endpoint was destroyed');
    return found;
  }

  private async create(command: Order<'create'>): Promise<Reply> {
    const { id } = command;
    const endpoint = await createEndpoint(this.deps, command, {
      digit: (digit) => this.tell({ type: 'digit', id, digit }),
      silence: (watch) => this.tell({ type: 'silence', id, watch }),
    });
    this.held.set(id, { endpoint, plays: new Map(), stopped: new Set(), faulted: false });
    return endpoint.describe();
  }

  private async play({ id, play, files, loop }: Order<'play'>): Promise<'done' | 'stopped'> {
    const { endpoint, plays, stopped } = this.find(id);
    const { leg } = endpoint;
    const loaded = await Promise.all(files.map((file) => this.prompts.load(file, leg.codec)));
    if (stopped.delete(play) || !this.held.has(id)) return 'stopped';
    return new Promise((resolve) => {
      const player = leg.play(loaded, loop, (how) => {
        plays.delete(play);
        resolve(how);
      });
      plays.set(play, player);
    });
  }

  private stopPlay({ id, play }: Order<'stopPlay'>): void {
    const entry = this.held.get(id);
    if (entry === undefined) return;
    const player = entry.plays.get(play);
    if (player === undefined) entry.stopped.add(play);
    else entry.endpoint.leg.stopPlay(player);
  }

  private async startRecording(id: string, path: string): Promise<void> {
    const { leg } = this.find(id).endpoint;
    await this.stopRecording(id);
    const recorder = await createRecorder(path, leg.codec, performance.now(), (error) =>
      this.tell({ type: 'log', level: 'error', message: 'recording failed', error: String(error) }),
    );
    if (this.held.has(id)) leg.recorder = recorder;
    else await recorder.stop(performance.now());
  }

  private async stopRecording(id: string): Promise<void> {
    const leg = this.held.get(id)?.endpoint.leg;
    const recorder = leg?.recorder;
    if (leg === undefined || recorder === undefined) return;
    leg.recorder = undefined;
    await recorder.stop(performance.now());
  }

  private async destroy(id: string): Promise<void> {
    const entry = this.held.get(id);
    if (entry === undefined) return;
    entry.endpoint.close();
    const stopped = this.stopRecording(id);
    this.held.delete(id);
    await stopped;
  }

  private async stop(): Promise<void> {
    this.ticker.stop();
    await Promise.all([...this.held.keys()].map((id) => this.destroy(id)));
    // The WebRTC library says goodbye to its peers (DTLS close_notify) on threads of its own.
    if (this.usedWebRtc) await new Promise<void>((resolve) => systemClock.after(FAREWELL_MS, resolve));
  }
}
