import { createHash } from 'node:crypto';
import { type Core, type Incoming, release, writeResponse } from './core.ts';
import type { Dialog } from './dialogs.ts';
import type { Flow } from './flow.ts';
import { IncomingRequest } from './incoming-request.ts';
import { type SipMessage } from './sip-message.ts';
import { parseNameAddress, parseVia, splitList, tagOf } from './sip-values.ts';
import { ALLOW, type RequestParts, serverKey, unsupportedOptions, validateRequest } from './validate.ts';

/** 100 Trying is held back this long in the hope of a quicker real answer (RFC 3261 §17.2.1). */
const TRYING_MS = 200;

/** A request from the network: transaction matching, dialogs, then the application. */
export function onRequest(core: Core, message: SipMessage, flow: Flow): void {
  core.counters.requests++;
  const verdict = validateRequest(message, Buffer.byteLength(message.body));
  if (!verdict.ok) {
    core.counters.refused++;
    if (verdict.answer) refuseMalformed(core, message, flow, verdict.status, verdict.reason);
    return;
  }
  const { parts } = verdict;
  const method = message.method ?? '';
  const key = serverKey(method, message, parts);
  if (isCopy(core, method, key)) return;
  const dialog =
    parts.toTag === undefined ? undefined : core.dialogs.find(parts.callId, parts.toTag, parts.fromTag);
  if (method === 'ACK') {
    if (dialog) onAck(dialog, message, parts, flow);
    return;
  }
  const incoming = new IncomingRequest(core, {
    key,
    message,
    parts,
    vias: responseVias(parts, flow),
    flow: replyFlow(core, parts, flow),
    reliable: flow.reliable,
    dialog,
  });
  if (method === 'CANCEL') onCancel(core, incoming);
  else if (parts.toTag === undefined) onInitial(core, incoming);
  else if (dialog) onInside(core, incoming, dialog);
  else reply(incoming, 481, 'Call Does Not Exist');
}

/** True for a request seen before, and for the ACK of a refusal: the transaction answers those. */
function isCopy(core: Core, method: string, key: string): boolean {
  const known = core.incoming.get(key);
  if (known) {
    if (method === 'ACK') known.transaction.ack();
    else known.transaction.retransmission();
    return true;
  }
  const late = method === 'ACK' ? undefined : core.lateIn.get(key);
  if (late?.text !== undefined) late.flow.send(late.text);
  return late !== undefined;
}

/** RFC 3581 §4: with rport to where it came from; else to the port that Via names. */
function replyFlow(core: Core, parts: Pick<RequestParts, 'via'>, flow: Flow): Flow {
  if (flow.reliable || parts.via.params['rport'] !== undefined) return flow;
  const port = parts.via.port ?? 5060;
  return port === flow.port || port > 65535 || port < 1
    ? flow
    : core.transports().udpFlow(flow.address, port);
}

/** Top Via with received and rport as we saw them (RFC 3261 §18.2.1, RFC 3581 §4); the others as they came. */
function responseVias(parts: Pick<RequestParts, 'via' | 'vias'>, flow: Flow): string {
  const [top = '', ...rest] = parts.vias;
  const wantsPort = parts.via.params['rport'] !== undefined;
  if (!wantsPort && parts.via.host === flow.address) return parts.vias.join(', ');
  let line = top.replace(/;\s*(?:rport|received)(?:\s*=\s*[^;,\s]*)?(?=[;,\s]|$)/gi, '');
  line += `;received=${flow.address}`;
  if (wantsPort) line += `;rport=${flow.port}`;
  return [line, ...rest].join(', ');
}

const mergeKey = (parts: RequestParts): string => `${parts.callId}|${parts.fromTag}|${parts.cseq.seq}`;

/** A response that the server decides on its own. */
export function reply(
  incoming: Incoming,
  status: number,
  reason: string,
  extra: readonly (readonly [string, string])[] = [],
): void {
  incoming.trying?.cancel();
  incoming.transaction.respond(status, writeResponse(incoming, status, reason, extra, ''));
}

/**
 * Stateless: who sends nonsense gets one short answer and no memory (§8.2.7). What can be read of it is treated as in any answer:
 * Via with received and rport, a tag in To that is the same for each copy (§8.2.6.2).
 */
function refuseMalformed(core: Core, message: SipMessage, flow: Flow, status: number, reason: string): void {
  const { headers } = message;
  const vias = splitList(headers['via']);
  const via = parseVia(vias[0] ?? '');
  const top = via === undefined ? undefined : { vias, via };
  const text = (name: string): string => (headers[name] ?? '').slice(0, 512);
  const lines: [string, string][] = [
    ['via', (top ? responseVias(top, flow) : vias.join(', ')).slice(0, 2048)],
  ];
  for (const name of ['from', 'to', 'call-id', 'cseq'])
    if (headers[name] !== undefined) lines.push([name, name === 'to' ? taggedTo(headers) : text(name)]);
  if (status === 420)
    lines.push(['unsupported', unsupportedOptions(headers['require']).join(', ').slice(0, 512)]);
  if (status === 501) lines.push(['allow', ALLOW]);
  const body = lines.map(([name, value]) => `${name}: ${value.replace(/[\r\n]+\s*/g, ' ')}\r\n`).join('');
  const back = top ? replyFlow(core, top, flow) : flow;
  back.send(`SIP/2.0 ${status} ${reason}\r\n${body}content-length: 0\r\n\r\n`);
  core.counters.responses++;
}

