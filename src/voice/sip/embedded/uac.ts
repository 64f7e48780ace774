import { writeAck } from './client-requests.ts';
import { type Core, contactFor, type LateInvite, type NetResponse, type Outgoing } from './core.ts';
import type { AckSent, Dialog } from './dialogs.ts';
import type { Flow } from './flow.ts';
import { armSessionTimer, endDialog, parseSessionExpires, sendBye, sendText } from './sessions.ts';
import { type SipMessage } from './sip-message.ts';
import { parseCSeq, parseNameAddress, parseVia, splitList, tagOf } from './sip-values.ts';

/** A response from the network: to the transaction that asked (RFC 3261 §17.1.3). */
export function onNetworkResponse(core: Core, message: SipMessage, flow: Flow): void {
  const via = parseVia(splitList(message.headers['via'])[0] ?? '');
  const cseq = parseCSeq(message.headers['cseq']);
  const key = `${via?.params['branch'] ?? ''}|${cseq?.method ?? ''}`;
  const response: NetResponse = { status: message.status, message, flow };
  const outgoing = core.outgoing.get(key);
  if (message.status < 100 || message.status > 699) core.counters.garbage++;
  else if (outgoing) outgoing.transaction.receive(response);
  else onLateResponse(core, core.lateOut.get(key), response);
}

function onLateResponse(core: Core, late: LateInvite | 'done' | undefined, response: NetResponse): void {
  const { status } = response;
  if (late === undefined) core.counters.garbage++;
  else if (late !== 'done' && status >= 200 && status < 300) answeredAgain(core, late, response);
}

/** After its transaction let an answer through. */
export function onAnswer(core: Core, outgoing: Outgoing, response: NetResponse): void {
  const { status } = response;
  if (outgoing.method === 'INVITE' && status >= 200 && status < 300) {
    const field = (name: string): string => outgoing.headers.find(([key]) => key === name)?.[1] ?? '';
    const call = { callId: field('call-id'), local: field('from'), seq: outgoing.seq, uri: outgoing.uri };
    outgoing.dialog ??= createUacDialog(core, { ...call, flow: outgoing.flow }, response, outgoing.body);
    outgoing.ack = { cseq: outgoing.seq, text: undefined, flow: response.flow };
    outgoing.dialog.ack = outgoing.ack;
  }
  const dialog = outgoing.dialog;
  if (dialog && status >= 200) settle(core, dialog, outgoing, response);
  outgoing.onAnswer(response);
}

function settle(core: Core, dialog: Dialog, outgoing: Outgoing, response: NetResponse): void {
  const { status } = response;
  if (outgoing.method === 'BYE') {
    core.dialogs.remove(dialog);
    return;
  }
  if (outgoing.method !== 'INVITE' && outgoing.method !== 'UPDATE') return;
  dialog.clientInvite = false;
  if (outgoing.internal || status >= 300) return;
  dialog.flow = response.flow;
  if (outgoing.body !== '') dialog.localSdp = outgoing.body;
  const target = parseNameAddress(splitList(response.message.headers['contact'])[0] ?? '');
  if (target) dialog.remoteTarget = target.uri;
  const agreed = parseSessionExpires(response.message.headers['session-expires']);
  if (agreed) armSessionTimer(core, dialog, agreed.seconds, agreed.refresher !== 'uas');
}

/** A 2xx after the first one: its ACK was lost, or another branch of a fork answered too (§13.2.2.4). */
function answeredAgain(core: Core, late: LateInvite, response: NetResponse): void {
  const remoteTag = tagOf(response.message.headers['to']) ?? '';
  if (remoteTag === late.remoteTag) {
    if (late.ack.text !== undefined) late.ack.flow.send(late.ack.text);
    return;
  }
  // The first answer wins; others are acknowledged and ended.
  const dialog = core.dialogs.find(late.callId, tagOf(late.local) ?? '', remoteTag);
  if (dialog) return;
  const other = createUacDialog(core, late, response, '');
  sendText(core, other, writeAck(core, other, late.seq, other.flow, ''));
  core.dialogs.remove(other);
  sendBye(core, other, undefined);
}

type Call = Pick<LateInvite, 'callId' | 'local' | 'seq' | 'uri' | 'flow'>;

function createUacDialog(core: Core, call: Call, response: NetResponse, localSdp: string): Dialog {
  const { headers } = response.message;
  const target = parseNameAddress(splitList(headers['contact'])[0] ?? '');
  const dialog: Dialog = {
    callId: call.callId,
    role: 'uac',
    localTag: tagOf(call.local) ?? '',
    remoteTag: tagOf(headers['to']) ?? '',
    local: call.local,
    remote: headers['to'] ?? '',
    contact: contactFor(core, call.flow),
    localSeq: call.seq,
    remoteSeq: -1,
    remoteTarget: target?.uri ?? call.uri,
    routeSet: splitList(headers['record-route']).reverse(), // §12.1.2
    flow: response.flow,
    localSdp,
    allowsUpdate: /\bUPDATE\b/i.test(headers['allow'] ?? ''),
    clientInvite: false,
    serverInvite: false,
    pending2xx: undefined,
    repeat2xx: undefined,
    onCopyAck: undefined,
    ack: undefined,
    sessionTimer: undefined,
    owner: undefined,
    ended: false,
  };
  core.dialogs.add(dialog);
  return dialog;
}

/** ACK of a 2xx to our INVITE, with the answer when the 2xx had the offer. */
export function acknowledge(core: Core, dialog: Dialog, body: string): void {
  const ack: AckSent = dialog.ack ?? { cseq: dialog.localSeq, text: undefined, flow: dialog.flow };
  ack.text = writeAck(core, dialog, ack.cseq, dialog.flow, body);
  sendText(core, dialog, ack.text, ack);
}

/** A WebSocket closed: what needed it cannot go on (RFC 7118 §5: there is no other way to a browser). */
export function flowLost(core: Core, flow: Flow): void {
  for (const outgoing of [...core.outgoing.values()]) if (outgoing.flow === flow) outgoing.transaction.fail();
  for (const dialog of core.dialogs.all())
    if (dialog.flow === flow) endDialog(core, dialog, 'SIP;cause=503;text="Connection lost"', false);
}
