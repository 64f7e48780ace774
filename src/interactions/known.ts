import type { CompanyId, InteractionId } from '../shared/ids.ts';
import { isEnd } from './domain/change.ts';
import type { Interaction } from './domain/types.ts';
import type { OutboxEntry } from './store.ts';

/** A contact as this process committed it, with all that its outbox held then. */
export interface KnownContact {
  readonly interaction: Interaction;
  readonly outbox: readonly OutboxEntry[];
}

/**
 * The contacts under way that this process changed last: their next change needs no read. Another process may have changed
 * one since; the compare-and-set finds that out, so what is known here may only lead to a write, never to a refusal.
 * The outbox kept here is never less than what the store holds at that version: settling would lose the difference.
 */
export interface Known {
  get(companyId: CompanyId, id: InteractionId): KnownContact | undefined;
  put(interaction: Interaction, outbox: readonly OutboxEntry[]): void;
  /** The relay carried entries out; this is left. */
  settled(id: InteractionId, version: number, outbox: readonly OutboxEntry[]): void;
}

/** Far more than a company has under way; the oldest go first. About 2 KiB each. */
const MOST = 20_000;

export function createKnown(most = MOST): Known {
  const contacts = new Map<InteractionId, KnownContact>();
  return {
    get(companyId, id) {
      const known = contacts.get(id);
      return known?.interaction.companyId === companyId ? known : undefined;
    },
    put(interaction, outbox) {
      if (isEnd(interaction.state)) {
        contacts.delete(interaction.id);
        return;
      }
      contacts.set(interaction.id, { interaction, outbox });
      if (contacts.size <= most) return;
      for (const oldest of contacts.keys()) {
        contacts.delete(oldest);
        break;
      }
    },
    settled(id, version, outbox) {
      const known = contacts.get(id);
      if (known?.interaction.version === version) contacts.set(id, { ...known, outbox });
    },
  };
}
