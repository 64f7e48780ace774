import type nodeDatachannel from 'node-datachannel';
import { AppError } from '../../shared/errors.ts';
import { assertNever } from '../../shared/assert-never.ts';
import { createEndpoint, type Endpoint, type EndpointDeps } from './endpoint.ts';
import type { Player } from './player.ts';
import { createPortPool } from './ports.ts';
import { createPromptCache } from './prompts.ts';
import type { Command, FromThread, MediaThreadOptions, Reply } from './protocol.ts';
import { createRecorder } from './recorder.ts';
import { startTicker } from './ticker.ts';

/** 64 MiB of prompts: more than two hours of speech. */
const PROMPT_BYTES = 64 * 1024 * 1024;

interface Held {
  readonly endpoint: Endpoint;
  readonly plays: Map<number, Player>;
  /** Plays that were stopped while their files were still loading. */
  readonly stopped: Set<number>;
}

/** The media thread's whole state: endpoints, the beat, the prompts. */
export interface Engine {
  run(command: Command): Promise<Reply>;
  stop(): Promise<void>;
}

export function createEngine(
  options: MediaThreadOptions,
  library: () => Promise<typeof nodeDatachannel>,
  tell: (message: FromThread) => void,
): Engine {
  const pool = createPortPool({ min: options.rtpPortMin, max: options.rtpPortMax, host: options.host });
  const prompts = createPromptCache(PROMPT_BYTES);
  const held = new Map<string, Held>();
  let webRtcPort: Promise<number> | undefined;
  const deps: EndpointDeps = {
    options,
    pool,
    library,
    webRtcPort: () => (webRtcPort ??= pool.reserve()),
  };
  const ticker = startTicker((nowMs) => {
    for (const { endpoint } of held.values()) endpoint.leg.tick(nowMs);
  });

  const find = (id: string): Held => {
    const found = held.get(id);
    if (found === undefined) throw new AppError('media.gone', 410, 'the endpoint was destroyed');
    return found;
  };

  async function create(command: Extract<Command, { op: 'create' }>): Promise<Reply> {
    const { id } = command;
    const endpoint = await createEndpoint(deps, command, {
      digit: (digit) => tell({ type: 'digit', id, digit }),
      silence: (watch) => tell({ type: 'silence', id, watch }),
    });
    held.set(id, { endpoint, plays: new Map(), stopped: new Set() });
    return endpoint.describe();
  }

  async function play(command: Extract<Command, { op: 'play' }>): Promise<'done' | 'stopped'> {
    const { endpoint, plays, stopped } = find(command.id);
    const { leg } = endpoint;
    const loaded = await Promise.all(command.files.map((file) => prompts.load(file, leg.codec)));
    if (stopped.delete(command.play) || !held.has(command.id)) return 'stopped';
    return new Promise((resolve) => {
      const player = leg.play(loaded, command.loop, (how) => {
        plays.delete(command.play);
        resolve(how);
      });
      plays.set(command.play, player);
    });
  }

  function stopPlay(command: Extract<Command, { op: 'stopPlay' }>): void {
    const entry = held.get(command.id);
    if (entry === undefined) return;
    const player = entry.plays.get(command.play);
    if (player === undefined) entry.stopped.add(command.play);
    else entry.endpoint.leg.stopPlay(player);
  }

  async function startRecording(id: string, path: string): Promise<void> {
    const { leg } = find(id).endpoint;
    await stopRecording(id);
    const recorder = await createRecorder(path, leg.codec, performance.now(), (error) =>
      tell({ type: 'log', level: 'error', message: 'recording failed', error: String(error) }),
    );
    if (held.has(id)) leg.recorder = recorder;
    else await recorder.stop(performance.now());
  }

  async function stopRecording(id: string): Promise<void> {
    const leg = held.get(id)?.endpoint.leg;
    const recorder = leg?.recorder;
    if (leg === undefined || recorder === undefined) return;
    leg.recorder = undefined;
    await recorder.stop(performance.now());
  }

  async function destroy(id: string): Promise<void> {
    const entry = held.get(id);
    if (entry === undefined) return;
    entry.endpoint.close();
    const stopped = stopRecording(id);
    held.delete(id);
    await stopped;
  }

  async function stop(): Promise<void> {
    ticker.stop();
    await Promise.all([...held.keys()].map(destroy));
  }

  async function run(command: Command): Promise<Reply> {
    switch (command.op) {
      case 'create':
        return create(command);
      case 'setRemote':
        return find(command.id).endpoint.setRemote(command.remoteSdp);
      case 'play':
        return play(command);
      case 'stopPlay':
        return void stopPlay(command);
      case 'sendDigits': {
        const { leg } = find(command.id).endpoint;
        return new Promise((resolve) => leg.sendDigits(command.digits, () => resolve(undefined)));
      }
      case 'bridge':
        return void find(command.id).endpoint.leg.join(find(command.other).endpoint.leg);
      case 'unbridge':
        return void find(command.id).endpoint.leg.leave();
      case 'startRecording':
        return void (await startRecording(command.id, command.path));
      case 'stopRecording':
        return void (await stopRecording(command.id));
      case 'stats':
        return find(command.id).endpoint.leg.snapshot(performance.now());
      case 'watch':
        return void find(command.id).endpoint.leg.watch(command.watch, command.ms);
      case 'connected':
        return void (await find(command.id).endpoint.connected());
      case 'destroy':
        return void (await destroy(command.id));
      case 'health':
        return { detail: `${held.size} endpoints, ${pool.free} RTP ports free` };
      case 'stop':
        return void (await stop());
      default:
        return assertNever(command);
    }
  }

  return { run, stop };
}
