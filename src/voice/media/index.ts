/** Embedded media: WebRTC and RTP, G.711, prompts, bridge, recording. The only door of this folder. */
export {
  createEmbeddedMediaServer,
  type EmbeddedMediaOptions,
  type EmbeddedMediaServer,
  type MediaLogger,
} from './server.ts';
export { type EmbeddedEndpoint } from './remote-endpoint.ts';
export { ensureComfortTone, ensureHoldMusic } from './hold-music.ts';
export { type VoicePath } from './mos.ts';
export { openRecording, type ByteRange, type Recording } from './recording.ts';
