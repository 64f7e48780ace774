import type { Dictionary } from '../i18n/index.ts';
import { ApiError } from '../session/api.ts';

/** Words for a failure: by its stable code, else by its status. The server's own sentence is for logs and programs. */
export function errorText(t: Dictionary, error: unknown): string {
  if (!(error instanceof ApiError)) return t.errors.unexpected;
  const byCode: Readonly<Record<string, string>> = t.errors.byCode;
  const known = byCode[error.code];
  if (known !== undefined) return error.names.length === 0 ? known : `${known} (${error.names.join(', ')})`;
  if (error.status === 403) return t.errors.forbidden;
  if (error.status >= 500) return t.errors.server;
  return t.errors.refused(error.code);
}
