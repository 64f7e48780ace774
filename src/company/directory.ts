import type { Secrets } from '../access/index.ts';
import type { Clock, Timer } from '../shared/clock.ts';
import { AppError } from '../shared/errors.ts';
import type { CompanyId } from '../shared/ids.ts';
import { type HolidayLookup, isOpen, nextOpening } from './domain/calendar.ts';
import { matchDid } from './domain/did.ts';
import { brazilHolidays } from './holidays.ts';
import type { CompanyStore } from './store.ts';
import type { Calendar, Company, Did, OpenTrunk, Trunk } from './types.ts';

/** Settings in memory, for the paths that must not wait: INVITEs, prompts, boards. */
export interface Directory {
  /** The active DID that was called, as a trunk sent the number; only this company's when one is given. */
  did(called: string, companyId?: CompanyId): Did | undefined;
  /** The active DIDs of a company. */
  dids(companyId: string): readonly Did[];
  /** Active trunks of all companies, passwords opened. */
  trunks(): readonly OpenTrunk[];
  company(id: string): Company | undefined;
  companies(): readonly Company[];
  calendar(companyId: string, key: string): Calendar | undefined;
  /** Open now? An unknown or inactive calendar is open: a forgotten setting must not lose calls. */
  isOpen(companyId: string, calendarKey: string): boolean;
  /** Next opening, ms since the epoch. */
  nextOpening(companyId: string, calendarKey: string): number | undefined;
  /** After trunks, DIDs, calendars or companies changed, here or (within 30 s) on another copy. */
  onChange(handler: () => void): void;
  reload(): Promise<void>;
  stop(): void;
}

interface Loaded {
  readonly companies: ReadonlyMap<string, Company>;
  readonly dids: readonly Did[];
  readonly trunks: readonly OpenTrunk[];
  readonly calendars: ReadonlyMap<string, Calendar>;
  /** Everything as text, to see whether a reload brought anything new. */
  readonly print: string;
}

const RELOAD_MS = 30_000;
const EMPTY: Loaded = { companies: new Map(), dids: [], trunks: [], calendars: new Map(), print: '' };

export interface DirectoryDeps {
  readonly store: CompanyStore;
  readonly clock: Clock;
  readonly secrets: Secrets;
  /** A reload that failed, or a trunk whose password does not open. */
  readonly onFault: (error: unknown) => void;
}

/** Loads once before it resolves. */
export async function createDirectory(deps: DirectoryDeps): Promise<Directory> {
  let loaded: Loaded = EMPTY;
  let timer: Timer;
  const handlers: (() => void)[] = [];
  const reload = async (): Promise<void> => {
    const next = await load(deps);
    const changed = next.print !== loaded.print;
    loaded = next;
    if (changed) for (const handler of handlers) handler();
  };
  const plan = (): Timer =>
    deps.clock.after(RELOAD_MS, () => {
      timer = plan();
      reload().catch(deps.onFault);
    });
  await reload();
  timer = plan();
  const holidays = holidaysByState();
  const open = (id: string, key: string) => {
    const calendar = loaded.calendars.get(`${id} ${key}`);
    const company = loaded.companies.get(id);
    return calendar === undefined || company === undefined ? undefined : { calendar, company };
  };
  return {
    did: (called, companyId) =>
      matchDid(
        companyId === undefined ? loaded.dids : loaded.dids.filter((d) => d.companyId === companyId),
        called,
      ),
    dids: (companyId) => loaded.dids.filter((did) => did.companyId === companyId),
    trunks: () => loaded.trunks,
    company: (id) => loaded.companies.get(id),
    companies: () => [...loaded.companies.values()],
    calendar: (companyId, key) => loaded.calendars.get(`${companyId} ${key}`),
    isOpen: (id, key) => {
      const found = open(id, key);
      if (found === undefined) return true;
      return isOpen(found.calendar, deps.clock.now(), found.company.timeZone, holidays(found.company.state));
    },
    nextOpening: (id, key) => {
      const found = open(id, key);
      if (found === undefined) return undefined;
      const { calendar, company } = found;
      return nextOpening(calendar, deps.clock.now(), company.timeZone, holidays(company.state));
    },
    onChange: (handler) => void handlers.push(handler),
    reload,
    stop: () => timer.cancel(),
  };
}

