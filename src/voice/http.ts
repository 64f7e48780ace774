import { z } from 'zod';
import { problem } from '../contracts/common.ts';
import { interaction as interactionSchema, type InteractionView } from '../contracts/interaction.ts';
import { type Principal, route } from '../platform/http/index.ts';
import type { AgentId } from '../shared/ids.ts';
import type { Interaction } from '../interactions/index.ts';
import type { Recording } from './media/index.ts';

export interface VoiceRoutesDeps {
  readonly call: (
    companyId: Principal['companyId'],
    agentId: AgentId,
    request: { to: string; from?: string | undefined; queue?: string | undefined },
  ) => Promise<Interaction>;
  readonly view: (interaction: Interaction) => InteractionView;
  /** Rejects with 404 when this principal may not see the contact. */
  readonly visible: (principal: Principal, interactionId: string) => Promise<Interaction>;
  readonly openRecording: (companyId: string, interactionId: string) => Promise<Recording>;
  /** Listening to a recording is an audited act (LGPD). */
  readonly audit: (principal: Principal, action: string, target: string) => Promise<void>;
}

export function voiceRoutes(deps: VoiceRoutesDeps) {
  return [
    route({
      method: 'post',
      path: '/api/v1/calls',
      tag: 'voice',
      summary: "Calls a number: rings the caller's own softphone first",
      auth: 'session',
      scope: 'calls:write',
      body: z.object({
        to: z.string().min(3).max(32),
        from: z.string().max(32).optional(),
        queue: z.string().max(64).optional(),
      }),
      responses: { 201: interactionSchema, 409: problem, 422: problem, 503: problem },
      handle: async ({ body, principal }) => ({
        status: 201,
        body: deps.view(await deps.call(principal.companyId, principal.userId, body)),
      }),
    }),
    route({
      method: 'get',
      path: '/api/v1/interactions/{id}/recording',
      tag: 'voice',
      summary: 'WAV, PCM 16 bit 8 kHz, left customer, right operator; range requests; audited',
      auth: 'session',
      scope: 'recordings:read',
      params: z.object({ id: z.string().max(64) }),
      responses: { 200: null, 206: null, 404: problem, 416: problem },
      handle: async ({ params, principal, request }) => {
        const interaction = await deps.visible(principal, params.id);
        const recording = await deps.openRecording(principal.companyId, interaction.id);
        // A player asks range after range: one line per listening is enough.
        if (request.headers['range'] === undefined || request.headers['range'].startsWith('bytes=0-'))
          await deps.audit(principal, 'recording.listen', interaction.id);
        return {
          status: 200,
          source: {
            sizeBytes: recording.sizeBytes,
            contentType: 'audio/wav',
            open: (start, end) => recording.stream({ start, end }),
          },
        };
      },
    }),
  ];
}
