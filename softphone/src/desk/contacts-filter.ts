import { query } from '../session/api.ts';

/** What the list of contacts can be narrowed by, as it stands in the address of the page. */
export const filterNames = ['day', 'agent', 'queue', 'disposition', 'channel', 'state', 'direction'] as const;
export type FilterName = (typeof filterNames)[number];
export type ContactsFilter = Readonly<Partial<Record<FilterName, string>>>;

export function filterIn(search: string): ContactsFilter {
  const values = new URLSearchParams(search);
  return Object.fromEntries(
    filterNames.flatMap((name) => {
      const value = values.get(name);
      return value === null || value === '' ? [] : [[name, value]];
    }),
  );
}

export const pathOf = (filter: ContactsFilter): string => `/contatos${query(filter)}`;

/** The query of the API: a day is the time between two midnights of this browser. */
export function apiQuery({ day, ...rest }: ContactsFilter, cursor: string | null): string {
  return query({ ...rest, ...spanOf(day), limit: 50, cursor });
}

function spanOf(day: string | undefined): { from?: string; to?: string } {
  if (day === undefined || !/^\d{4}-\d{2}-\d{2}$/.test(day)) return {};
  const from = new Date(`${day}T00:00:00`);
  if (Number.isNaN(from.getTime())) return {};
  const to = new Date(from);
  to.setDate(to.getDate() + 1);
  return { from: from.toISOString(), to: to.toISOString() };
}
