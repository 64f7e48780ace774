import { isIP } from 'node:net';
import { z } from 'zod';
import { clearable, line } from '../contracts/common.ts';
import { fault } from '../contracts/field-words.ts';
import { ranges, whole } from '../contracts/ranges.ts';
import { readTyped } from '../shared/br/phone.ts';
import { AppError } from '../shared/errors.ts';
import { words } from './fields.ts';
import type { Trunk } from './types.ts';

/** Emergency and utility numbers have three digits (domain.md, Formats); nobody rents one. Carriers have 103xx of their own. */
const SHORT = 3;
/** As people write it, `(11) 4000-4000` or `0800 123 4567`; kept as E.164, or as the digits of a service number. */
export const calledNumber = z
  .string()
  .max(40)
  .transform((text, context) => {
    const phone = readTyped(text);
    // Whoever owns 190 is not a customer of ours.
    if (typeof phone === 'object' && phone.value.length > SHORT) return phone.value;
    const why = phone === 'digitMissing' ? fault('digitMissing') : fault('phone');
    context.addIssue({ code: 'custom', message: why });
    return z.NEVER;
  });
const sipUri = z
  .string()
  .max(200)
  .regex(
    /^[sS][iI][pP][sS]?:[\w.+-]+(:\d{1,5})?(;[tT][rR][aA][nN][sS][pP][oO][rR][tT]=([uU][dD][pP]|[tT][cC][pP]|[tT][lL][sS]))?$/,
    fault('sipUri'),
  );
/** Goes into the headers of requests. */
const username = line(120);
const password = z.string().min(1).max(256);

const registration = z.object({
  registrar: sipUri,
  username,
  password,
  /** Seconds that are asked for; the registrar decides. */
  expiresS: whole(ranges.expiresS).default(600),
});
const callerIds = z.array(calledNumber).max(500);
const transports = z
  .array(z.enum(['udp', 'tcp', 'tls']))
  .min(1)
  .max(3);
const order = whole(ranges.order);
const reserve = whole(ranges.reserve);
const prefixes = z
  .array(
    z.object({
      prefix: z.string().regex(/^\+?\d{0,15}$/, fault('dialedBeginning')),
      strip: whole(ranges.strip).default(0),
      prepend: z
        .string()
        .regex(/^\+?[\d*#]{0,15}$/, fault('written'))
        .default(''),
    }),
  )
  .max(100);

export const trunkFields = z.object({
  name: words,
  peers: z
    .array(z.string().refine((text) => isIP(text) !== 0, fault('ip')))
    .max(32)
    .default([]),
  channels: whole(ranges.channels),
  direction: z.enum(['inbound', 'outbound', 'both']),
  digest: z.object({ username, password }).optional(),
  registration: registration.optional(),
  outboundUri: sipUri.optional(),
  /** Where requests go first, whatever their address: the carrier's edge. */
  proxy: sipUri.optional(),
  /** How numbers are written to this carrier: the longest prefix that fits. */
  prefixes: prefixes.optional(),
  /** Marks numbers as such, `;user=phone` (RFC 3261 §19.1.1). */
  userPhone: z.boolean().optional(),
  callerId: calledNumber.optional(),
  /** Numbers that the carrier lets us show; without a list every one that the company owns. */
  callerIds: callerIds.optional(),
  /** Of several trunks the lowest is called first; 100 where none is named. */
  order: order.optional(),
  /** Lines that calls of ours leave free for callers. */
  reserve: reserve.optional(),
  /** What is spoken with this trunk; without a list all that we speak. */
  transports: transports.optional(),
  trustsAssertedIdentity: z.boolean().default(false),
});

export const isKnownSomehow = (trunk: z.infer<typeof trunkFields>): boolean =>
  trunk.peers.length > 0 ||
  trunk.digest !== undefined ||
  trunk.registration !== undefined ||
  trunk.outboundUri !== undefined;

/** Fields of a change that are more than the field itself made optional. */
export const trunkPatch = {
  outboundUri: clearable(sipUri),
  proxy: clearable(sipUri),
  prefixes: clearable(prefixes),
  callerId: clearable(calledNumber),
  callerIds: clearable(callerIds),
  order: clearable(order),
  reserve: clearable(reserve),
  transports: clearable(transports),
  digest: z.object({ username, password: password.optional() }).nullable().optional(),
  registration: registration.extend({ password: password.optional() }).nullable().optional(),
};

export const trunkViewFields = trunkFields.omit({ digest: true, registration: true }).extend({
  callerId: z.string().optional(),
  callerIds: z.array(z.string()).optional(),
  digest: z.object({ username: z.string() }).optional(),
  registration: z
    .object({
      registrar: z.string(),
      username: z.string(),
      expiresS: z.number(),
      hasPassword: z.literal(true),
    })
    .optional(),
});

/** What is shown of a trunk's secrets: that they are there. */
export function secretsView({ digest, registration: registers }: Trunk): Record<string, unknown> {
  return {
    ...(digest === undefined ? {} : { digest: { username: digest.username } }),
    ...(registers === undefined
      ? {}
      : {
          registration: {
            registrar: registers.registrar,
            username: registers.username,
            expiresS: registers.expiresS,
            hasPassword: true,
          },
        }),
  };
}

/** What asks for encryption must not go out in clear (RFC 3261 §26.2.2): TLS is not spoken to trunks. `fields` says where it was asked for. */
export function assertSpoken(trunk: Partial<Trunk>): void {
  if (trunk.active === false) return;
  const uris = {
    outboundUri: trunk.outboundUri,
    proxy: trunk.proxy,
    'registration.registrar': trunk.registration?.registrar,
  };
  const fields = Object.entries(uris)
    .filter(([, uri]) => /^sips:|;transport=tls\b/i.test(uri ?? ''))
    .map(([name]) => name);
  if ((trunk.transports ?? []).includes('tls')) fields.push('transports');
  if (fields.length > 0)
    throw new AppError('trunk.tlsUnsupported', 422, 'TLS to a trunk is not available: use udp or tcp.', {
      fields,
    });
}

/** A reserve that leaves calls of ours no line is a mistake of writing. */
export function assertReserve({ active, channels = 0, reserve = 0, direction }: Partial<Trunk>): void {
  if (active === false || direction === 'inbound' || reserve < channels) return;
  throw new AppError('trunk.reserve', 422, 'The reserve must leave at least one line for outbound calls.', {
    fields: ['reserve'],
  });
}
