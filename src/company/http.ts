import { z } from 'zod';
import { clearable, line, page, pageQuery, problem } from '../contracts/common.ts';
import { fault } from '../contracts/field-words.ts';
import { does, unaudited, type Route, route } from '../platform/http/index.ts';
import { AppError } from '../shared/errors.ts';
import type { CompanyId } from '../shared/ids.ts';
import type { CompanyRoom, Settings } from './company.ts';
import { hoursFault, WEEKDAYS } from './domain/calendar.ts';
import { companyFields, words } from './fields.ts';
import {
  assertReserve,
  assertSpoken,
  calledNumber,
  isKnownSomehow,
  secretsView,
  trunkFields,
  trunkPatch,
  trunkViewFields,
} from './trunk-fields.ts';
import type { Calendar, Company, Did, Trunk } from './types.ts';

export interface CompanyRouteDeps {
  readonly company: CompanyRoom;
  /** Is there such a flow file? Default: any name will do. */
  readonly flowExists?: (file: string) => boolean;
  /** Queues that the flow names and the company does not have in use. Default: none. */
  readonly missingQueues?: (companyId: CompanyId, flow: string) => readonly string[];
}

const admins = { tag: 'admin', auth: 'session', roles: ['admin'] } as const;
const key = z.string().regex(/^[a-z0-9][a-z0-9-]{0,39}$/, fault('key'));
const base = { id: z.string(), active: z.boolean() };

const didFields = z.object({
  number: calledNumber,
  flow: z
    .string()
    .min(1, { error: fault('chooseOne'), abort: true })
    .regex(/^[\w-]{1,60}\.ya?ml$/, { error: fault('flowFile'), abort: true }),
  description: line(120, 0).default(''),
});

const time = z.string().regex(/^([01]\d|2[0-4]):[0-5]\d$/, fault('time'));
const hours = z
  .array(z.object({ from: time, to: time }))
  .max(10)
  .refine((list) => hoursFault(list) === undefined, fault('hours'));
const weekly = z.object(
  Object.fromEntries(WEEKDAYS.map((day) => [day, hours])) as Record<(typeof WEEKDAYS)[number], typeof hours>,
);
const calendarFields = z.object({
  key,
  name: words,
  weekly,
  specialDays: z
    .array(z.object({ date: z.iso.date(), name: words, hours }))
    .max(400)
    .default([]),
  closedOnHolidays: z.boolean().default(true),
});

const views = {
  did: didFields.extend({ ...base, number: z.string() }),
  trunk: trunkViewFields.extend(base),
  calendar: calendarFields.extend(base),
};

function plain(record: { readonly _id: string }): Record<string, unknown> {
  const { _id, ...rest } = record;
  const {
    companyId: _company,
    createdAt: _created,
    ...fields
  } = rest as { companyId?: unknown; createdAt?: unknown };
  return { id: _id, ...fields };
}

/** Sealed passwords stay where they are. */
const trunkView = (trunk: Trunk): Record<string, unknown> => ({ ...plain(trunk), ...secretsView(trunk) });

/** DIDs, trunks, calendars and the company itself, for administrators. */
export function companyRoutes(deps: CompanyRouteDeps): readonly Route[] {
  const { company } = deps;
  const flow = didFields.shape.flow.refine((file) => deps.flowExists?.(file) ?? true, fault('noFlow'));
  return [
    ...settingRoutes<Did>('did', {
      settings: company.dids,
      view: plain,
      schema: views.did,
      check: (companyId, next) => assertQueues(deps, companyId, next),
      create: didFields.extend({ flow }),
      patch: withoutDefaults(didFields)
        .omit({ number: true })
        .extend({
          flow: flow.optional(),
          description: didFields.shape.description
            .unwrap()
            .nullable()
            .transform((text) => text ?? '')
            .optional(),
        }),
    }),
    ...settingRoutes<Trunk>('trunk', {
      settings: company.trunks,
      view: trunkView,
      schema: views.trunk,
      check: (_companyId, next) => {
        assertSpoken(next);
        assertReserve(next);
      },
      create: trunkFields.refine(isKnownSomehow, {
        error: fault('trunkUnknown'),
        path: ['peers'],
      }),
      patch: withoutDefaults(trunkFields).extend(trunkPatch),
    }),
    ...settingRoutes<Calendar>('calendar', {
      settings: company.calendars,
      view: plain,
      schema: views.calendar,
      create: calendarFields,
      patch: withoutDefaults(calendarFields).omit({ key: true }),
    }),
    ...ownCompanyRoutes(deps),
  ];
}

/** A number must not lead callers to where nobody can ever answer. One that is out of use may. */
function assertQueues(
  { missingQueues }: CompanyRouteDeps,
  companyId: CompanyId,
  did: Partial<Pick<Did, 'flow' | 'active'>>,
): void {
  if (did.flow === undefined || did.active === false) return;
  const missing = missingQueues?.(companyId, did.flow) ?? [];
  if (missing.length === 0) return;
  throw new AppError(
    'did.queueUnknown',
    422,
    `The flow ${did.flow} leads to queues that do not exist or are inactive: ${missing.join(', ')}.`,
    { queues: missing, fields: ['flow'] },
  );
}

