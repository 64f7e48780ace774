/** What this product uses of the bundled eSpeak NG (its package ships no types). */
declare module '@echogarden/espeak-ng-emscripten' {
  export interface EspeakWorker {
    /** 0 when the voice exists. */
    set_voice(name: string, language: string): number;
    set_rate(wordsPerMinute: number): void;
    set_pitch(pitch: number): void;
    get_samplerate(): number;
    /** Calls back with pieces of PCM 16 bit; returning true stops. */
    synthesize(text: string, callback: (audio: Int16Array | null) => boolean): void;
  }
  export interface EspeakModule {
    eSpeakNGWorker: new () => EspeakWorker;
  }
  const load: () => Promise<EspeakModule>;
  export default load;
}
