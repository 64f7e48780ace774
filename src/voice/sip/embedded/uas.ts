import { appHeaders, contactFor, type Core, type Incoming, repeat2xx, writeResponse } from './core.ts';
import type { Dialog } from './dialogs.ts';
import type { Flow } from './flow.ts';
import { armSessionTimer, endDialog, parseSessionExpires } from './sessions.ts';
import { ServerTransaction } from './server-transaction.ts';
import { parseNameAddress, type SipMessage, splitList } from './sip-message.ts';
import { ALLOW, type RequestParts, serverKey, unsupportedOptions, validateRequest } from './validate.ts';

/** 100 Trying is held back this long in the hope of a quicker real answer (RFC 3261 §17.2.1). */
const TRYING_MS = 200;

/** A request from the network: transaction matching, dialogs, then the application. */
export function onRequest(core: Core, message: SipMessage, raw: string, flow: Flow): void {
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
  const known = core.incoming.get(key);
  if (known) {
    if (method === 'ACK') known.transaction.ack();
    if (method !== 'ACK' || known.transaction.state !== 'accepted') {
      if (method !== 'ACK') known.transaction.retransmission();
      return;
    }
  }
  const dialog =
    parts.toTag === undefined ? undefined : core.dialogs.find(parts.callId, parts.toTag, parts.fromTag);
  if (method === 'ACK') {
    if (dialog) onAck(core, dialog, message, parts, raw, flow);
    return;
  }
  const incoming = accept(core, key, message, parts, flow, dialog);
  if (method === 'CANCEL') onCancel(core, incoming, raw);
  else if (parts.toTag === undefined) onInitial(core, incoming, raw);
  else if (dialog) onInside(core, incoming, dialog, raw);
  else reply(core, incoming, 481, 'Call Does Not Exist');
}

function accept(
  core: Core,
  key: string,
  message: SipMessage,
  parts: RequestParts,
  flow: Flow,
  dialog: Dialog | undefined,
): Incoming {
  const id = core.token();
  const back = replyFlow(core, parts, flow);
  const incoming: Incoming = {
    id,
    key,
    message,
    parts,
    vias: responseVias(parts, flow),
    flow: back,
    localTag: core.token(),
    dialog,
    trying: undefined,
    transaction: new ServerTransaction({
      clock: core.clock,
      invite: message.method === 'INVITE',
      reliable: flow.reliable,
      send: (text) => {
        back.send(text);
      },
      onTerminated: () => {
        incoming.trying?.cancel();
        core.incoming.delete(key);
        core.incomingById.delete(id);
        if (core.merged.get(mergeKey(parts)) === key) core.merged.delete(mergeKey(parts));
      },
    }),
  };
  core.incoming.set(key, incoming);
  core.incomingById.set(id, incoming);
  return incoming;
}

/** RFC 3581 §4: with rport to where it came from; else to the port that Via names. */
function replyFlow(core: Core, parts: RequestParts, flow: Flow): Flow {
  if (flow.reliable || parts.via.params['rport'] !== undefined) return flow;
  const port = parts.via.port ?? 5060;
  return port === flow.port || port > 65535 || port < 1
    ? flow
    : core.transports().udpFlow(flow.address, port);
}

/** Top Via with received and rport as we saw them (RFC 3261 §18.2.1, RFC 3581 §4); the others as they came. */
function responseVias(parts: RequestParts, flow: Flow): string {
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
  _core: Core,
  incoming: Incoming,
  status: number,
  reason: string,
  extra: readonly (readonly [string, string])[] = [],
): void {
  incoming.trying?.cancel();
  incoming.transaction.respond(status, writeResponse(incoming, status, reason, extra, ''));
}

/** Stateless: who sends nonsense gets one short answer and no memory (§8.2.7). */
function refuseMalformed(core: Core, message: SipMessage, flow: Flow, status: number, reason: string): void {
  const vias = splitList(message.headers['via']);
  const { headers } = message;
  const text = (name: string): string => (headers[name] ?? '').slice(0, 512);
  const lines: [string, string][] = [['via', vias.join(', ').slice(0, 2048)]];
  for (const name of ['from', 'to', 'call-id', 'cseq'])
    if (headers[name] !== undefined) lines.push([name, text(name)]);
  if (status === 420)
    lines.push(['unsupported', unsupportedOptions(headers['require']).join(', ').slice(0, 512)]);
  if (status === 501) lines.push(['allow', ALLOW]);
  const body = lines.map(([name, value]) => `${name}: ${value.replace(/[\r\n]+\s*/g, ' ')}\r\n`).join('');
  flow.send(`SIP/2.0 ${status} ${reason}\r\n${body}content-length: 0\r\n\r\n`);
  core.counters.responses++;
}

