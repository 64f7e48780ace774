import type { Sound } from './wav.ts';

/** Everything that is played on the telephone: G.711 samples at 8 kHz (ITU-T G.711). */
export const PHONE_RATE = 8000;

const gcd = (a: number, b: number): number => (b === 0 ? a : gcd(b, a % b));

/** Modified Bessel function of order zero, for the Kaiser window. */
function bessel0(x: number): number {
  let sum = 1;
  let term = 1;
  for (let k = 1; k < 32; k++) {
    term *= (x / (2 * k)) ** 2;
    sum += term;
  }
  return sum;
}

/**
 * Changes the rate by a polyphase windowed sinc (Kaiser, β = 8: about −80 dB).
 * The pass band ends at 90 % of the lower Nyquist frequency, so that nothing folds back into the voice.
 */
export function resample(sound: Sound, rate: number): Sound {
  if (sound.sampleRate === rate) return sound;
  const divisor = gcd(sound.sampleRate, rate);
  const up = rate / divisor;
  const down = sound.sampleRate / divisor;
  const cutoff = 0.45 * Math.min(1, rate / sound.sampleRate);
  const half = Math.ceil(12 / cutoff / 2);
  const phases = new Map<number, Float32Array>();
  const kernel = (phase: number): Float32Array => {
    const known = phases.get(phase);
    if (known !== undefined) return known;
    const made = makeKernel(phase / up, half, cutoff);
    phases.set(phase, made);
    return made;
  };
  const out = new Float32Array(Math.floor((sound.samples.length * up) / down));
  for (let n = 0; n < out.length; n++) {
    const base = Math.floor((n * down) / up);
    const taps = kernel((n * down) % up);
    let sum = 0;
    for (let k = 0; k < taps.length; k++) sum += (taps[k] ?? 0) * (sound.samples[base + k - half + 1] ?? 0);
    out[n] = sum;
  }
  return { sampleRate: rate, samples: out };
}

function makeKernel(fraction: number, half: number, cutoff: number): Float32Array {
  const taps = new Float32Array(2 * half);
  let sum = 0;
  for (let k = 0; k < taps.length; k++) {
    const t = k - half + 1 - fraction;
    const inside = Math.max(0, 1 - (t / half) ** 2);
    const x = 2 * Math.PI * cutoff * t;
    const tap = (t === 0 ? 1 : Math.sin(x) / x) * bessel0(8 * Math.sqrt(inside));
    taps[k] = tap;
    sum += tap;
  }
  // Every phase passes DC with gain 1, else the phases would hum against each other.
  return taps.map((tap) => tap / sum);
}

const TARGET_DBFS = -18;
const PEAK = 10 ** (-3 / 20);

/**
 * Level of the spoken parts to −18 dBFS RMS with peaks below −3 dBFS, so that studio recordings and synthesis are equally
 * loud. 20 ms frames under −50 dBFS are silence and do not count. Peaks are rounded off, not cut.
 */
export function normalise(sound: Sound): Sound {
  const frame = Math.round(sound.sampleRate / 50);
  let energy = 0;
  let count = 0;
  for (let at = 0; at < sound.samples.length; at += frame) {
    const part = sound.samples.subarray(at, at + frame);
    const power = part.reduce((sum, s) => sum + s * s, 0);
    if (power / part.length < 1e-5) continue;
    energy += power;
    count += part.length;
  }
  if (count === 0) return sound;
  const gain = 10 ** (TARGET_DBFS / 20) / Math.sqrt(energy / count);
  return { sampleRate: sound.sampleRate, samples: sound.samples.map((s) => soft(s * gain)) };
}

const KNEE = 0.5;
const soft = (s: number): number => {
  const size = Math.abs(s);
  if (size <= KNEE) return s;
  return Math.sign(s) * (KNEE + (PEAK - KNEE) * Math.tanh((size - KNEE) / (PEAK - KNEE)));
};

/** Cuts silence (below −46 dBFS) at both ends and leaves `tailMs` of it behind. */
export function trim(sound: Sound, tailMs: number): Sound {
  const loud = (s: number) => Math.abs(s) > 0.005;
  const first = sound.samples.findIndex(loud);
  if (first < 0) return { sampleRate: sound.sampleRate, samples: new Float32Array(0) };
  const last = sound.samples.findLastIndex(loud);
  const tail = Math.round((sound.sampleRate * tailMs) / 1000);
  const samples = new Float32Array(last + 1 - first + tail);
  samples.set(sound.samples.subarray(first, last + 1));
  return { sampleRate: sound.sampleRate, samples };
}
