import { setSink } from './audio.ts';

export interface Ringer {
  /** Safe to say again and again; rings until `stop`. */
  ring: () => void;
  stop: () => void;
  /** A soft single note: somebody wrote in a contact in hand. Not more often than every 3 s. */
  message: () => void;
  /** One short ring, so that the operator hears which device it is. */
  test: () => void;
}

export interface RingerDeps {
  device: () => string | null;
  volume: () => number;
}

/**
 * A soft two-note ring made by the browser, looping every 2.5 s. It goes through an audio element, because that is
 * what can be sent to the device chosen for ringing (setSinkId).
 */
export function createRinger(deps: RingerDeps): Ringer {
  const element = document.createElement('audio');
  let context: AudioContext | null = null;
  let out: MediaStreamAudioDestinationNode | null = null;
  let timer: number | null = null;
  let lastMessage = 0;

  const open = (): void => {
    context ??= new AudioContext();
    out ??= context.createMediaStreamDestination();
    if (context.state === 'suspended') void context.resume().catch(() => undefined);
    if (element.srcObject !== out.stream) element.srcObject = out.stream;
    void setSink(element, deps.device());
    void element.play().catch(() => undefined);
  };
  const chime = (): void => {
    open();
    [659.25, 783.99, 659.25].forEach((pitch, index) =>
      note(context, out, pitch, index * 0.22, deps.volume()),
    );
  };
  const stop = (): void => {
    if (timer !== null) window.clearInterval(timer);
    timer = null;
    element.pause();
    void context?.close().catch(() => undefined);
    context = null;
    out = null;
    element.srcObject = null;
  };
  return {
    ring: () => {
      if (timer !== null) return;
      chime();
      timer = window.setInterval(chime, 2500);
    },
    stop,
    message: () => {
      if (timer !== null || Date.now() - lastMessage < 3000) return;
      lastMessage = Date.now();
      open();
      note(context, out, 880, 0, deps.volume() * 0.5);
    },
    test: () => {
      if (timer === null) chime();
    },
  };
}

function note(
  context: AudioContext | null,
  out: AudioNode | null,
  pitch: number,
  after: number,
  volume: number,
): void {
  if (!context || !out) return;
  const at = context.currentTime + after;
  const tone = context.createOscillator();
  const gain = context.createGain();
  tone.type = 'triangle';
  tone.frequency.value = pitch;
  gain.gain.setValueAtTime(0, at);
  gain.gain.linearRampToValueAtTime(volume * 0.5, at + 0.02);
  gain.gain.exponentialRampToValueAtTime(0.001, at + 0.42);
  tone.connect(gain).connect(out);
  tone.start(at);
  tone.stop(at + 0.45);
}
