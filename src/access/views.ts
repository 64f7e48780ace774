import { z } from 'zod';
import { auditKinds } from '../contracts/audit.ts';
import { isoTime, nameLine, role } from '../contracts/common.ts';
import { fault } from '../contracts/field-words.ts';
import type { ApiKeyRecord, AuditRecord, User } from './types.ts';

export const language = z.enum(['pt-BR', 'en']);
/** Also the SIP user name: letters and digits of RFC 3261's user part that every phone can type. */
export const usernameField = z
  .string()
  .trim()
  .min(2)
  .max(40)
  .regex(/^[A-Za-z0-9][A-Za-z0-9._-]*$/, fault('username'));
/** No control characters: names are shown in desks, mails and SIP headers. */
export const nameField = nameLine(120);
export const queueKeys = z.array(z.string().regex(/^[a-z0-9][a-z0-9-]{0,39}$/, fault('key'))).max(200);
/** A skill once per person; flows ask for it by this name. */
export const skillList = z
  .array(z.object({ name: nameLine(64).toLowerCase(), level: z.number().int().min(1).max(5) }))
  .max(50)
  .refine((skills) => new Set(skills.map(({ name }) => name)).size === skills.length, {
    message: fault('skillOnce'),
  });
export const passwordField = z.string().min(1).max(512);

export const userView = z.object({
  id: z.string(),
  companyId: z.string(),
  username: z.string(),
  name: z.string(),
  role,
  queues: z.array(z.string()),
  skills: z.array(z.object({ name: z.string(), level: z.number().int() })),
  language,
  email: z.string().optional(),
  active: z.boolean(),
  createdAt: isoTime,
});

export function toUserView(user: User): z.infer<typeof userView> {
  return {
    id: user._id,
    companyId: user.companyId,
    username: user.username,
    name: user.name,
    role: user.role,
    queues: [...user.queues],
    skills: (user.skills ?? []).map(({ name, level }) => ({ name, level })),
    language: user.language,
    ...(user.email === undefined ? {} : { email: user.email }),
    active: user.active,
    createdAt: user.createdAt.toISOString(),
  };
}

export const apiKeyView = z.object({
  id: z.string(),
  name: z.string(),
  role,
  queues: z.array(z.string()),
  scopes: z.array(z.string()),
  active: z.boolean(),
  createdAt: isoTime,
});

export function toApiKeyView(key: ApiKeyRecord): z.infer<typeof apiKeyView> {
  return {
    id: key._id,
    name: key.name,
    role: key.role,
    queues: [...key.queues],
    scopes: [...key.scopes],
    active: key.active,
    createdAt: key.createdAt.toISOString(),
  };
}

export const auditView = z.object({
  id: z.string(),
  at: isoTime,
  actor: z.object({
    kind: z.enum(['user', 'apiKey', 'system']),
    id: z.string(),
    name: z.string(),
    address: z.string().optional(),
  }),
  action: z.string(),
  kind: z.enum(auditKinds),
  target: z.object({
    kind: z.string(),
    id: z.string(),
    /** What people call it, where it is known and whoever asks is a person. */
    name: z.string().optional(),
  }),
  data: z.record(z.string(), z.unknown()),
});

/** `name`: what people call the thing that it is about. */
export function toAuditView(record: AuditRecord, name: string | undefined): z.infer<typeof auditView> {
  const { _id, companyId: _, at, data, target, ...rest } = record;
  return {
    id: _id,
    at: at.toISOString(),
    ...rest,
    target: name === undefined ? target : { ...target, name },
    data: { ...data },
  };
}

/** Cuts a list that was read one longer than asked for: the page and where the next begins. */
export function toPage<T extends { readonly _id: string }, V>(
  rows: readonly T[],
  limit: number,
  view: (row: T) => V,
): { items: V[]; nextCursor: string | null } {
  const items = rows.slice(0, limit);
  const last = rows.length > limit ? items.at(-1) : undefined;
  return { items: items.map(view), nextCursor: last?._id ?? null };
}
