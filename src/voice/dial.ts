import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { CompanyId, InteractionId } from '../shared/ids.ts';
import type { Call, Leg, OperatorSide } from './call.ts';
import { withDeadline } from './deadline.ts';
import { tieLeg } from './leg-ties.ts';
import { isUnreachable, leftAloneMs, takesNoCalls } from './failures.ts';
import type { Phone, Phones } from './phones.ts';
import type { MediaServer, OutgoingCall, SipDialog } from './ports.ts';
import { report } from './report.ts';
import type { VoiceWorld } from './world.ts';

/** A SIP phone that does not answer within this is given up, ms; the offer's own deadline is usually earlier. */
const PHONE_ANSWER_MS = 30_000;
/** The desk answers by itself: one that takes longer is frozen or gone, ms. */
const DESK_ANSWER_MS = 10_000;

/** An INVITE of ours with its sound; whatever fails, nothing of the leg is left. Rejects with SipFailure. */
export async function dialLeg(
  world: Pick<VoiceWorld, 'edge' | 'media'>,
  media: Parameters<MediaServer['createEndpoint']>[0],
  call: Omit<OutgoingCall, 'localSdp'>,
): Promise<Leg> {
  const endpoint = await world.media.createEndpoint(media);
  let dialog: SipDialog | undefined;
  try {
    dialog = await world.edge.invite({ ...call, localSdp: endpoint.localSdp });
    await endpoint.setRemote(dialog.remoteSdp);
    tieLeg(dialog, endpoint);
    return { dialog, endpoint, media: media.kind };
  } catch (error) {
    await Promise.allSettled([dialog?.bye('no sound'), endpoint.destroy()]);
    throw error;
  }
}

/** Ringing ends when the customer leaves or the offer is withdrawn. */
export const dialing = (call: Call, side: OperatorSide): AbortSignal =>
  AbortSignal.any([call.gone.signal, side.dialing.signal]);

/**
 * Calls an operator's softphone: the desk answers by itself, another phone when its person does. One that cannot be reached, or
 * takes no calls now, is not called again for a while. Rejects with SipFailure.
 */
export async function dialSoftphone(
  world: VoiceWorld,
  phones: Pick<Phones, 'lose' | 'took'>,
  { companyId, interactionId }: { readonly companyId: CompanyId; readonly interactionId: InteractionId },
  phone: Phone,
  signal: AbortSignal,
  onHeard: () => void = () => undefined,
): Promise<Leg> {
  const interaction = await world.interactions.get(companyId, interactionId);
  const call = {
    to: { kind: 'softphone', username: phone.username },
    callerUser: interaction?.contact.address.replace(/[^\d+*#]/g, '') ?? 'anonymous',
    ...(interaction?.customer == null ? {} : { callerName: interaction.customer.name }),
    headers: {
      'X-Ramal-Interaction': interactionId,
      ...(phone.isDesk ? { 'Alert-Info': '<http://ramal>;info=alert-autoanswer;delay=0' } : {}),
    },
    onHeard,
  } as const;
  const limitMs = phone.isDesk ? DESK_ANSWER_MS : PHONE_ANSWER_MS;
  try {
    const leg = await withDeadline(world.clock, limitMs, signal, (until) =>
      dialLeg(world, { kind: phone.media, signalledFrom: phone.address }, { ...call, signal: until }),
    );
    phones.took(phone.username);
    return leg;
  } catch (error) {
    if (isUnreachable(error))
      phones.lose(phone.username, takesNoCalls(error) ? 'refuses' : 'gone', leftAloneMs(error));
    throw error;
  }
}

/** One stereo file per call, from the first word with an operator on, through holds and transfers. */
export async function startRecording(world: VoiceWorld, call: Call): Promise<void> {
  if (call.recordingPath !== null) return;
  const path = recordingPath(world.recordingsDir, call.companyId, call.interactionId);
  try {
    await mkdir(join(world.recordingsDir, call.companyId), { recursive: true });
    await call.customer.endpoint.startRecording(path);
    call.recordingPath = path;
    await report(world, call, { type: 'recordingStarted' });
  } catch (error) {
    // A full disk must not end the conversation; the alarm tells the administrator.
    world.logger.error({ err: error, interactionId: call.interactionId }, 'recording could not start');
  }
}

export const recordingPath = (dir: string, companyId: string, interactionId: string): string =>
  join(dir, companyId, `${interactionId}.wav`);
