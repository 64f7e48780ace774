import type { Channel } from '../../../src/contracts/common.ts';
import type { InteractionView } from '../../../src/contracts/interaction.ts';
import type { PresenceView } from '../../../src/contracts/realtime.ts';
import type { Queue } from '../session/queues.ts';

/** Why somebody cannot be given a contact now; null: may take it. */
export type CannotTake = 'offline' | 'paused' | 'onCall' | 'noPhone' | 'phoneRefuses' | 'full';

/** What is given, and what it takes of a person, in units of 100; undefined: not known here, the server decides. */
export interface Given {
  channel: Channel;
  weight: number | undefined;
}
const TEXT_CAPACITY = 100;

export const givenOf = (
  { channel }: Pick<InteractionView, 'channel'>,
  queue: Pick<Queue, 'weights'> | undefined,
): Given => ({ channel, weight: queue?.weights?.[channel] });

/** The rule by which the server gives contacts (contract.md, "How work is given"). */
export function cannotTake(one: PresenceView, { channel, weight = 0 }: Given): CannotTake | null {
  if (one.state !== 'available') return one.state;
  if (one.load.voice) return 'onCall';
  if (channel === 'voice') {
    if (one.softphone) return null;
    return one.softphoneRefuses === true ? 'phoneRefuses' : 'noPhone';
  }
  return one.load.text + weight <= TEXT_CAPACITY ? null : 'full';
}

export interface PersonChoice {
  person: PresenceView;
  why: CannotTake | null;
}

/** Who can take it first, by name; whoever cannot stands below, with the reason. */
export function peopleToChoose(people: readonly PresenceView[], given: Given, me: string): PersonChoice[] {
  return people
    .filter((one) => one.agentId !== me)
    .map((person) => ({ person, why: cannotTake(person, given) }))
    .sort(
      (a, b) => Number(a.why !== null) - Number(b.why !== null) || a.person.name.localeCompare(b.person.name),
    );
}
