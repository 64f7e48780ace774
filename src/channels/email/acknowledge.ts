import type { Interaction } from '../../interactions/index.ts';
import { ACKNOWLEDGEMENTS_PER_HOUR, limitedDomain, senderKey } from './domain/limits.ts';
import {
  acknowledgementSubject,
  DEFAULT_ACKNOWLEDGEMENT,
  fillText,
  localDate,
  NUMBER_ACKNOWLEDGEMENT,
} from './domain/words.ts';
import type { OutboundDeps } from './posting.ts';
import type { Mailbox } from './store.ts';

/** What the acknowledgement may tell: all; the number alone, when it is older than this conversation. */
export type Knows = 'all' | 'number';

const HOUR_MS = 3_600_000;

export async function acknowledge(
  deps: OutboundDeps,
  interaction: Interaction,
  mailbox: Mailbox,
  knows: Knows,
): Promise<void> {
  if (!mailbox.acknowledge) return;
  const { companyId, id, protocol } = interaction;
  const to = interaction.contact.address;
  const limit = await exceeded(deps, interaction, mailbox);
  if (limit !== undefined) {
    await deps.interactions.record(companyId, id, {
      kind: 'acknowledgement.withheld',
      actor: { kind: 'system' },
      data: { reason: 'rate', limit },
    });
    return;
  }
  await deps.interactions.addMessage(
    companyId,
    id,
    {
      direction: 'outbound',
      author: { kind: 'automatic' },
      from: mailbox.address,
      to: [to],
      subject: acknowledgementSubject(protocol),
      text: await words(deps, interaction, mailbox, knows),
    },
    { idempotencyKey: `email:ack:${id}` },
  );
}

async function words(
  deps: OutboundDeps,
  { companyId, protocol, timestamps }: Interaction,
  mailbox: Mailbox,
  knows: Knows,
): Promise<string> {
  if (knows === 'number') return fillText(NUMBER_ACKNOWLEDGEMENT, protocol, '');
  // A later mail joins a number that is older than itself: the text says since when the number is open.
  const openedAt = (await deps.protocolFacts(companyId, protocol))?.openedAt;
  const date = localDate(openedAt ?? timestamps.arrivedAt, deps.timeZone(companyId));
  return fillText(mailbox.acknowledgeText ?? DEFAULT_ACKNOWLEDGEMENT, protocol, date);
}

/** The first limit that is reached. A loop that changes its address, or its plus tag, meets the next one. */
async function exceeded(
  { store, clock }: OutboundDeps,
  { companyId, contact }: Interaction,
  mailbox: Mailbox,
): Promise<keyof typeof ACKNOWLEDGEMENTS_PER_HOUR | undefined> {
  const recent = {
    companyId,
    kind: 'acknowledgement',
    at: { $gte: new Date(clock.now() - HOUR_MS) },
  };
  const domain = limitedDomain(contact.address);
  const { sender, domain: ofDomain, mailbox: ofMailbox } = ACKNOWLEDGEMENTS_PER_HOUR;
  if ((await store.countOutbox({ ...recent, toKey: senderKey(contact.address) })) >= sender) return 'sender';
  if (domain !== null && (await store.countOutbox({ ...recent, toDomain: domain })) >= ofDomain)
    return 'domain';
  return (await store.countOutbox({ ...recent, mailbox: mailbox.id })) >= ofMailbox ? 'mailbox' : undefined;
}
