import { z } from 'zod';
import { createStore, type ReadStore } from '../ui/store.ts';

/** Choices of this person on this machine. Unknown or broken stored values fall back one by one. */
export const settingsSchema = z.object({
  language: z.enum(['pt-BR', 'en']).catch('pt-BR'),
  scheme: z.enum(['auto', 'light', 'dark']).catch('auto'),
  /** Letters as shortcuts can be turned off (WCAG 2.1.4); those with Ctrl or Alt stay. */
  letterKeys: z.boolean().catch(true),
  speaker: z.string().nullable().catch(null),
  microphone: z.string().nullable().catch(null),
  ringer: z.string().nullable().catch(null),
  /** The start page opens by itself once in each browser. */
  started: z.boolean().catch(false),
  ringVolume: z.number().min(0).max(1).catch(0.6),
});
export type Settings = z.infer<typeof settingsSchema>;

export interface SettingsStore {
  store: ReadStore<Settings>;
  change: (part: Partial<Settings>) => void;
}

const key = 'ramal.settings';

export function createSettings(storage: Storage): SettingsStore {
  const store = createStore<Settings>(read(storage));
  return {
    store,
    change: (part) => {
      const next = { ...store.get(), ...part };
      storage.setItem(key, JSON.stringify(next));
      store.set(next);
    },
  };
}

function read(storage: Storage): Settings {
  let stored: unknown = {};
  try {
    stored = JSON.parse(storage.getItem(key) ?? '{}');
  } catch {
    stored = {};
  }
  return settingsSchema.parse(typeof stored === 'object' && stored !== null ? stored : {});
}
