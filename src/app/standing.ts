import { type Place, reachOf } from '../access/index.ts';
import type { Interaction, Interactions } from '../interactions/index.ts';
import type { Logger } from '../platform/log/index.ts';
import type { Protocols } from '../protocols/index.ts';
import { createRecent } from '../shared/recent.ts';
import { createSerial } from '../shared/serial.ts';

interface Deps {
  readonly interactions: Pick<Interactions, 'onChange' | 'byProtocol'>;
  readonly protocols: Pick<Protocols, 'stand'>;
  readonly logger: Logger;
}

/** Contacts under way whose place is remembered, so that a change of anything else costs nothing. */
const MOST = 20_000;

/** Whoever is only asked sees the contact by its offer; it stands with who took it. */
const placeOf = ({ queue, agent, state }: Interaction): Place => ({
  queue,
  agentId: state.name === 'offered' ? null : (agent?.id ?? null),
});

/**
 * A protocol stands where its contacts stand, kept for the lists of operators. One protocol itself is judged by its contacts
 * as they are; a crash between the two leaves a line of the list as it was until the contact moves again.
 */
export function bindStanding({ interactions, protocols, logger }: Deps): { idle(): Promise<void> } {
  const serial = createSerial();
  const places = createRecent<string>(MOST);

  async function stand({ companyId, protocol }: Interaction): Promise<void> {
    const contacts = await interactions.byProtocol(companyId, protocol);
    await protocols.stand(companyId, protocol, reachOf(contacts.map(placeOf)));
  }

  interactions.onChange((contact) => {
    const now = reachOf([placeOf(contact)]).join(' ');
    if ((places.get(contact.id) ?? '') === now) return;
    places.set(contact.id, now);
    serial
      .run(contact.protocol, () => stand(contact))
      .catch((error: unknown) => {
        places.set(contact.id, 'unknown');
        logger.warn({ err: error, protocol: contact.protocol }, 'a protocol does not know where it stands');
      });
  });
  return { idle: () => serial.idle() };
}
