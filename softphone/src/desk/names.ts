import type { InteractionView } from '../../../src/contracts/interaction.ts';
import type { Dictionary } from '../i18n/index.ts';
import { phoneText } from '../ui/format.ts';

export function nameOf(one: InteractionView): string {
  return one.customer?.name ?? one.contact.name ?? phoneText(one.contact.address);
}

/** The state in words; who left in the menu is not somebody who was served. */
export function stateOf(t: Dictionary, one: InteractionView): string {
  return one.state === 'closed' && one.endCause === 'hungUpInFlow'
    ? t.states.hungUpInFlow
    : t.states[one.state];
}
