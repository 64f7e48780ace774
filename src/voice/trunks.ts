import { AppError } from '../shared/errors.ts';
import type { RegistrationStatus } from './ports.ts';

/** A trunk as call control sees it: how many simultaneous calls were bought. */
export interface TrunkLine {
  readonly id: string;
  readonly companyId: string;
  readonly name: string;
  readonly channels: number;
  readonly direction: 'inbound' | 'outbound' | 'both';
  /** Number shown on outbound calls. */
  readonly callerId?: string | undefined;
  /** The only numbers that it shows, beside `callerId`; absent: any of the company. */
  readonly callerIds?: readonly string[] | undefined;
  /** Of several the lowest is called first; 100 by default. */
  readonly order?: number | undefined;
  /** Lines that outbound calls leave free. */
  readonly reserve?: number | undefined;
  readonly prefixes?: readonly { readonly prefix: string }[] | undefined;
}

export interface TrunkStatus {
  readonly id: string;
  readonly used: number;
  readonly channels: number;
  /** null: it wants none. */
  readonly registration: RegistrationStatus | null;
}

/**
 * Channels in use per trunk. Calls with an operator reserve one more for their consultation leg; the reserve
 * holds back outbound calls first, inbound ones only when no channel is left at all (architecture.md, "Voice").
 */
export function createTrunkChannels(lines: () => readonly TrunkLine[]) {
  const used = new Map<string, number>();
  const reserved = new Map<string, number>();
  const find = (id: string): TrunkLine => {
    const line = lines().find((candidate) => candidate.id === id);
    if (line === undefined) throw new AppError('trunk.unknown', 404, 'no such trunk');
    return line;
  };
  const add = (counts: Map<string, number>, id: string, by: number) =>
    counts.set(id, Math.max(0, (counts.get(id) ?? 0) + by));
  return {
    find,
    used: (id: string): number => used.get(id) ?? 0,
    /** Takes a channel or throws `trunk.full`; the answer gives it back, once. */
    take(id: string, direction: 'inbound' | 'outbound'): () => void {
      const line = find(id);
      const reserve = direction === 'outbound' ? (reserved.get(id) ?? 0) + (line.reserve ?? 0) : 0;
      if ((used.get(id) ?? 0) + reserve >= line.channels)
        throw new AppError('trunk.full', 503, 'no free channel on the trunk');
      add(used, id, 1);
      let held = true;
      return () => {
        if (held) add(used, id, -1);
        held = false;
      };
    },
    /** A consultation leg is kept free while an operator talks. */
    reserve(id: string): () => void {
      add(reserved, id, 1);
      let held = true;
      return () => {
        if (held) add(reserved, id, -1);
        held = false;
      };
    },
    all: () =>
      lines().map((line) => ({
        id: line.id,
        name: line.name,
        used: used.get(line.id) ?? 0,
        channels: line.channels,
        companyId: line.companyId,
      })),
  };
}
export type TrunkChannels = ReturnType<typeof createTrunkChannels>;
