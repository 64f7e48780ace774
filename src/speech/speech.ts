import { createHash } from 'node:crypto';
import { access, mkdir, readdir, stat, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock } from '../shared/clock.ts';
import { protocolGroups } from './numbers.ts';
import { createSynth, type Synth } from './synth.ts';

/** A piece of a prompt. Digits are said one by one, in groups, from clips that are shared by all calls. */
export type SpokenPart =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'digits'; readonly digits: string }
  /** A studio recording by its file name without `.wav`; `text` is said where there is none. */
  | { readonly kind: 'recording'; readonly name: string; readonly text: string };

export interface Speech {
  /** Path of an 8 kHz mono PCM 16 bit WAV with this text. Rejects with `speech.failed`. */
  wav(text: string, lang?: string): Promise<string>;
  /** Files that say the parts one after another. */
  files(parts: readonly SpokenPart[], lang?: string): Promise<string[]>;
  /** A studio recording, converted; undefined where there is none. */
  recording(name: string): Promise<string | undefined>;
  /** Makes what calls will need, behind every caller's own request. Never rejects. */
  prewarm(parts: readonly SpokenPart[], lang?: string): Promise<{ made: number; failed: number }>;
  stop(): Promise<void>;
}

export interface SpeechOptions {
  /** Cache folder, e.g. DATA_DIR/speech. */
  readonly dir: string;
  /** Studio recordings, e.g. ivr-flows/audio; the first folder that has one wins. */
  readonly audioDirs?: readonly string[];
  readonly clock: Clock;
  /** Words a minute of the synthetic voice. */
  readonly rate?: number;
  readonly synth?: Synth;
}

/** Fast enough that the demo's untouched call is queued in 20 s, slow enough to be followed (docs/adr/0007-speech.md). */
export const DEFAULT_RATE = 235;
const DEFAULT_LANG = 'pt-BR';
const KEEP_UNUSED_MS = 30 * 86_400_000;
/** Changes when the way of making sound changes, so that old files are not played. */
const RECIPE = 'v1';
const RECORDING_NAME = /^[a-z0-9][a-z0-9-]{0,80}$/;

const exists = (file: string) =>
  access(file).then(
    () => true,
    () => false,
  );

export function createSpeech(options: SpeechOptions): Speech {
  const synth = options.synth ?? createSynth();
  const rate = options.rate ?? DEFAULT_RATE;
  const inHand = new Map<string, Promise<string>>();
  const ready = mkdir(options.dir, { recursive: true }).then(() => prune(options.dir, options.clock.now()));

  const cached = (key: string, make: (target: string) => Promise<void>): Promise<string> => {
    const target = join(
      options.dir,
      `${createHash('sha256').update(`${RECIPE}\n${key}`).digest('hex').slice(0, 32)}.wav`,
    );
    const running = inHand.get(target);
    if (running !== undefined) return running;
    const work = ready
      .then(async () => {
        if (!(await exists(target))) await make(target);
        return target;
      })
      .finally(() => inHand.delete(target));
    inHand.set(target, work);
    return work;
  };
  const say = (text: string, lang: string, tailMs: number, urgency: 'now' | 'later') =>
    cached(`text\n${lang}\n${rate}\n${tailMs}\n${text}`, (target) =>
      synth.run({ kind: 'text', text, voice: lang.toLowerCase(), rate, tailMs, target }, urgency),
    );
  const recording = async (name: string, urgency: 'now' | 'later') => {
    if (!RECORDING_NAME.test(name)) return undefined;
    for (const dir of options.audioDirs ?? []) {
      const source = join(dir, `${name}.wav`);
      const found = await stat(source).catch(() => undefined);
      if (found !== undefined)
        return cached(`file\n${source}\n${found.size}\n${found.mtimeMs}`, (target) =>
          synth.run({ kind: 'convert', source, target }, urgency),
        );
    }
    return undefined;
  };
  const part = async (spoken: SpokenPart, lang: string, urgency: 'now' | 'later'): Promise<string[]> => {
    switch (spoken.kind) {
      case 'text':
        return spoken.text.trim() === '' ? [] : [await say(spoken.text.trim(), lang, TEXT_TAIL_MS, urgency)];
      case 'digits':
        return Promise.all(protocolGroups(spoken.digits).map((g) => say(g.text, lang, g.tailMs, urgency)));
      case 'recording': {
        // A recording that cannot be read must not silence the prompt.
        const file = await recording(spoken.name, urgency).catch(() => undefined);
        return file === undefined ? part({ kind: 'text', text: spoken.text }, lang, urgency) : [file];
      }
    }
  };
  const files = async (parts: readonly SpokenPart[], lang: string, urgency: 'now' | 'later') =>
    (await Promise.all(parts.map((p) => part(p, lang, urgency)))).flat();

  return {
    wav: (text, lang = DEFAULT_LANG) => say(text.trim(), lang, TEXT_TAIL_MS, 'now'),
    files: (parts, lang = DEFAULT_LANG) => files(parts, lang, 'now'),
    recording: (name) => recording(name, 'now'),
    async prewarm(parts, lang = DEFAULT_LANG) {
      const results = await Promise.allSettled(parts.map((p) => files([p], lang, 'later')));
      const failed = results.filter((r) => r.status === 'rejected').length;
      return { made: results.length - failed, failed };
    },
    stop: () => synth.stop(),
  };
}

const TEXT_TAIL_MS = 150;

/** Forgets files that no start has needed for a month: texts change, and some of them name a customer. */
async function prune(dir: string, nowMs: number): Promise<void> {
  for (const name of await readdir(dir)) {
    const file = join(dir, name);
    const info = await stat(file).catch(() => undefined);
    if (info === undefined) continue;
    const idleMs = nowMs - Math.max(info.atimeMs, info.mtimeMs);
    if (name.endsWith('.part') || idleMs > KEEP_UNUSED_MS) await unlink(file).catch(() => undefined);
  }
}
