import { type BodyPart, bodyParts, isEncoded, type WithBody } from './body-parts.ts';

/**
 * What a body says of the session: a description, nothing (no body, or a multipart without one, as ISUP alone), or
 * something that nobody here can read (415, RFC 3261 §8.2.3).
 */
export type SessionBody =
  | { readonly kind: 'sdp'; readonly sdp: string }
  | { readonly kind: 'none' }
  | { readonly kind: 'unreadable' };

const isSdp = ({ type, body }: BodyPart): boolean =>
  type === 'application/sdp' || (type === '' && body.startsWith('v=0'));

/** The one reader of bodies: INVITE, re-INVITE, UPDATE, ACK, and responses to ours. */
export function readSession(message: WithBody): SessionBody {
  if (message.body !== '' && isEncoded(message)) return { kind: 'unreadable' };
  const parts = bodyParts(message);
  const found = parts?.find(isSdp);
  if (found !== undefined) return { kind: 'sdp', sdp: found.body };
  // A body that is no multipart and no description.
  const alone = parts?.length === 1 && parts[0]?.body === message.body;
  return { kind: parts === undefined || alone ? 'unreadable' : 'none' };
}

/** The description, or an empty text. */
export function sdpOf(message: WithBody): string {
  const found = readSession(message);
  return found.kind === 'sdp' ? found.sdp : '';
}
