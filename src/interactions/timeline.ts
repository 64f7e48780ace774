import type { TimelineEntry } from '../contracts/interaction.ts';
import type { CompanyId, ProtocolNumber } from '../shared/ids.ts';
import type { Interaction } from './domain/types.ts';
import type { Interactions } from './interactions.ts';
import type { InteractionStore, JournalEntry } from './store.ts';
import { messageView } from './view.ts';

type Door = Pick<Interactions, 'timeline' | 'protocolTimeline'>;

/** One story per protocol, so that nobody asks for it twice (decree 11.034/2022 art. 12). */
export function createTimeline(store: InteractionStore): Door {
  const ofContacts = async (
    companyId: CompanyId,
    contacts: readonly Interaction[],
  ): Promise<readonly TimelineEntry[]> => {
    const interactionIds = contacts.map((contact) => contact.id);
    const [journal, messages] = await Promise.all([
      store.journal(companyId, interactionIds),
      store.messages(companyId, { interactionIds }),
    ]);
    const channels = new Map(contacts.map((contact) => [contact.id, contact.channel]));
    const lines = journal
      // A message stands in the timeline itself; that it came or went would say it twice.
      .filter((entry) => !MESSAGE_KINDS.has(entry.kind))
      .map((entry) => lineView(entry, channels.get(entry.interactionId)));
    const texts = messages.map((message) => ({
      id: message.id,
      at: message.at.toISOString(),
      kind: 'message',
      actor: { kind: message.author.kind === 'automatic' ? 'system' : message.author.kind } as const,
      data: { interactionId: message.interactionId, channel: message.channel },
      message: messageView(message),
    }));
    return [...lines, ...texts].sort(byTime);
  };
  const ofProtocol = async (
    companyId: CompanyId,
    protocol: ProtocolNumber,
  ): Promise<readonly TimelineEntry[]> => ofContacts(companyId, await store.byProtocol(companyId, protocol));
  return {
    async timeline(companyId, id) {
      const stored = await store.load(companyId, id);
      if (stored === null) return [];
      const story = await ofProtocol(companyId, stored.interaction.protocol);
      const own = story.filter((entry) => entry.data['interactionId'] === id);
      // Somebody named another one's number: until an operator says that it is theirs, that story is not told in this contact.
      const stranger = own.some(({ kind }) => kind === 'sender.mismatch');
      return stranger && stored.interaction.identity !== 'confirmed' ? own : story;
    },
    protocolTimeline: ofProtocol,
  };
}

const MESSAGE_KINDS = new Set(['replied', 'customerReplied', 'replyFailed', 'messageQueued']);

const byTime = (a: TimelineEntry, b: TimelineEntry): number =>
  a.at < b.at ? -1 : a.at > b.at ? 1 : a.id < b.id ? -1 : 1;

function lineView(entry: JournalEntry, channel: string | undefined): TimelineEntry {
  return {
    id: entry.id,
    at: entry.at.toISOString(),
    kind: entry.kind,
    actor: entry.actor,
    data: {
      ...entry.data,
      interactionId: entry.interactionId,
      ...(channel === undefined ? {} : { channel }),
    },
  };
}
