import type { AuditAct, AuditDeed, AuditLook, AuditTarget, UnauditedReason } from '../../contracts/audit.ts';
import { maskPersonal } from '../../shared/br/mask.ts';
import { AppError } from '../../shared/errors.ts';
import type { Principal } from './principal.ts';
import type { Route, RouteAnswer } from './route.ts';

/**
 * What the audit log is told of a call (ADR 0023). Each route and each socket command declares one, beside who may call it: a new one
 * that says nothing does not compile.
 */
export type AuditRule =
  /** Something is done: a line each time. */
  | {
      readonly kind: 'act';
      readonly act: AuditDeed;
      readonly target: AuditTarget;
      readonly refused?: RefusedTry;
    }
  /** Data of people is looked at: a line with what was asked; the same again within minutes is the same look. */
  | { readonly kind: 'read'; readonly act: AuditLook; readonly target: AuditTarget }
  /** The room itself tells: nobody is signed in yet, or only the room knows which act it became. */
  | { readonly kind: 'room'; readonly acts: readonly AuditAct[] }
  | { readonly kind: 'none'; readonly reason: UnauditedReason };

/** Tries that the room turns down have a line too: the body as it was asked, which must hold no secret, and the reason. */
interface RefusedTry {
  readonly act: AuditDeed;
  readonly target: AuditTarget;
  /** The field of the body that names the target; default: the parameter of the path. */
  readonly field?: string;
}

export const does = (act: AuditDeed, target: AuditTarget, refused?: RefusedTry): AuditRule => ({
  kind: 'act',
  act,
  target,
  ...(refused === undefined ? {} : { refused }),
});
export const reads = (act: AuditLook, target: AuditTarget): AuditRule => ({ kind: 'read', act, target });
export const toldByRoom = (...acts: readonly AuditAct[]): AuditRule => ({ kind: 'room', acts });
export const unaudited = (reason: UnauditedReason): AuditRule => ({ kind: 'none', reason });

export interface AuditLine {
  readonly action: AuditAct;
  readonly target: { readonly kind: AuditTarget; readonly id: string };
  readonly data?: Readonly<Record<string, unknown>>;
}

/** Where lines go; both resolve when the line is stored. */
export interface AuditWriter {
  record(principal: Principal, line: AuditLine): Promise<void>;
  /** The same line of the same person from the same address, again within minutes, is not written twice. */
  once(principal: Principal, line: AuditLine): Promise<void>;
}

/** What a handler adds to the line of its route: never content, never a secret. */
export interface AuditFacts {
  /** Default: the parameter of the path. */
  readonly target?: string;
  readonly data?: Readonly<Record<string, unknown>>;
}

/** What a call brought, as its schemas let it through. */
export interface Asked {
  readonly params: unknown;
  readonly query: unknown;
  readonly body: unknown;
}

const fields = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Buffer.isBuffer(value)
    ? (value as Readonly<Record<string, unknown>>)
    : {};

/** The last parameter of the path names what the call is about; a list is about no single thing. */
function subject(params: unknown): string {
  const own = Object.values(fields(params)).at(-1);
  return typeof own === 'string' ? own : '-';
}

/** How much of it and how patiently is nothing that anybody looks for later. */
const MANNER: ReadonlySet<string> = new Set(['limit', 'waitMs']);

/** What was looked for, without the documents, phones and addresses in it. */
function question(query: unknown): Readonly<Record<string, unknown>> {
  const asked = Object.entries(fields(query)).filter(
    ([name, value]) => value !== undefined && !MANNER.has(name),
  );
  return Object.fromEntries(
    asked.map(([name, value]) => [name, typeof value === 'string' ? maskPersonal(value) : value]),
  );
}

/** Before the answer goes out: who reads without a line reads nothing. What was done stays done, and its lost line is told by `onLost`. */
export async function tellAnswer(
  writer: AuditWriter,
  route: Pick<Route, 'audit'>,
  principal: Principal,
  asked: Asked,
  answer: RouteAnswer,
  onLost: (error: unknown) => void,
): Promise<void> {
  const { audit: rule } = route;
  if (answer.status >= 400 || rule.kind === 'none' || rule.kind === 'room') return;
  const { act: action, target: kind } = rule;
  const target = { kind, id: answer.audit?.target ?? subject(asked.params) };
  const data = { ...(rule.kind === 'read' ? question(asked.query) : {}), ...answer.audit?.data };
  const line = { action, target, data };
  if (rule.kind === 'read') await writer.once(principal, line);
  else await writer.record(principal, line).catch(onLost);
}

/** A try that was turned down. The refusal stands whether or not its line could be stored. `asked`: undefined before it was read. */
export async function tellRefusal(
  writer: AuditWriter,
  { audit: rule, where }: { readonly audit: AuditRule; readonly where: string },
  principal: Principal,
  asked: Asked | undefined,
  error: unknown,
  onLost: (error: unknown) => void,
): Promise<void> {
  if (!(error instanceof AppError)) return;
  const { code, details } = error;
  const why = typeof details['why'] === 'string' ? { why: details['why'] } : {};
  if (asked !== undefined && rule.kind === 'act' && rule.refused !== undefined) {
    const { act: action, target: kind, field } = rule.refused;
    const body = fields(asked.body);
    const id = field === undefined ? subject(asked.params) : String(body[field]);
    await writer
      .record(principal, { action, target: { kind, id }, data: { ...body, code, ...why } })
      .catch(onLost);
    return;
  }
  if (error.status !== 403) return;
  const target = { kind: 'route', id: where } as const;
  await writer.once(principal, { action: 'access.refused', target, data: { code } }).catch(onLost);
}
