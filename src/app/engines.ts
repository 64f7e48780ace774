import { join } from 'node:path';
import { type Flow, flowFolders, loadFlows } from '../flows/index.ts';
import { AppError } from '../shared/errors.ts';
import { createSpeech, firstProtocols, fixedPrompts, type Speech } from '../speech/index.ts';
import {
  createEmbeddedMediaServer,
  createEmbeddedSipEdge,
  type MediaServer,
  type SoftphoneAuth,
} from '../voice/index.ts';
import type { Platform } from './platform.ts';

/** Realm of SIP digest; softphone passwords are bound to it. */
export const SIP_REALM = 'ramal';

export interface Engines {
  readonly flows: ReadonlyMap<string, Flow>;
  readonly speech: Speech;
  readonly media: MediaServer;
  readonly sip: Awaited<ReturnType<typeof createEmbeddedSipEdge>>;
  stop(graceMs: number): Promise<void>;
}

/** Better a sentence at the start than a server that silently uses other engines than it was told to. */
function refuseUnbuilt({ config }: Platform): void {
  if (config.drachtio !== undefined || config.freeswitchUrls.length > 0)
    throw new AppError(
      'voice.engineNotBuilt',
      500,
      'DRACHTIO_URL and FREESWITCH_URLS: this version has the embedded voice engines only; unset both',
    );
}

/** Makes the clips that every call needs before the first one asks. */
function prewarm(speech: Speech, now: number): void {
  const month = new Date(now).toISOString().slice(0, 7).replace('-', '');
  void speech.prewarm([
    ...firstProtocols(month).map((digits) => ({ kind: 'digits' as const, digits })),
    ...fixedPrompts().map((text) => ({ kind: 'text' as const, text })),
  ]);
}

/** Signalling, sound and speech on their embedded engines; the flows checked. */
export async function startEngines(
  platform: Platform,
  auth: SoftphoneAuth,
  flowsDir: string,
): Promise<Engines> {
  refuseUnbuilt(platform);
  const { config, clock, random, logger, dataDir } = platform;
  const folders = await flowFolders(dataDir, flowsDir);
  const flows = await loadFlows(...folders);
  const speech = createSpeech({
    dir: join(dataDir, 'speech'),
    audioDirs: folders.map((dir) => join(dir, 'audio')),
    clock,
  });
  const media = await createEmbeddedMediaServer({
    rtpPortMin: config.rtp.portMin,
    rtpPortMax: config.rtp.portMax,
    host: config.rtp.host,
    advertiseAddress: config.rtp.advertiseAddress,
    logger,
  });
  const sip = await createEmbeddedSipEdge({
    host: config.sip.host,
    port: config.sip.port,
    advertiseAddress: config.sip.advertiseAddress,
    realm: SIP_REALM,
    auth,
    logger,
    clock,
    random,
  });
  platform.health.register({ name: 'sip', check: () => sip.health() });
  platform.health.register({ name: 'media', check: () => media.health() });
  prewarm(speech, clock.now());
  return {
    flows,
    speech,
    media,
    sip,
    async stop(graceMs) {
      await sip.stop(graceMs);
      await media.stop();
      await speech.stop();
    },
  };
}
