import { z } from 'zod';
import { sight } from '../access/index.ts';
import { problem } from '../contracts/common.ts';
import { interaction as interactionSchema, type InteractionView } from '../contracts/interaction.ts';
import { trunkStatus, type TrunkStatusView } from '../contracts/trunk.ts';
import { does, reads, unaudited, type Principal, route } from '../platform/http/index.ts';
import { AppError } from '../shared/errors.ts';
import type { AgentId } from '../shared/ids.ts';
import type { Interaction } from '../interactions/index.ts';
import type { CallRequest } from './outbound.ts';
import type { TrunkStatus } from './trunks.ts';
import type { Recording } from './media/index.ts';

export interface VoiceRoutesDeps {
  readonly call: (
    companyId: Principal['companyId'],
    agentId: AgentId,
    request: CallRequest,
  ) => Promise<Interaction>;
  /** Undefined: the company has no such trunk in use. */
  readonly trunkStatus: (companyId: string, trunkId: string) => TrunkStatus | undefined;
  readonly view: (interaction: Interaction) => InteractionView;
  /** Rejects with 404 when this principal may not see the contact. */
  readonly visible: (principal: Principal, interactionId: string) => Promise<Interaction>;
  readonly openRecording: (companyId: string, interactionId: string) => Promise<Recording>;
}

function statusView({ registration, ...line }: TrunkStatus): TrunkStatusView {
  if (registration === null) return { ...line, registration };
  const { state, since } = registration;
  const more =
    registration.state === 'registered'
      ? { expiresAt: registration.expiresAt.toISOString() }
      : registration.state === 'failed'
        ? {
            status: registration.status,
            reason: registration.reason,
            retryAt: registration.retryAt.toISOString(),
          }
        : {};
  return { ...line, registration: { state, since: since.toISOString(), ...more } };
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
      responses: {
        201: interactionSchema,
        403: problem,
        409: problem,
        422: problem,
        429: problem,
        503: problem,
      },
      audit: does('call.started', 'interaction', { act: 'call.refused', target: 'number', field: 'to' }),
      handle: async ({ body, principal }) => {
        const call = await deps.call(principal.companyId, principal.userId, {
          ...body,
          within: sight(principal)?.queues,
        });
        return { status: 201, body: deps.view(call), audit: { target: call.id, data: body } };
      },
    }),
    route({
      method: 'get',
      path: '/api/v1/admin/trunks/{id}/status',
      tag: 'admin',
      summary: 'Channels in use of a trunk, and how our registration there stands',
      auth: 'session',
      roles: ['admin'],
      scope: 'trunks:read',
      params: z.object({ id: z.string().min(1).max(64) }),
      responses: { 200: trunkStatus, 404: problem },
      audit: unaudited('settings'),
      handle: ({ params, principal }) => {
        const status = deps.trunkStatus(principal.companyId, params.id);
        if (status === undefined) throw new AppError('trunk.unknown', 404, 'There is no such trunk in use.');
        return { status: 200, body: statusView(status) };
      },
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
      audit: reads('recording.listen', 'interaction'),
      handle: async ({ params, principal }) => {
        const interaction = await deps.visible(principal, params.id);
        const recording = await deps.openRecording(principal.companyId, interaction.id);
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
