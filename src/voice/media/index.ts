/** Embedded media: WebRTC and RTP, G.711, prompts, bridge, recording. The only door of this folder. */
export { createEmbeddedMediaServer, type EmbeddedMediaOptions, type MediaLogger } from './server.ts';
export { mos, rFactor, type VoicePath } from './mos.ts';