/** Holiday tables cost milliseconds a year: one per state is kept. */
function holidaysByState(): (state: string | undefined) => HolidayLookup {
  const tables = new Map<string, HolidayLookup>();
  return (state) => {
    const table = tables.get(state ?? '') ?? brazilHolidays(state);
    tables.set(state ?? '', table);
    return table;
  };
}

async function load(deps: DirectoryDeps): Promise<Loaded> {
  const { store } = deps;
  const [companies, dids, trunks, calendars] = await Promise.all([
    store.companies.all(),
    store.dids.all(),
    store.trunks.all(),
    store.calendars.all(),
  ]);
  return {
    companies: new Map(companies.map((company) => [company._id, company])),
    dids: dids.filter((did) => did.active),
    trunks: trunks.filter((trunk) => trunk.active).flatMap((trunk) => opened(trunk, deps)),
    calendars: new Map(calendars.filter((c) => c.active).map((c) => [`${c.companyId} ${c.key}`, c])),
    print: JSON.stringify([companies, dids, trunks, calendars]),
  };
}

/** A trunk whose password cannot be opened is left out, the others work on. */
function opened(trunk: Trunk, deps: DirectoryDeps): OpenTrunk[] {
  try {
    return [openTrunk(trunk, deps.secrets)];
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    deps.onFault(error);
    return [];
  }
}

export const trunkSeal = (trunkId: string): string => `trunk:${trunkId}`;
export const registrationSeal = (trunkId: string): string => `trunk:${trunkId}:registration`;

function openRegistration(
  trunkId: string,
  { sealedPassword, ...plain }: NonNullable<Trunk['registration']>,
  secrets: Secrets,
): NonNullable<OpenTrunk['registration']> {
  return { ...plain, password: secrets.open(sealedPassword, registrationSeal(trunkId)) };
}

/** Whether today's SECRET_KEY opens what the trunk keeps sealed. */
export function passwordOpens(trunk: Trunk, secrets: Secrets): boolean {
  try {
    openTrunk(trunk, secrets);
    return true;
  } catch {
    return false;
  }
}

function openTrunk(trunk: Trunk, secrets: Secrets): OpenTrunk {
  const { _id, companyId, name, channels, direction, peers, trustsAssertedIdentity } = trunk;
  return {
    id: _id,
    companyId,
    name,
    channels,
    direction,
    peers,
    trustsAssertedIdentity,
    ...(trunk.digest === undefined
      ? {}
      : {
          digest: {
            username: trunk.digest.username,
            password: secrets.open(trunk.digest.sealedPassword, trunkSeal(_id)),
          },
        }),
    ...(trunk.registration === undefined
      ? {}
      : { registration: openRegistration(_id, trunk.registration, secrets) }),
    ...(trunk.proxy === undefined ? {} : { proxy: trunk.proxy }),
    ...(trunk.prefixes === undefined ? {} : { prefixes: trunk.prefixes }),
    ...(trunk.userPhone === undefined ? {} : { userPhone: trunk.userPhone }),
    ...(trunk.outboundUri === undefined ? {} : { outboundUri: trunk.outboundUri }),
    ...(trunk.callerId === undefined ? {} : { callerId: trunk.callerId }),
    ...(trunk.callerIds === undefined ? {} : { callerIds: trunk.callerIds }),
    ...(trunk.order === undefined ? {} : { order: trunk.order }),
    ...(trunk.reserve === undefined ? {} : { reserve: trunk.reserve }),
    ...(trunk.transports === undefined ? {} : { transports: trunk.transports }),
  };
}
