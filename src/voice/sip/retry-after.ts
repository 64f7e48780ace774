/**
 * Seconds of a Retry-After, with or without its comment and parameters: `18000;duration=3600`, `120 (in a meeting)` (RFC 3261
 * §20.33). Undefined when there is none, or it cannot be read.
 */
export function retryAfterS(value: string | undefined): number | undefined {
  const found = /^\s*(\d{1,9})\s*(?=$|[;(])/.exec(value ?? '');
  return found ? Number(found[1]) : undefined;
}
