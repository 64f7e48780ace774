import { PROMPTS } from '../speech/index.ts';
import { inBackground } from './background.ts';
import { type Calls, newSound } from './call.ts';
import type { CustomerLegs } from './customer-leg.ts';
import type { OperatorLegs } from './operator-leg.ts';
import { report } from './report.ts';
import { backToMusic, tell } from './waiting.ts';
import type { VoiceWorld } from './world.ts';

/**
 * What the interaction decided, done to the legs. Effects come at least once and possibly after a restart, when
 * the call no longer exists: each looks first at what is there.
 */
export function wireVoiceEffects(
  world: VoiceWorld,
  calls: Calls,
  operators: OperatorLegs,
  customers: CustomerLegs,
): void {
  const { interactions } = world;

  interactions.onEffect('queue.changed', (_effect, interaction) => {
    const call = calls.get(interaction.id);
    // Entry into a queue: the flow is over, the customer waits.
    if (
      call !== undefined &&
      interaction.state.name === 'queued' &&
      call.sound === null &&
      call.operator === null
    )
      backToMusic(world, call);
    return Promise.resolve();
  });

  interactions.onEffect('offer.show', (effect, interaction) => {
    const call = calls.get(interaction.id);
    // Ringing takes as long as it takes: the relay does not wait for it.
    if (call !== undefined)
      inBackground(world, 'ringing', operators.ring(call, effect.agentId, effect.hold), interaction.id);
    return Promise.resolve();
  });

  interactions.onEffect('offer.revoke', async (effect, interaction) => {
    const call = calls.get(interaction.id);
    if (call?.operator?.hold === effect.hold && !call.operator.bridged)
      await operators.drop(call, 'offer revoked');
  });

  interactions.onEffect('voice.connect', (effect, interaction) => {
    const call = calls.get(interaction.id);
    // A call of our own has no customer yet: its softphone rings already, and it is joined when the customer answers.
    if (call === undefined && interaction.direction === 'outbound') return Promise.resolve();
    if (call === undefined) {
      const { companyId, id: interactionId } = interaction;
      return report(world, { companyId, interactionId }, { type: 'missed', cause: 'serverLost' }).then(
        () => undefined,
      );
    }
    inBackground(world, 'connecting', operators.connect(call, effect.agentId, effect.hold), interaction.id);
    return Promise.resolve();
  });

  interactions.onEffect('voice.park', async (_effect, interaction) => {
    const call = calls.get(interaction.id);
    if (call === undefined || call.gone.signal.aborted) return;
    await call.customer.endpoint.unbridge();
    await operators.drop(call, 'transferred');
    backToMusic(world, call);
  });

  interactions.onEffect('voice.end', async (effect, interaction) => {
    const call = calls.get(interaction.id);
    if (call === undefined) return;
    await operators.drop(call, effect.cause);
    if (effect.legs === 'all') return customers.hangUp(call, effect.cause);
    // The operator hung up first: the customer hears a goodbye instead of a dead line.
    if (!call.gone.signal.aborted) {
      const goodbye = tell(world, call, newSound(call), [PROMPTS.goodbye]);
      inBackground(
        world,
        'goodbye',
        goodbye.finally(() => customers.hangUp(call, effect.cause)),
        interaction.id,
      );
    }
  });
}
