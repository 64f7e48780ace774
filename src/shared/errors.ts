/**
 * An expected failure with a stable code (`offer.taken`, `auth.locked`, …).
 * The edge maps it once: HTTP to a problem document (RFC 9457), SIP to a status, sockets to `{ok:false,error}`.
 */
export class AppError extends Error {
  override readonly name = 'AppError';
  readonly code: string;
  /** HTTP status that fits, e.g. 404. */
  readonly status: number;
  /** More for the caller, without personal data. */
  readonly details: Readonly<Record<string, unknown>>;

  constructor(
    code: string,
    status: number,
    message: string,
    details: Readonly<Record<string, unknown>> = {},
  ) {
    super(message);
    this.code = code;
    this.status = status;
    this.details = details;
  }
}
