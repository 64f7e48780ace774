import type { Call, Leg, OperatorSide } from './call.ts';
import { pause } from './deadline.ts';
import type { EndpointStats } from './ports.ts';
import { report } from './report.ts';
import { isTalking } from './silence.ts';
import type { VoiceWorld } from './world.ts';

/** A side from which no packet came in so much talk is told, ms. */
const TOLD_AFTER_MS = 5_000;
/** Until then it is looked at this often, and less often later, ms. */
const LOOK_EVERY_MS = 500;
const LOOK_LATER_MS = 2_000;

type Counts = Pick<EndpointStats, 'packetsReceived' | 'soundReceived' | 'silentForMs'>;

/** What came from one side since the lines were joined. */
interface Heard {
  readonly packets: boolean;
  readonly sound: boolean;
  readonly silentForMs: number;
}

const since = (before: Counts, now: Counts): Heard => ({
  packets: now.packetsReceived > before.packetsReceived,
  sound: now.soundReceived > before.soundReceived,
  silentForMs: now.silentForMs,
});

/**
 * Joined lines are not yet a talk: a NAT or a firewall may let through one direction only. Tells what was measured, once: sound
 * in both directions, or from which side no packet comes. What sends packets of digital silence (a microphone that is off) is told as neither.
 */
export async function tellSound(world: VoiceWorld, call: Call, side: OperatorSide, leg: Leg): Promise<void> {
  const { clock } = world;
  const over = AbortSignal.any([call.gone.signal, side.over.signal]);
  const isOver = (): boolean => over.aborted || side.leg !== leg;
  const counts = (): Promise<[Counts, Counts]> =>
    Promise.all([call.customer.endpoint.stats(), leg.endpoint.stats()]);
  const teller = createTeller(world, call);
  const before = await counts().catch(() => undefined);
  if (before === undefined) return;
  for (let talkedMs = 0; !isOver(); ) {
    const everyMs = talkedMs < TOLD_AFTER_MS ? LOOK_EVERY_MS : LOOK_LATER_MS;
    await pause(clock, everyMs, over);
    if (isOver() || !isTalking(call)) continue;
    talkedMs += everyMs;
    // An engine that died under the leg is told by whoever watches it.
    const now = await counts().catch(() => undefined);
    if (now === undefined) return;
    const [customer, agent] = [since(before[0], now[0]), since(before[1], now[1])];
    await teller.heard(customer, agent);
    if (customer.sound && agent.sound) return teller.note('sound.both', {});
    if (talkedMs >= TOLD_AFTER_MS) await teller.silent(customer, agent);
  }
}

/** Each side is told silent once, and heard once after that. */
function createTeller(world: VoiceWorld, call: Call) {
  const told = { customer: false, agent: false };
  const note = (kind: string, data: Readonly<Record<string, unknown>>): Promise<void> =>
    world.interactions.record(call.companyId, call.interactionId, { kind, actor: { kind: 'system' }, data });
  return {
    note,
    async silent(customer: Heard, agent: Heard): Promise<void> {
      if (!customer.packets && !told.customer) {
        told.customer = true;
        const oneWay = agent.packets ? { oneWay: true as const } : {};
        await report(world, call, { type: 'customerSilent', forMs: customer.silentForMs, ...oneWay });
      }
      if (!agent.packets && !told.agent) {
        told.agent = true;
        await note('agentSilent', customer.packets ? { oneWay: true } : {});
      }
    },
    async heard(customer: Heard, agent: Heard): Promise<void> {
      if (told.customer && customer.packets) {
        told.customer = false;
        await report(world, call, { type: 'customerHeard' });
      }
      if (told.agent && agent.packets) {
        told.agent = false;
        await note('agentHeard', {});
      }
    },
  };
}
