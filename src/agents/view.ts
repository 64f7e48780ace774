import type { PresenceView } from '../contracts/realtime.ts';
import { onVoice, textLoad, type Agent } from './domain/agent.ts';

/** The operator as desks and boards see it. */
export function presenceView(agent: Agent): PresenceView {
  const { presence, callReturnedAt } = agent;
  return {
    agentId: agent.id,
    name: agent.name,
    state: presence.state,
    ...(presence.reason === null ? {} : { reason: presence.reason }),
    since: presence.at.toISOString(),
    ...(presence.by === undefined
      ? {}
      : {
          by: {
            id: presence.by,
            ...(presence.byName === undefined ? {} : { name: presence.byName }),
          },
        }),
    ...(presence.returned === undefined ? {} : { returned: presence.returned }),
    ...(presence.lostMs === undefined ? {} : { lostMs: presence.lostMs }),
    ...(callReturnedAt && { callReturnedAt: callReturnedAt.toISOString() }),
    softphone: agent.softphone.up,
    ...(agent.softphone.refuses === true && { softphoneRefuses: true }),
    load: { text: textLoad(agent), voice: onVoice(agent) },
    work: agent.work.filter((work) => work.phase === 'work').map((work) => work.interactionId),
    queues: [...agent.queues],
  };
}
