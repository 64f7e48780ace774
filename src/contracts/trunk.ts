import { z } from 'zod';
import { isoTime } from './common.ts';

/**
 * How our registration at a carrier stands. Of a failed one `status` is the registrar's answer, 408 when it says nothing, 503
 * without a way to it, 200 when it took it and keeps nothing.
 */
export const registrationView = z.object({
  state: z.enum(['registering', 'registered', 'failed']),
  since: isoTime,
  expiresAt: isoTime.optional(),
  status: z.number().int().optional(),
  reason: z.string().optional(),
  retryAt: isoTime.optional(),
});
export type RegistrationView = z.infer<typeof registrationView>;

/** A trunk in use: lines taken of those bought; `registration` is null where it wants none. */
export const trunkStatus = z.object({
  id: z.string(),
  used: z.number().int(),
  channels: z.number().int(),
  registration: registrationView.nullable(),
});
export type TrunkStatusView = z.infer<typeof trunkStatus>;
