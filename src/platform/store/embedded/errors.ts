import { AppError } from '../../../shared/errors.ts';

/** What the embedded engine was asked is outside the written list (docs/adr/0001), so it would work on MongoDB only. */
export const unsupported = (what: string): AppError =>
  new AppError('store.unsupportedOperator', 500, `The embedded store does not support ${what}.`, { what });

/** An error with the numeric code that MongoDB's server would send. */
export class ServerFault extends Error {
  readonly code: number;
  readonly codeName: string;
  readonly extra: Readonly<Record<string, unknown>>;

  constructor(
    code: number,
    codeName: string,
    message: string,
    extra: Readonly<Record<string, unknown>> = {},
  ) {
    super(message);
    this.code = code;
    this.codeName = codeName;
    this.extra = extra;
  }
}

export const badValue = (message: string): ServerFault => new ServerFault(2, 'BadValue', message);
