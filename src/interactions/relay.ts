import type { Clock, Timer } from '../shared/clock.ts';
import type { CompanyId, InteractionId } from '../shared/ids.ts';
import { createSerial } from '../shared/serial.ts';
import type { Logger } from '../platform/log/index.ts';
import type { EffectKind, EffectOf } from './domain/events.ts';
import type { Interaction } from './domain/types.ts';
import type { Known, KnownContact } from './known.ts';
import type { InteractionStore, JournalEntry, OutboxEntry } from './store.ts';

/** `key` is unique on (interaction, version, index): the same effect run again has the same key. */
export type EffectHandler<K extends EffectKind> = (
  effect: EffectOf<K>,
  interaction: Interaction,
  key: string,
) => Promise<void>;

export interface Relay {
  onEffect<K extends EffectKind>(kind: K, handler: EffectHandler<K>): void;
  /** Carries out what the outbox of this contact holds; one run per contact at a time. */
  kick(companyId: CompanyId, id: InteractionId): void;
  /** A just committed change with all that its outbox holds: its effects run without a read. */
  carry(contact: KnownContact): void;
  /** After a start: everything that an earlier process left. */
  recover(): Promise<number>;
  idle(): Promise<void>;
  stop(): void;
}

interface Deps {
  readonly store: InteractionStore;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly known: Known;
}

/** What this process knows of one contact's outbox while it works on it: nothing is run twice by two quick transitions. */
interface Progress {
  users: number;
  /** The version whose outbox was settled last. */
  settled: number;
  /** By version: what is left of the entry, undefined when it is done. */
  readonly results: Map<number, OutboxEntry | undefined>;
}

/** An effect that failed is tried again after this, doubling up to a minute. */
const RETRY_MS = 1_000;
const RETRY_MAX_MS = 60_000;

/**
 * The relay between what was decided (the outbox inside the aggregate) and the world (journal and effects). At least once:
 * an entry leaves the outbox after its line is in the journal and its effects have run. ADR 0005.
 */
export function createRelay({ store, clock, logger, known }: Deps): Relay {
  const handlers = new Map<EffectKind, EffectHandler<EffectKind>[]>();
  const serial = createSerial();
  const retries = new Map<string, { readonly timer: Timer; readonly delayMs: number }>();
  const inHand = new Map<string, Progress>();
  let stopped = false;

  const runEntry = createRunner(store, handlers, logger);

  /** `first.outbox` is all that was in the outbox at that version; it only grows together with the version. */
  const drain = async (first: KnownContact, progress: Progress): Promise<void> => {
    let stored: KnownContact | null = first;
    while (stored !== null && !stopped && stored.interaction.version > progress.settled) {
      const { interaction, outbox } = stored;
      for (const entry of outbox)
        if (!progress.results.has(entry.version))
          progress.results.set(entry.version, await runEntry(interaction, entry));
      const rest = outbox.flatMap((entry) => progress.results.get(entry.version) ?? []);
      if (await store.settle(interaction.id, interaction.version, rest)) {
        progress.settled = interaction.version;
        known.settled(interaction.id, interaction.version, rest);
        if (rest.length > 0) retryLater(interaction);
        else clearRetry(interaction.id);
        return;
      }
      stored = await store.load(interaction.companyId, interaction.id);
    }
  };

  const retryLater = ({ companyId, id }: Pick<Interaction, 'companyId' | 'id'>): void => {
    const delayMs = Math.min((retries.get(id)?.delayMs ?? RETRY_MS / 2) * 2, RETRY_MAX_MS);
    retries.get(id)?.timer.cancel();
    if (!stopped) retries.set(id, { delayMs, timer: clock.after(delayMs, () => kick(companyId, id)) });
  };
  const clearRetry = (id: string): void => {
    retries.get(id)?.timer.cancel();
    retries.delete(id);
  };

  const launch = (
    companyId: CompanyId,
    id: InteractionId,
    work: (progress: Progress) => Promise<void>,
  ): void => {
    if (stopped) return;
    const progress = inHand.get(id) ?? { users: 0, settled: 0, results: new Map() };
    inHand.set(id, progress);
    progress.users++;
    void serial
      .run(id, () => work(progress))
      .catch((error: unknown) => {
        logger.error({ err: error, interactionId: id }, 'outbox not carried out');
        retryLater({ companyId, id });
      })
      .finally(() => {
        progress.users--;
        if (progress.users === 0) inHand.delete(id);
      });
  };

  const kick = (companyId: CompanyId, id: InteractionId): void =>
    launch(companyId, id, async (progress) => {
      const stored = await store.load(companyId, id);
      if (stored === null || stored.outbox.length === 0) return;
      // What failed before is tried again; what is done stays done.
      for (const [version, left] of progress.results)
        if (left !== undefined) progress.results.delete(version);
      progress.settled = Math.min(progress.settled, stored.interaction.version - 1);
      await drain(stored, progress);
    });

  return {
    onEffect(kind, handler) {
      const list = handlers.get(kind) ?? [];
      // Handlers are kept by kind: one of kind K only ever sees effects of kind K.
      handlers.set(kind, [...list, handler as unknown as EffectHandler<EffectKind>]);
    },
    kick,
    carry: (stored) =>
      launch(stored.interaction.companyId, stored.interaction.id, (progress) => drain(stored, progress)),
    async recover() {
      const left = await store.unsettled();
      for (const { companyId, id } of left) kick(companyId, id);
      return left.length;
    },
    idle: () => serial.idle(),
    stop() {
      stopped = true;
      for (const { timer } of retries.values()) timer.cancel();
      retries.clear();
    },
  };
}

function lineOf(interaction: Interaction, entry: OutboxEntry): JournalEntry {
  return {
    id: `${interaction.id}:${String(entry.version).padStart(8, '0')}`,
    companyId: interaction.companyId,
    interactionId: interaction.id,
    protocol: interaction.protocol,
    at: entry.at,
    ...entry.line,
  };
}

/** Carries out one entry: its line into the journal, its effects to their handlers. */
function createRunner(
  store: InteractionStore,
  handlers: ReadonlyMap<EffectKind, readonly EffectHandler<EffectKind>[]>,
  logger: Logger,
): (interaction: Interaction, entry: OutboxEntry) => Promise<OutboxEntry | undefined> {
  const runEffect = async (
    interaction: Interaction,
    version: number,
    { index, effect }: OutboxEntry['effects'][number],
  ): Promise<boolean> => {
    const key = `${interaction.id}:${version}:${index}`;
    try {
      for (const handler of handlers.get(effect.kind) ?? []) await handler(effect, interaction, key);
      return true;
    } catch (error) {
      logger.warn({ err: error, effect: effect.kind, interactionId: interaction.id }, 'effect failed');
      return false;
    }
  };

  /** The entry that is left, or undefined when all of it is done. */
  return async (interaction: Interaction, entry: OutboxEntry): Promise<OutboxEntry | undefined> => {
    const journaling =
      entry.journaled === true ? undefined : store.insertJournal([lineOf(interaction, entry)]);
    // Awaited below; a rejection meanwhile must not count as unhandled.
    journaling?.catch(() => undefined);
    const left: OutboxEntry['effects'][number][] = [];
    for (const item of entry.effects)
      if (!(await runEffect(interaction, entry.version, item))) left.push(item);
    await journaling;
    return left.length === 0 ? undefined : { ...entry, effects: left, journaled: true };
  };
}
