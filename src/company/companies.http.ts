import { z } from 'zod';
import type { Access } from '../access/index.ts';
import { isoTime, page, problem, wholeQuery } from '../contracts/common.ts';
import { fault } from '../contracts/field-words.ts';
import { does, unaudited, type Principal, type Route, route } from '../platform/http/index.ts';
import { AppError } from '../shared/errors.ts';
import type { CompanyRoom } from './company.ts';
import { companyFields, words } from './fields.ts';
import type { Company } from './types.ts';

export interface CompaniesRouteDeps {
  readonly company: Pick<CompanyRoom, 'directory' | 'create' | 'discard'>;
  readonly access: Pick<Access, 'isInstaller' | 'users' | 'audit'>;
}

const view = companyFields.extend({ id: z.string(), key: z.string(), createdAt: isoTime });

const viewOf = ({ _id, createdAt, ...company }: Company): z.infer<typeof view> => ({
  ...company,
  id: _id,
  createdAt: createdAt.toISOString(),
});

const wish = z.strictObject({
  /** Short name for people and files, e.g. exemplo. */
  key: z.string().regex(/^[a-z0-9][a-z0-9-]{0,39}$/, fault('key')),
  name: words,
  timeZone: companyFields.shape.timeZone.default('America/Sao_Paulo'),
  regime: companyFields.shape.regime.default('ppp'),
  locale: companyFields.shape.locale.default('pt-BR'),
  state: companyFields.shape.state,
  /** The first administrator of the new company; sets up the rest. */
  admin: z.strictObject({
    username: z
      .string()
      .trim()
      .min(2)
      .max(40)
      .regex(/^[A-Za-z0-9][A-Za-z0-9._-]*$/, fault('username')),
    name: words,
    password: z.string().min(1).max(512),
  }),
});

/** The companies of the server, for those who installed it: the administrators of the first one (ADR 0022). */
export function companiesRoutes(deps: CompaniesRouteDeps): readonly Route[] {
  const path = '/api/v1/admin/companies';
  const common = { tag: 'admin', auth: 'session', roles: ['admin'], path } as const;
  return [
    route({
      ...common,
      method: 'get',
      scope: 'companies:read',
      summary: 'Companies of this server, newest first; for administrators of the first one.',
      query: wholeQuery,
      responses: { 200: page(view), 403: problem },
      audit: unaudited('settings'),
      handle: ({ principal }) => {
        assertInstaller(deps, principal);
        const items = [...deps.company.directory.companies()].reverse().map(viewOf);
        return { status: 200, body: { items, nextCursor: null } };
      },
    }),
    route({
      ...common,
      method: 'post',
      scope: 'companies:write',
      summary: 'A new company with its first administrator, who sets up the rest.',
      maxBodyBytes: 8192,
      body: wish,
      responses: { 201: view, 403: problem, 409: problem, 422: problem },
      audit: does('company.create', 'company'),
      handle: async ({ principal, body }) => {
        assertInstaller(deps, principal);
        const { made, administrator } = await found(deps, body);
        const data = { key: made.key, administrator };
        return { status: 201, body: viewOf(made), audit: { target: made._id, data } };
      },
    }),
  ];
}

function assertInstaller({ access }: CompaniesRouteDeps, principal: Principal): void {
  if (access.isInstaller(principal)) return;
  throw new AppError('auth.forbidden', 403, 'Only an administrator of the first company may do this.');
}

/** A refusal of the person names the field of this form that the person's own stands in. */
function ofAdministrator(error: unknown): unknown {
  if (!(error instanceof AppError) || !Array.isArray(error.details['fields'])) return error;
  const fields = error.details['fields'].map((name) => `admin.${String(name)}`);
  return new AppError(error.code, error.status, error.message, { ...error.details, fields });
}

/** Both or none: a company without an administrator could be entered by nobody. */
async function found(
  { company, access: { users, audit } }: CompaniesRouteDeps,
  { admin, state, ...fields }: z.output<typeof wish>,
): Promise<{ readonly made: Company; readonly administrator: string }> {
  const made = await company.create({ ...fields, ...(state === undefined ? {} : { state }) });
  const user = await users
    .create({ ...admin, companyId: made._id, role: 'admin', queues: [] })
    .catch(async (error: unknown) => {
      await company.discard(made._id);
      throw ofAdministrator(error);
    });
  // The new company's own trail begins with who let its administrator in; names of another company are none of its business.
  await audit.record(
    { system: 'installer', companyId: made._id },
    { action: 'user.create', target: { kind: 'user', id: user._id }, data: { role: 'admin' } },
  );
  return { made, administrator: user._id };
}
