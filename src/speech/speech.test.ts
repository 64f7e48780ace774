import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { systemClock } from '../shared/clock.ts';
import { estimatedWaitText, fixedPrompts, positionText } from './prompts.ts';
import { firstProtocols, groupedDigits, protocolGroups } from './numbers.ts';
import { normalise, resample, trim } from './sound.ts';
import { createSpeech, type Speech } from './speech.ts';
import { decodeWav, encodeWav, wavLengthMs, type Sound } from './wav.ts';

const tone = (hz: number, sampleRate: number, seconds = 0.5, level = 0.5): Sound => ({
  sampleRate,
  samples: Float32Array.from(
    { length: sampleRate * seconds },
    (_, i) => level * Math.sin((2 * Math.PI * hz * i) / sampleRate),
  ),
});
const rms = (samples: Float32Array) => Math.sqrt(samples.reduce((sum, s) => sum + s * s, 0) / samples.length);
const inner = (s: Float32Array) => s.subarray(400, s.length - 400);
const db = (x: number) => 20 * Math.log10(x);

describe('sound', () => {
  it.each([11025, 16000, 22050, 44100, 48000])('resamples %i Hz: keeps 1 kHz, folds nothing back', (rate) => {
    const kept = resample(tone(1000, rate), 8000);
    expect(kept.samples.length).toBeCloseTo(4000, -1);
    expect(db(rms(inner(kept.samples)) / rms(tone(1000, rate).samples))).toBeCloseTo(0, 1);
    // 5 kHz would come back as 3 kHz without the low-pass.
    const folded = resample(tone(5000, rate), 8000);
    expect(db(rms(inner(folded.samples)) + 1e-9)).toBeLessThan(-55);
  });
  it('brings loud and quiet to −18 dBFS and clips nothing', () => {
    for (const level of [0.01, 0.1, 0.9]) {
      const { samples } = normalise(tone(440, 8000, 1, level));
      expect(db(rms(samples))).toBeCloseTo(-18, 0);
      expect(samples.every((s) => Math.abs(s) < 0.71)).toBe(true);
    }
    expect(
      normalise({ sampleRate: 8000, samples: new Float32Array(800) }).samples.every((s) => s === 0),
    ).toBe(true);
  });
  it('cuts silence at the ends', () => {
    const samples = new Float32Array(8000);
    samples.set(tone(440, 8000, 0.25).samples, 3000);
    expect(trim({ sampleRate: 8000, samples }, 100).samples.length).toBeLessThan(2850);
  });
  it('reads back what it wrote; refuses what is no WAV', () => {
    const back = decodeWav(encodeWav(tone(440, 8000)));
    expect(db(rms(back.samples))).toBeCloseTo(db(rms(tone(440, 8000).samples)), 2);
    for (const bad of ['', 'RIFF', 'RIFF0000WAVEdata0000', 'ID3 some mp3 bytes that go on'])
      expect(() => decodeWav(Buffer.from(bad))).toThrow(expect.objectContaining({ code: 'speech.badWav' }));
  });
});

describe('numbers and sentences', () => {
  it('groups a protocol', () => {
    expect(groupedDigits('2026110000000012')).toBe('2026 11 000 000 00 12');
    expect(protocolGroups('2026110000000012')[0]?.text).toBe('dois zero dois seis,');
    expect(firstProtocols('202611')[11]).toBe('2026110000000012');
    expect(groupedDigits('12345678')).toBe('123 456 78');
    expect(groupedDigits('1234')).toBe('12 34');
  });
  it('tells position and wait in few different sentences', () => {
    expect(positionText(1)).toBe('Você é o próximo da fila.');
    expect(positionText(400)).toBe(positionText(21));
    expect(estimatedWaitText(61_000)).toContain('2 minutos');
    expect(new Set(fixedPrompts()).size).toBeLessThan(80);
  });
});

describe('the bundled voice', () => {
  let dir: string;
  let speech: Speech;
  beforeAll(() => {
    dir = mkdtempSync(join(tmpdir(), 'speech-'));
    speech = createSpeech({ dir: join(dir, 'cache'), audioDirs: [dir], clock: systemClock });
  });
  afterAll(async () => {
    await speech.stop();
    rmSync(dir, { recursive: true, force: true });
  });
  it('speaks Portuguese as 8 kHz mono PCM 16 bit at −18 dBFS', async () => {
    const file = readFileSync(await speech.wav('Olá, você ligou para a Exemplo Internet.', 'pt-BR'));
    expect([
      file.readUInt16LE(20),
      file.readUInt16LE(22),
      file.readUInt32LE(24),
      file.readUInt16LE(34),
    ]).toEqual([1, 1, 8000, 16]);
    expect(wavLengthMs(file)).toBeGreaterThan(1500);
    expect(db(rms(decodeWav(file).samples))).toBeGreaterThan(-22);
  });
  it('makes each text once, whoever asks, and shares digit groups', async () => {
    const [a, b] = await Promise.all([speech.wav('Um momento.'), speech.wav('Um momento.')]);
    expect(a).toBe(b);
    const written = statSync(a).mtimeMs;
    expect(statSync(await speech.wav('Um momento.')).mtimeMs).toBe(written);
    const one = await speech.files([{ kind: 'digits', digits: '2026110000000012' }]);
    const two = await speech.files([{ kind: 'digits', digits: '2026110000000099' }]);
    expect(one).toHaveLength(6);
    expect(one.slice(0, 5)).toEqual(two.slice(0, 5));
  });
  it('a studio recording of any rate wins over the text; a broken one does not silence it', async () => {
    const part = { kind: 'recording', name: 'boas-vindas', text: 'Bem-vindo' } as const;
    const [spoken] = await speech.files([part]);
    writeFileSync(join(dir, 'boas-vindas.wav'), encodeWav(tone(440, 44100, 1)));
    const [recorded] = await speech.files([part]);
    expect(recorded).not.toBe(spoken);
    expect(wavLengthMs(readFileSync(recorded!))).toBeCloseTo(1000, -1);
    writeFileSync(join(dir, 'boas-vindas.wav'), 'not a wav at all');
    expect(await speech.files([part])).toEqual([spoken]);
    expect(await speech.recording('../../etc/passwd')).toBeUndefined();
  });
  it('says no to a language it does not speak, and goes on', async () => {
    await expect(speech.wav('nuqneH', 'xx-XX')).rejects.toMatchObject({ code: 'speech.failed' });
    expect(await speech.prewarm([{ kind: 'text', text: 'Obrigado.' }])).toEqual({ made: 1, failed: 0 });
    expect(readdirSync(join(dir, 'cache')).filter((f) => f.endsWith('.part'))).toEqual([]);
  });
});