/** A patch must not reset what it does not name: `.default()` would. */
function withoutDefaults<S extends z.ZodRawShape>(schema: z.ZodObject<S>) {
  const shape = Object.fromEntries(
    Object.entries(schema.shape).map(([name, field]) => [
      name,
      (field instanceof z.ZodDefault ? (field.unwrap() as z.ZodType) : (field as z.ZodType)).optional(),
    ]),
  );
  return z.object(shape);
}

interface SettingRoutes<T> {
  readonly settings: Settings<T> | Settings<T, never, never>;
  readonly view: (record: T) => Record<string, unknown>;
  readonly schema: z.ZodType;
  readonly create: z.ZodType;
  readonly patch: z.ZodObject;
  /** What the schemas cannot see: the record as it would become. */
  readonly check?: (companyId: CompanyId, next: Partial<T>) => void;
}

function settingRoutes<T extends { readonly _id: string }>(
  kind: 'did' | 'trunk' | 'calendar',
  room: SettingRoutes<T>,
): readonly Route[] {
  const path = `/api/v1/admin/${kind}s`;
  const patch = room.patch.extend({ active: z.boolean().optional() }).strict();
  // The schemas above are those of the wishes and patches: what they let through is one.
  const settings = room.settings as Settings<T, unknown, unknown>;
  return [
    route({
      ...admins,
      method: 'get',
      path,
      scope: `${kind}s:read`,
      summary: `Every ${kind} of the company, newest first.`,
      query: pageQuery,
      responses: { 200: page(room.schema) },
      audit: unaudited('settings'),
      handle: async ({ principal, query }) => {
        const rows = await settings.list(principal.companyId, {
          limit: query.limit + 1,
          before: query.cursor,
        });
        const items = rows.slice(0, query.limit);
        const nextCursor = rows.length > query.limit ? (items.at(-1)?._id ?? null) : null;
        return { status: 200, body: { items: items.map(room.view), nextCursor } };
      },
    }),
    route({
      ...admins,
      method: 'post',
      path,
      scope: `${kind}s:write`,
      summary: `Add a ${kind}.`,
      body: room.create,
      responses: { 201: room.schema, 409: problem, 422: problem },
      audit: does(`${kind}.create`, kind),
      handle: async ({ principal, body }) => {
        // What its schema let through is a wish, that is a record without its stamp.
        room.check?.(principal.companyId, body as Partial<T>);
        const record = await settings.create(principal.companyId, body);
        return { status: 201, body: room.view(record), audit: { target: record._id } };
      },
    }),
    route({
      ...admins,
      method: 'patch',
      path: `${path}/{id}`,
      scope: `${kind}s:write`,
      summary: `Change a ${kind}; active false takes it out of use.`,
      params: z.object({ id: z.string().min(1).max(64) }),
      body: patch,
      responses: { 200: room.schema, 404: problem, 409: problem, 422: problem },
      audit: does(`${kind}.update`, kind),
      handle: async ({ principal, params, body }) => {
        const given = Object.fromEntries(Object.entries(body).filter(([, value]) => value !== undefined));
        if (room.check !== undefined) {
          const before = await settings.get(principal.companyId, params.id);
          if (before !== null) room.check(principal.companyId, { ...before, ...(given as Partial<T>) });
        }
        const record = await settings.update(principal.companyId, params.id, given);
        const data = { fields: Object.keys(given) };
        return { status: 200, body: room.view(record), audit: { data } };
      },
    }),
  ];
}

const companyView = companyFields.extend({
  id: z.string(),
  key: z.string(),
  name: z.string(),
  timeZone: z.string(),
});

function ownCompanyRoutes({ company }: CompanyRouteDeps): readonly Route[] {
  const path = '/api/v1/admin/company';
  return [
    route({
      ...admins,
      method: 'get',
      path,
      summary: 'The company and its regime.',
      responses: { 200: companyView, 404: problem },
      audit: unaudited('settings'),
      handle: ({ principal }) => {
        const own: Company | undefined = company.directory.company(principal.companyId);
        return own === undefined ? { status: 404 } : { status: 200, body: plain(own) };
      },
    }),
    route({
      ...admins,
      method: 'patch',
      path,
      summary: 'Change the company.',
      body: z.strictObject({
        name: words.optional(),
        timeZone: companyFields.shape.timeZone.optional(),
        regime: companyView.shape.regime.optional(),
        locale: companyView.shape.locale.optional(),
        state: clearable(companyFields.shape.state.unwrap()),
        dialing: companyFields.shape.dialing,
      }),
      responses: { 200: companyView, 404: problem },
      audit: does('company.update', 'company'),
      handle: async ({ principal, body }) => {
        const given = Object.fromEntries(Object.entries(body).filter(([, value]) => value !== undefined));
        const own = await company.update(principal.companyId, given);
        return { status: 200, body: plain(own), audit: { target: own._id, data: given } };
      },
    }),
  ];
}