function onInitial(core: Core, incoming: Incoming, raw: string): void {
  const { parts, message } = incoming;
  if (message.method === 'BYE' || message.method === 'UPDATE' || message.method === 'PRACK') {
    reply(core, incoming, 481, 'Call Does Not Exist');
    return;
  }
  if (message.method === 'INVITE') {
    const merge = mergeKey(parts);
    if (core.merged.has(merge)) {
      reply(core, incoming, 482, 'Loop Detected');
      return;
    }
    core.merged.set(merge, incoming.key);
    holdTrying(core, incoming);
  }
  core.app.sip('network', raw, incoming.flow, incoming.id, '');
}

function holdTrying(core: Core, incoming: Incoming): void {
  incoming.trying = core.clock.after(TRYING_MS, () => {
    incoming.transaction.respond(100, writeResponse(incoming, 100, 'Trying', [], ''));
  });
}

/** §9.2: 200 to the CANCEL and 487 to its INVITE, unless that was answered already. */
function onCancel(core: Core, incoming: Incoming, raw: string): void {
  const invite = core.incoming.get(incoming.key.replace(/\|CANCEL$/, '|INVITE'));
  if (!invite) {
    reply(core, incoming, 481, 'Call Does Not Exist');
    return;
  }
  reply(core, incoming, 200, 'OK');
  if (invite.transaction.state !== 'proceeding') return;
  reply(core, invite, 487, 'Request Terminated');
  if (invite.dialog) invite.dialog.serverInvite = false;
  core.app.sip('network', raw, incoming.flow, incoming.id, '');
}

/** The peer went away (its WebSocket closed) before its INVITE was answered. */
export function abandon(core: Core, incoming: Incoming): void {
  incoming.trying?.cancel();
  const cancel = incoming.message;
  const headers = Object.entries(cancel.headers)
    .filter(([name]) => ['via', 'from', 'to', 'call-id'].includes(name))
    .map(([name, value]) => `${name}: ${value}\r\n`);
  const raw = `CANCEL ${cancel.uri} SIP/2.0\r\n${headers.join('')}cseq: ${incoming.parts.cseq.seq} CANCEL\r\n\r\n`;
  core.app.sip('network', raw, incoming.flow, core.token(), '');
  incoming.transaction.terminate();
}

function onAck(
  core: Core,
  dialog: Dialog,
  message: SipMessage,
  parts: RequestParts,
  raw: string,
  flow: Flow,
): void {
  dialog.flow = flow;
  if (dialog.pending2xx?.cseq !== parts.cseq.seq) return; // seen before
  dialog.pending2xx.stop();
  dialog.pending2xx = undefined;
  core.app.sip('network', raw, flow, core.token(), dialog.id);
  void message;
}

function onInside(core: Core, incoming: Incoming, dialog: Dialog, raw: string): void {
  const { parts, message } = incoming;
  dialog.flow = incoming.flow;
  // §12.2.2: an older number than the last one means that the peer lost its count.
  if (parts.cseq.seq < dialog.remoteSeq) {
    reply(core, incoming, 500, 'Server Internal Error');
    return;
  }
  dialog.remoteSeq = parts.cseq.seq;
  const offers = message.method === 'INVITE' || (message.method === 'UPDATE' && message.body !== '');
  if (offers && dialog.clientInvite) {
    reply(core, incoming, 491, 'Request Pending');
    return;
  }
  if (offers && (dialog.serverInvite || (message.method === 'INVITE' && dialog.pending2xx))) {
    reply(core, incoming, 500, 'Server Internal Error', [['retry-after', '3']]);
    return;
  }
  if (message.method === 'INVITE' || message.method === 'UPDATE') {
    const target = parseNameAddress(splitList(message.headers['contact'])[0] ?? '');
    if (target) dialog.remoteTarget = target.uri; // §12.2.2, RFC 3311 §5.2
    dialog.serverInvite = offers;
    if (message.method === 'INVITE') holdTrying(core, incoming);
  }
  core.app.sip('network', raw, incoming.flow, incoming.id, dialog.id);
}