/** To of a stateless answer. One that nobody can read, or that is too long to send back whole, gets no tag. */
function taggedTo(headers: SipMessage['headers']): string {
  const to = headers['to'] ?? '';
  if (to.length > 512 || parseNameAddress(to) === undefined || tagOf(to) !== undefined)
    return to.slice(0, 512);
  const of = ['via', 'call-id', 'cseq'].map((name) => headers[name] ?? '').join('|');
  return `${to};tag=${createHash('sha256').update(of).digest('hex').slice(0, 16)}`;
}

function onInitial(core: Core, incoming: Incoming): void {
  const { message } = incoming;
  if (message.method === 'BYE' || message.method === 'UPDATE' || message.method === 'PRACK') {
    reply(incoming, 481, 'Call Does Not Exist');
    return;
  }
  if (message.method === 'INVITE') {
    const merge = mergeKey(incoming.parts);
    if (isMerged(core, merge)) {
      reply(incoming, 482, 'Loop Detected');
      return;
    }
    core.merged.keep(merge, incoming.key);
    holdTrying(core, incoming);
  }
  core.onRequest(incoming);
}

/** §8.2.2.2: the same request by another way, while the first is under way. */
function isMerged(core: Core, merge: string): boolean {
  const first = core.merged.get(merge);
  return first !== undefined && (core.incoming.has(first) || core.lateIn.get(first) !== undefined);
}

function holdTrying(core: Core, incoming: Incoming): void {
  incoming.trying = core.clock.after(TRYING_MS, () => {
    incoming.transaction.respond(100, writeResponse(incoming, 100, 'Trying', [], ''));
  });
}

/** §9.2: 200 to the CANCEL and 487 to its INVITE, unless that was answered already. */
function onCancel(core: Core, incoming: Incoming): void {
  const key = incoming.key.replace(/\|CANCEL$/, '|INVITE');
  const invite = core.incoming.get(key);
  if (!invite && core.lateIn.get(key) === undefined) {
    reply(incoming, 481, 'Call Does Not Exist');
    return;
  }
  reply(incoming, 200, 'OK');
  if (invite?.transaction.state !== 'proceeding') return;
  reply(invite, 487, 'Request Terminated');
  if (invite.dialog) invite.dialog.serverInvite = false;
  invite.onCancel?.();
  release(invite);
}

/** The peer went away (its WebSocket closed) before its INVITE was answered. */
export function abandon(incoming: Incoming): void {
  incoming.transaction.terminate();
  incoming.onCancel?.();
}

function onAck(dialog: Dialog, message: SipMessage, parts: RequestParts, flow: Flow): void {
  dialog.flow = flow;
  if (dialog.pending2xx?.cseq !== parts.cseq.seq) {
    dialog.onCopyAck?.(); // seen before
    return;
  }
  dialog.pending2xx.stop();
  dialog.pending2xx = undefined;
  dialog.owner?.onAck(message);
}

function onInside(core: Core, incoming: Incoming, dialog: Dialog): void {
  const { parts, message } = incoming;
  dialog.flow = incoming.flow;
  // §12.2.2: an older number than the last one means that the peer lost its count.
  if (parts.cseq.seq < dialog.remoteSeq) {
    reply(incoming, 500, 'Server Internal Error');
    return;
  }
  dialog.remoteSeq = parts.cseq.seq;
  if (message.method === 'INVITE' || message.method === 'UPDATE') {
    if (!admitOffer(incoming, dialog)) return;
    if (message.method === 'INVITE') holdTrying(core, incoming);
  }
  if (dialog.owner) dialog.owner.onRequest(incoming);
  else reply(incoming, 481, 'Call Does Not Exist');
}

/** One offer at a time in a dialog (RFC 3261 §14.2, RFC 3311 §5.2); false when this one was refused. */
function admitOffer(incoming: Incoming, dialog: Dialog): boolean {
  const { message } = incoming;
  const invite = message.method === 'INVITE';
  const offers = invite || message.body !== '';
  if (offers && dialog.clientInvite) {
    reply(incoming, 491, 'Request Pending');
    return false;
  }
  if (offers && (dialog.serverInvite || (invite && dialog.pending2xx))) {
    reply(incoming, 500, 'Server Internal Error', [['retry-after', '3']]);
    return false;
  }
  const target = parseNameAddress(splitList(message.headers['contact'])[0] ?? '');
  if (target) dialog.remoteTarget = target.uri; // §12.2.2, RFC 3311 §5.2
  dialog.serverInvite = offers;
  return true;
}
