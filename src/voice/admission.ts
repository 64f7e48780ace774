import { parsePhone } from '../shared/br/phone.ts';
import { isBlank, wellFormed, withoutInvisible } from '../shared/invisible.ts';
import { headerText } from '../shared/mime/encoded-words.ts';
import { isWithheld, WITHHELD } from '../shared/withheld.ts';
import type { IncomingCall } from './ports.ts';
import type { TrunkChannels, TrunkLine } from './trunks.ts';
import type { CalledNumber, VoiceWorld } from './world.ts';

/** Simulated phones register as softphones under this name and call as their number (demo only). */
export const SIMULATOR_PREFIX = 'simulador-';

export interface Admitted {
  readonly did: CalledNumber;
  readonly trunk: TrunkLine | null;
  /** E.164, a service number, or what the trunk sent. */
  readonly caller: string;
  /** Gives the channel back; harmless when called twice. */
  readonly release: () => void;
}

/** A local number has the area of the number that it called. */
function callerOf(incoming: IncomingCall, called: string): string {
  const { source } = incoming;
  const text =
    source.kind === 'softphone' ? `+${source.username.slice(SIMULATOR_PREFIX.length)}` : incoming.callerUser;
  return isWithheld(text) ? WITHHELD : numberOf(text, called);
}

/** A number as it is kept; what is none as it came, and what hides control characters is nobody's (RFC 3261 §25.1 lets escapes carry them). */
export function numberOf(text: string, called: string): string {
  if (/\p{Cc}/u.test(text)) return WITHHELD;
  return parsePhone(text, /^\+55(\d{2})/.exec(called)?.[1])?.value ?? withoutInvisible(text).slice(0, 64);
}

const MAX_NAME = 120;
/**
 * A display name (RFC 3261 §20.10) as it can stand in a list: one line, not a novel, nothing that turns it around. A word for
 * nobody is no name, and a number is none: trunks send the caller's own there, and another one would pass for it. SIP is UTF-8, but gateways to mail-minded exchanges write encoded words (RFC 2047).
 */
export function displayName(text: string | undefined): string | undefined {
  const written = (text ?? '').slice(0, 10 * MAX_NAME);
  const plain = written.includes('=?')
    ? headerText(Buffer.from(written, 'utf8').toString('latin1'))
    : written;
  const name = wellFormed(withoutInvisible(plain.replace(/[\p{Cc}\s]+/gu, ' ')))
    .trim()
    .slice(0, MAX_NAME)
    .replace(/[\ud800-\udbff]$/, '');
  return isWithheld(name) || isBlank(name) || isNumber(name) ? undefined : name;
}

/** Of a number without its area as well, and of what a switch has inside; "99" and "3M" are names. */
const isNumber = (name: string): boolean =>
  (name.match(/\p{Nd}/gu) ?? []).length > 2 && (parsePhone(name) !== undefined || !/\p{L}/u.test(name));

/** Who hides the number is nobody, whatever the display says: a name there is the exchange's, or a pretence. */
export const nameOf = (caller: string, display: string | undefined): string | undefined =>
  caller === WITHHELD ? undefined : displayName(display);

/** Who may call what: a trunk's own numbers, while it has a free channel. Refuses by itself and answers undefined. */
export async function admit(
  world: VoiceWorld,
  channels: TrunkChannels,
  incoming: IncomingCall,
): Promise<Admitted | undefined> {
  const { source } = incoming;
  if (source.kind === 'softphone' && !source.username.startsWith(SIMULATOR_PREFIX)) {
    // Operators place calls through the desk, so that each has a protocol and a customer.
    incoming.reject(403);
    return undefined;
  }
  const trunk = source.kind === 'trunk' ? channels.find(source.trunkId) : null;
  const did = await world.directory.did(incoming.calledUser, trunk);
  if (did === undefined) {
    incoming.reject(404);
    return undefined;
  }
  const release = trunk === null ? () => undefined : channels.take(trunk.id, 'inbound');
  return { did, trunk, caller: callerOf(incoming, did.number), release };
}
