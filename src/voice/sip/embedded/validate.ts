import { type SipMessage } from './sip-message.ts';
import { parseCSeq, parseNameAddress, parseUri, parseVia, splitList, tagOf } from './sip-values.ts';
import type { CSeq, Via } from './sip-values.ts';

/** The parts of a request that everything else needs, checked once at the border. */
export interface RequestParts {
  readonly vias: readonly string[];
  readonly via: Via;
  readonly cseq: CSeq;
  readonly callId: string;
  readonly from: string;
  readonly to: string;
  readonly fromTag: string;
  readonly toTag: string | undefined;
}

export type Verdict =
  | { readonly ok: true; readonly parts: RequestParts }
  /** `answer` false: there is no trustworthy Via to answer to, or it is an ACK. */
  | { readonly ok: false; readonly status: number; readonly reason: string; readonly answer: boolean };

export const MAX_HEADERS = 64;
const MAX_FIELD = 8192;

/** Methods that the edge understands, for Allow and 501. */
export const METHODS = [
  'INVITE',
  'ACK',
  'CANCEL',
  'BYE',
  'OPTIONS',
  'INFO',
  'UPDATE',
  'REFER',
  'NOTIFY',
  'REGISTER',
  'PRACK',
  'MESSAGE',
  'SUBSCRIBE',
  'PUBLISH',
] as const;
const KNOWN: ReadonlySet<string> = new Set(METHODS);
export const ALLOW = 'INVITE, ACK, CANCEL, BYE, OPTIONS, INFO, UPDATE, REFER, NOTIFY';

/** Option tags that a peer may Require (RFC 3262: 100rel asks nothing of who sends no 18x; RFC 4028). */
const SUPPORTED: ReadonlySet<string> = new Set(['timer', '100rel', 'outbound', 'path', 'gruu']);

/** After the first semicolon nothing but parameters; an empty one is a fault (RFC 4475 §3.1.2.1). */
const VIA_PARAMS = /^[^;]+(?:;\s*[^\s;,=]+\s*(?:=\s*(?:"[^"]*"\s*|[^\s;,"][^\s;,]*\s*)?)?)*$/;

const bad = (reason: string, answer: boolean, status = 400): Verdict => ({
  ok: false,
  status,
  reason,
  answer,
});

/** RFC 3261 §8.1.1, §16.3, §18; RFC 4475 shows what people send. */
export function validateRequest(message: SipMessage, bodyBytes: number): Verdict {
  const { headers, method } = message;
  const vias = splitList(headers['via']);
  const via = parseVia(vias[0] ?? '');
  if (!via) {
    // RFC 4475 §3.1.2.16: another version of SIP has another Via; the answer goes back where the request came from.
    return message.version === '2.0'
      ? bad('Bad Via', false)
      : bad('Version Not Supported', method !== 'ACK', 505);
  }
  const answer = method !== 'ACK';
  if (message.uri.length > MAX_FIELD) return bad('URI Too Long', answer, 414);
  const cseq = parseCSeq(headers['cseq']);
  if (!cseq || cseq.method !== method) return bad('Bad CSeq', answer);
  const fault = faultOf(message, vias, bodyBytes);
  if (fault !== undefined) return bad(fault, answer);
  const late = refuse(message, answer);
  if (late) return late;
  const { from = '', to = '' } = headers;
  const callId = (headers['call-id'] ?? '').trim();
  return {
    ok: true,
    parts: { vias, via, cseq, callId, from, to, fromTag: tagOf(from) ?? '', toTag: tagOf(to) },
  };
}

function faultOf({ headers }: SipMessage, vias: readonly string[], bodyBytes: number): string | undefined {
  if (!vias.every((value) => VIA_PARAMS.test(value))) return 'Bad Via';
  if (Object.keys(headers).length > MAX_HEADERS) return 'Too Many Headers';
  if (!/^\s*[^\s,]+\s*$/.test(headers['call-id'] ?? '')) return 'Bad Call-ID';
  if (!isOneAddress(headers['from'])) return 'Bad From';
  if (!isOneAddress(headers['to'])) return 'Bad To';
  const length = headers['content-length'];
  if (length !== undefined && !(/^\s*\d{1,9}\s*$/.test(length) && Number(length) <= bodyBytes))
    return 'Bad Content-Length';
  const hops = headers['max-forwards'];
  if (hops !== undefined && !(/^\s*\d{1,9}\s*$/.test(hops) && Number(hops) <= 255)) return 'Bad Max-Forwards';
  return undefined;
}

const isOneAddress = (value: string | undefined): boolean =>
  value !== undefined && parseNameAddress(value) !== undefined && splitList(value).length === 1;

/** What is well formed but not for us. */
function refuse(message: SipMessage, answer: boolean): Verdict | undefined {
  const { method = '', headers } = message;
  if (message.version !== '2.0') return bad('Version Not Supported', answer, 505);
  if (!KNOWN.has(method)) return bad('Not Implemented', answer, 501);
  // Carriers of the IMS call a number, not an address (RFC 3966).
  if (!parseUri(message.uri) && !/^tel:\+?[\d*#().-]+(;|$)/i.test(message.uri)) {
    const scheme = /^([a-z][a-z0-9+.-]*):/i.exec(message.uri)?.[1]?.toLowerCase();
    if (scheme === undefined || scheme === 'sip' || scheme === 'sips') return bad('Bad Request-URI', answer);
    return bad('Unsupported URI Scheme', answer, 416);
  }
  const unsupported = unsupportedOptions(headers['require']);
  // RFC 3261 §8.2.2.3: Require is ignored in CANCEL and ACK.
  if (unsupported.length > 0 && method !== 'CANCEL' && method !== 'ACK')
    return bad('Bad Extension', answer, 420);
  return undefined;
}

export const unsupportedOptions = (require: string | undefined): string[] =>
  splitList(require).filter((tag) => !SUPPORTED.has(tag.toLowerCase()));

/** RFC 3261 §17.2.3; without the magic cookie the rules of RFC 2543 by the request's own fields. */
export function serverKey(method: string, message: SipMessage, parts: RequestParts): string {
  const of = method === 'ACK' ? 'INVITE' : method;
  const branch = parts.via.params['branch'] ?? '';
  if (branch.startsWith('z9hG4bK') && branch.length > 7)
    return `${branch}|${parts.via.host}:${parts.via.port ?? ''}|${of}`;
  return `${message.uri}|${parts.fromTag}|${parts.callId}|${parts.cseq.seq}|${parts.vias[0] ?? ''}|${of}`;
}
