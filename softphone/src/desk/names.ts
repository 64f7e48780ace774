import type { InteractionView } from '../../../src/contracts/interaction.ts';
import type { Dictionary } from '../i18n/index.ts';
import { isWithheld } from '../../../src/shared/withheld.ts';
import { queueName, type Queue } from '../session/queues.ts';
import { phoneText } from '../ui/format.ts';

export function nameOf(t: Dictionary, one: InteractionView): string {
  return one.customer?.name ?? one.contact.name ?? addressText(t, one.contact.address);
}

/** A number as people write it, or that there is none. */
export const addressText = (t: Dictionary, address: string): string =>
  isWithheld(address) ? t.withheld : phoneText(address);

/** The state in words; who left in the menu is not somebody who was served. */
export function stateOf(t: Dictionary, one: InteractionView): string {
  return one.state === 'closed' && one.endCause === 'hungUpInFlow'
    ? t.states.hungUpInFlow
    : t.states[one.state];
}

/** Mails may come with an empty one, which is none. */
export const subjectOf = ({ subject }: Pick<InteractionView, 'subject'>): string | undefined =>
  subject?.trim() === '' ? undefined : subject;

/** The queue and the subject, of a contact that has them. */
export const aboutOf = (queues: readonly Queue[], one: Pick<InteractionView, 'queue' | 'subject'>): string =>
  [one.queue === null ? undefined : queueName(queues, one.queue), subjectOf(one)]
    .filter((part) => part !== undefined)
    .join(' · ');
