import type { Board } from '../../../src/contracts/realtime.ts';
import type { Dictionary } from '../i18n/index.ts';

/** What an engine says of itself, in the reader's language. Its own English is for the log: never shown. */
export const engineText = (t: Dictionary, { facts = [] }: Pick<Board['engines'][number], 'facts'>): string =>
  facts
    .map(({ says, values = {} }) =>
      t.engines.says[says].replace(/\{(\w+)\}/g, (_all, name: string) => String(values[name] ?? '—')),
    )
    .join('; ');
