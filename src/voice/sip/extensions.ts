import { unsupportedOptions } from './embedded/validate.ts';
import type { SrfRequest, SrfResponse } from './srf-types.ts';

/** RFC 3261 §8.2.2.3. The embedded core has looked already; a drachtio-server leaves Require to its application. */
export function refuseExtension(request: SrfRequest, response: SrfResponse): boolean {
  const unsupported = unsupportedOptions(request.get('require'));
  if (unsupported.length === 0) return false;
  response.send(420, undefined, { headers: { Unsupported: unsupported.join(', ') } });
  return true;
}