/** The application answers a request. */
export function respond(core: Core, messageId: string, transactionId: string, message: SipMessage): void {
  const incoming = core.incomingById.get(transactionId);
  if (!incoming) {
    core.app.failed(messageId, 'transaction does not exist');
    return;
  }
  const { status, reason } = message;
  const invite = incoming.message.method === 'INVITE';
  const extra: [string, string][] = [];
  if (invite && status > 100 && status < 300) {
    const routes = incoming.message.headers['record-route'];
    if (routes !== undefined) extra.push(['record-route', routes]); // §12.1.1
    extra.push(['contact', incoming.dialog?.contact ?? contactFor(core, incoming.flow)], ['allow', ALLOW]);
  } else if (message.headers['contact'] !== undefined) extra.push(['contact', message.headers['contact']]);
  extra.push(...appHeaders(message));
  const raw = writeResponse(incoming, status, reason, extra, message.body);
  incoming.trying?.cancel();
  if (!incoming.transaction.respond(status, raw)) {
    core.app.failed(messageId, 'a final response was sent before');
    return;
  }
  core.counters.responses++;
  const dialog = status >= 200 ? settle(core, incoming, status, message, raw) : incoming.dialog;
  core.app.sent(messageId, raw, incoming.flow, incoming.id, dialog?.id ?? '');
}

/** What a final response means for dialogs. */
function settle(
  core: Core,
  incoming: Incoming,
  status: number,
  message: SipMessage,
  raw: string,
): Dialog | undefined {
  const { method } = incoming.message;
  let { dialog } = incoming;
  if (method === 'BYE' && dialog) core.dialogs.remove(dialog);
  if (method !== 'INVITE' && method !== 'UPDATE') return dialog;
  if (dialog) dialog.serverInvite = false;
  if (status >= 300) return dialog;
  if (!dialog) {
    if (method !== 'INVITE') return undefined;
    dialog = createUasDialog(core, incoming);
  }
  if (message.body !== '') dialog.localSdp = message.body;
  const agreed = parseSessionExpires(message.headers['session-expires']);
  if (agreed) armSessionTimer(core, dialog, agreed.seconds, agreed.refresher === 'uas');
  else if (dialog.sessionTimer) dialog.sessionTimer.cancel(); // §7.4: none agreed, none kept
  if (method === 'INVITE') awaitAck(core, dialog, incoming, raw);
  return dialog;
}

function createUasDialog(core: Core, incoming: Incoming): Dialog {
  const { parts, message } = incoming;
  const target = parseNameAddress(splitList(message.headers['contact'])[0] ?? '');
  const dialog: Dialog = {
    id: core.token(),
    callId: parts.callId,
    role: 'uas',
    localTag: incoming.localTag,
    remoteTag: parts.fromTag,
    local: `${parts.to};tag=${incoming.localTag}`,
    remote: parts.from,
    contact: contactFor(core, incoming.flow),
    localSeq: 0,
    remoteSeq: parts.cseq.seq,
    remoteTarget: target?.uri ?? parseNameAddress(parts.from)?.uri ?? '',
    routeSet: splitList(message.headers['record-route']),
    flow: incoming.flow,
    localSdp: '',
    allowsUpdate: /\bUPDATE\b/i.test(message.headers['allow'] ?? ''),
    clientInvite: false,
    serverInvite: false,
    pending2xx: undefined,
    ack: undefined,
    sessionTimer: undefined,
    ended: false,
  };
  core.dialogs.add(dialog);
  return dialog;
}

function awaitAck(core: Core, dialog: Dialog, incoming: Incoming, raw: string): void {
  dialog.pending2xx?.stop();
  const stop = repeat2xx(
    core.clock,
    () => {
      incoming.flow.send(raw);
    },
    () => {
      endDialog(core, dialog, 'SIP;cause=200;text="ACK timeout"', true);
    },
  );
  dialog.pending2xx = { cseq: incoming.parts.cseq.seq, stop };
}
