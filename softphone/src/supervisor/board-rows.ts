import { channel as channelSchema, type Channel } from '../../../src/contracts/common.ts';
import type { InteractionView } from '../../../src/contracts/interaction.ts';
import type { PresenceView } from '../../../src/contracts/realtime.ts';
import { since } from '../desk/work.ts';
import { query } from '../session/api.ts';

/** What the board is narrowed to, as it stands in the address: it survives F5 and can be passed on. */
export interface BoardFilter {
  channel: Channel | null;
  queue: string | null;
}

export function boardFilterIn(search: string): BoardFilter {
  const values = new URLSearchParams(search);
  const named = channelSchema.safeParse(values.get('channel'));
  const queue = values.get('queue');
  return { channel: named.success ? named.data : null, queue: queue === '' ? null : queue };
}

export const boardPath = (filter: BoardFilter): string => `/painel${query({ ...filter })}`;

const STATES: readonly string[] = ['queued', 'offered', 'active', 'wrapUp'];

/** Calls above everything, then who waits before who is served, the longest first. */
export function contactsOnBoard(
  interactions: readonly InteractionView[],
  { channel, queue }: BoardFilter,
): InteractionView[] {
  const text = (one: InteractionView): number => Number(one.channel !== 'voice');
  return interactions
    .filter(
      (one) =>
        STATES.includes(one.state) &&
        (channel === null || one.channel === channel) &&
        (queue === null || one.queue === queue),
    )
    .sort(
      (a, b) => text(a) - text(b) || STATES.indexOf(a.state) - STATES.indexOf(b.state) || since(a) - since(b),
    );
}

/** What the board says of a person's telephone; the words have the same names. */
export function phoneOf({
  softphone,
  softphoneRefuses,
}: Pick<PresenceView, 'softphone' | 'softphoneRefuses'>): 'registered' | 'refuses' | 'notRegistered' {
  if (softphone) return 'registered';
  return softphoneRefuses === true ? 'refuses' : 'notRegistered';
}

/** What a person does, with the time in it. Ringing has no time of its own: it is over in seconds. */
export interface PersonDoing {
  kind: 'onCall' | 'wrapUp' | 'ringing' | 'presence';
  since: number | null;
}

export function doingOfPerson(
  person: PresenceView,
  interactions: Readonly<Record<string, InteractionView>>,
): PersonDoing {
  if (!person.load.voice) return { kind: 'presence', since: Date.parse(person.since) };
  const call = person.work
    .flatMap((id) => interactions[id] ?? [])
    .find((one) => one.channel === 'voice' && (one.state === 'active' || one.state === 'wrapUp'));
  if (call === undefined) return { kind: 'ringing', since: null };
  if (call.state === 'wrapUp')
    return { kind: 'wrapUp', since: call.endedAt === undefined ? null : Date.parse(call.endedAt) };
  return {
    kind: 'onCall',
    since: call.connectedAt === undefined ? since(call) : Date.parse(call.connectedAt),
  };
}
