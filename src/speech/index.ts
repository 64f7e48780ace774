export { createSpeech, type Speech, type SpeechOptions, type SpokenPart } from './speech.ts';
export { firstProtocols } from './numbers.ts';
export { estimatedWaitText, fixedPrompts, positionText, PROMPTS } from './prompts.ts';
export { encodeWav, wavLengthMs, type Sound } from './wav.ts';
