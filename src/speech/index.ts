export { createSpeech, DEFAULT_RATE, type Speech, type SpeechOptions, type SpokenPart } from './speech.ts';
export { firstProtocols, groupedDigits, protocolGroups } from './numbers.ts';
export { estimatedWaitText, fixedPrompts, positionText, PROMPTS } from './prompts.ts';
export { decodeWav, encodeWav, wavLengthMs, type Sound } from './wav.ts';
