import { notifications } from '@mantine/notifications';
import type { Dictionary } from '../i18n/index.ts';
import { ApiError } from '../session/api.ts';

/** Words for a failure: by its stable code, else what the server said, else the status. */
export function errorText(t: Dictionary, error: unknown): string {
  if (!(error instanceof ApiError)) return t.errors.unexpected;
  const byCode: Readonly<Record<string, string>> = t.errors.byCode;
  const known = byCode[error.code];
  if (known !== undefined) return error.names.length === 0 ? known : `${known} (${error.names.join(', ')})`;
  if (error.status === 403) return t.errors.forbidden;
  if (error.status >= 500) return t.errors.server;
  return error.message === '' ? t.errors.unexpected : error.message;
}

/** Runs a command of the desk; a refusal becomes a notice and the promise still ends well, with `false`. */
export async function attempt(t: Dictionary, doing: Promise<unknown>): Promise<boolean> {
  try {
    await doing;
    return true;
  } catch (error) {
    notifications.show({ color: 'red', title: t.errors.title, message: errorText(t, error) });
    return false;
  }
}
