import { createStore, type ReadStore } from '../ui/store.ts';
import { microphoneProblem, watchSilence, type MicrophoneProblem, type Silence } from './phone-state.ts';

export interface AudioChoices {
  microphone: string | null;
  speaker: string | null;
  ringer: string | null;
}

export interface AudioDevice {
  id: string;
  label: string;
}

export interface AudioState {
  microphone:
    | { kind: 'unknown' }
    | { kind: 'open'; label: string }
    | { kind: 'failed'; problem: MicrophoneProblem };
  inputs: readonly AudioDevice[];
  outputs: readonly AudioDevice[];
  /** A chosen device that the browser no longer lists: pulled out. */
  unplugged: string | null;
  silent: boolean;
}

/** Microphone kept warm, speaker, and what the browser says of the devices. */
export interface Audio {
  state: ReadStore<AudioState>;
  /** 0…1, ten times a second while the microphone is open. */
  level: ReadStore<number>;
  /** Opens the microphone (asks for permission the first time) and keeps it. */
  warm: () => Promise<void>;
  /** A clone of the open microphone, for one session. */
  take: () => Promise<MediaStream>;
  play: (stream: MediaStream) => void;
  silence: () => void;
  onCall: (live: boolean, muted: boolean) => void;
  stop: () => void;
}

export interface AudioDeps {
  media: MediaDevices | undefined;
  choices: () => AudioChoices;
  onChoices: (listener: () => void) => () => void;
}

const initial: AudioState = {
  microphone: { kind: 'unknown' },
  inputs: [],
  outputs: [],
  unplugged: null,
  silent: false,
};

export function createAudio(deps: AudioDeps): Audio {
  const state = createStore<AudioState>(initial);
  const level = createStore(0);
  const element = document.createElement('audio');
  element.autoplay = true;
  let stream: MediaStream | null = null;
  let opened: string | null = null;
  let meter: { stop: () => void } | null = null;
  let listening = false;
  let quiet: Silence = { since: null, warned: false };

  const onLevel = (value: number): void => {
    level.set(value);
    quiet = watchSilence(quiet, value, listening, Date.now());
    if (state.get().silent !== quiet.warned) state.update((now) => ({ ...now, silent: quiet.warned }));
  };
  const drop = (): void => {
    meter?.stop();
    meter = null;
    for (const track of stream?.getTracks() ?? []) track.stop();
    stream = null;
    level.set(0);
  };
  const list = async (): Promise<void> => {
    const devices = (await deps.media?.enumerateDevices()) ?? [];
    state.update((now) => ({
      ...now,
      ...devicesOf(devices),
      unplugged: unpluggedOf(devices, deps.choices()),
    }));
  };
  const warm = async (): Promise<void> => {
    if (!deps.media) {
      state.update((now) => ({ ...now, microphone: { kind: 'failed', problem: 'insecure' } }));
      return;
    }
    const wanted = deps.choices().microphone;
    if (stream?.active === true && opened === wanted) return;
    drop();
    try {
      stream = await openMicrophone(deps.media, wanted);
      opened = wanted;
    } catch (error) {
      state.update((now) => ({ ...now, microphone: { kind: 'failed', problem: microphoneProblem(error) } }));
      return;
    }
    const track = stream.getAudioTracks()[0];
    track?.addEventListener('ended', () => void list());
    state.update((now) => ({ ...now, microphone: { kind: 'open', label: track?.label ?? '' } }));
    meter = createMeter(stream, onLevel);
    await list();
  };
  const onDevices = (): void => void list();
  deps.media?.addEventListener('devicechange', onDevices);
  const unlisten = deps.onChoices(() => {
    void setSink(element, deps.choices().speaker);
    if (stream && opened !== deps.choices().microphone) void warm();
    void list();
  });
  return {
    state,
    level,
    warm,
    take: async () => {
      await warm();
      if (!stream) throw new Error('no microphone');
      return stream.clone();
    },
    play: (remote) => {
      element.srcObject = remote;
      void setSink(element, deps.choices().speaker);
      void element.play().catch(() => undefined);
    },
    silence: () => {
      element.srcObject = null;
    },
    onCall: (live, muted) => {
      listening = live && !muted;
    },
    stop: () => {
      unlisten();
      deps.media?.removeEventListener('devicechange', onDevices);
      element.srcObject = null;
      drop();
    },
  };
}

/** A chosen device that is gone must not cost the call: any microphone is better than none. */
async function openMicrophone(media: MediaDevices, id: string | null): Promise<MediaStream> {
  const wanted: MediaTrackConstraints = {
    echoCancellation: true,
    noiseSuppression: true,
    autoGainControl: true,
  };
  if (id !== null) {
    try {
      return await media.getUserMedia({ audio: { ...wanted, deviceId: { exact: id } } });
    } catch (error) {
      if (microphoneProblem(error) !== 'missing') throw error;
    }
  }
  return media.getUserMedia({ audio: wanted });
}

function devicesOf(devices: readonly MediaDeviceInfo[]): Pick<AudioState, 'inputs' | 'outputs'> {
  const of = (kind: MediaDeviceKind): AudioDevice[] =>
    devices
      .filter((one) => one.kind === kind && one.deviceId !== '')
      .map((one) => ({ id: one.deviceId, label: one.label }));
  return { inputs: of('audioinput'), outputs: of('audiooutput') };
}

function unpluggedOf(devices: readonly MediaDeviceInfo[], choices: AudioChoices): string | null {
  // Before permission the browser lists devices without ids; nothing can be told from that.
  const known = devices.filter((one) => one.deviceId !== '').map((one) => one.deviceId);
  if (known.length === 0) return null;
  return (
    [choices.microphone, choices.speaker, choices.ringer].find((id) => id !== null && !known.includes(id)) ??
    null
  );
}

export async function setSink(element: HTMLMediaElement, id: string | null): Promise<void> {
  await element.setSinkId(id ?? '').catch(() => undefined);
}

/** Root mean square of what the microphone hears, ten times a second. */
function createMeter(stream: MediaStream, onLevel: (value: number) => void): { stop: () => void } {
  const context = new AudioContext();
  const source = context.createMediaStreamSource(stream);
  const analyser = context.createAnalyser();
  analyser.fftSize = 1024;
  source.connect(analyser);
  const samples = new Float32Array(analyser.fftSize);
  const timer = window.setInterval(() => {
    if (context.state === 'suspended') void context.resume().catch(() => undefined);
    if (context.state !== 'running') return;
    analyser.getFloatTimeDomainData(samples);
    let sum = 0;
    for (const sample of samples) sum += sample * sample;
    onLevel(Math.sqrt(sum / samples.length));
  }, 100);
  return {
    stop: () => {
      window.clearInterval(timer);
      source.disconnect();
      void context.close().catch(() => undefined);
    },
  };
}
