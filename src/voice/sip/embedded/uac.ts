import { writeAck } from './client-requests.ts';
import { type Core, contactFor, type NetResponse, type Outgoing } from './core.ts';
import type { Dialog } from './dialogs.ts';
import type { Flow } from './flow.ts';
import { armSessionTimer, endDialog, parseSessionExpires, sendBye, sendText } from './sessions.ts';
import { parseCSeq, parseNameAddress, parseVia, type SipMessage, splitList, tagOf } from './sip-message.ts';

/** A response from the network: to the transaction that asked (RFC 3261 §17.1.3). */
export function onNetworkResponse(core: Core, message: SipMessage, flow: Flow): void {
  const via = parseVia(splitList(message.headers['via'])[0] ?? '');
  const cseq = parseCSeq(message.headers['cseq']);
  const key = `${via?.params['branch'] ?? ''}|${cseq?.method ?? ''}`;
  const outgoing = core.outgoing.get(key);
  if (!outgoing || message.status < 100 || message.status > 699) {
    core.counters.garbage++;
    return;
  }
  outgoing.transaction.receive({ status: message.status, message, flow });
}

const nobody = (): void => undefined;

/** After its transaction let an answer through. */
export function onAnswer(core: Core, outgoing: Outgoing, response: NetResponse): void {
  const { status } = response;
  if (
    outgoing.method === 'INVITE' &&
    status >= 200 &&
    status < 300 &&
    inviteAnswered(core, outgoing, response)
  )
    return;
  const dialog = outgoing.dialog;
  if (dialog && status >= 200) settle(core, dialog, outgoing, response);
  const { onAnswer: tell } = outgoing;
  // Late copies are answered from what the dialog keeps; nothing else is needed for 32 s (timer M).
  if (status >= 200) outgoing.onAnswer = nobody;
  if (status >= 200 && status < 300) {
    outgoing.headers = [];
    outgoing.body = '';
  }
  tell(response);
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

/** True when the 2xx was dealt with here: one seen before, or another branch of a fork. */
function inviteAnswered(core: Core, outgoing: Outgoing, response: NetResponse): boolean {
  const { headers } = response.message;
  const known = outgoing.dialog;
  const remoteTag = tagOf(headers['to']) ?? '';
  if (known) {
    if (known.remoteTag !== remoteTag) {
      hangUpFork(core, outgoing, response, remoteTag);
      return true;
    }
    if (known.ack?.cseq !== outgoing.seq) {
      known.ack = { cseq: outgoing.seq, text: undefined };
      return false;
    }
    // The same 2xx again: its ACK was lost (§13.2.2.4).
    if (known.ack.text !== undefined) sendText(core, known, known.ack.text);
    return true;
  }
  outgoing.dialog = createUacDialog(core, outgoing, response, remoteTag);
  return false;
}

/** §13.2.2.4: the first answer wins; others are acknowledged and ended. */
function hangUpFork(core: Core, outgoing: Outgoing, response: NetResponse, remoteTag: string): void {
  const other = core.dialogs.find(outgoing.dialog?.callId ?? '', outgoing.dialog?.localTag ?? '', remoteTag);
  if (other) return;
  const dialog = createUacDialog(core, outgoing, response, remoteTag);
  sendText(core, dialog, writeAck(core, dialog, outgoing.seq, dialog.flow, ''));
  core.dialogs.remove(dialog);
  sendBye(core, dialog, undefined);
}

function createUacDialog(core: Core, outgoing: Outgoing, response: NetResponse, remoteTag: string): Dialog {
  const { headers } = response.message;
  const field = (name: string): string => outgoing.headers.find(([key]) => key === name)?.[1] ?? '';
  const first = outgoing.dialog;
  const from = first?.local ?? field('from');
  const target = parseNameAddress(splitList(headers['contact'])[0] ?? '');
  const dialog: Dialog = {
    id: core.token(),
    callId: first?.callId ?? field('call-id'),
    role: 'uac',
    localTag: tagOf(from) ?? '',
    remoteTag,
    local: from,
    remote: headers['to'] ?? field('to'),
    contact: contactFor(core, outgoing.flow),
    localSeq: outgoing.seq,
    remoteSeq: -1,
    remoteTarget: target?.uri ?? outgoing.uri,
    routeSet: splitList(headers['record-route']).reverse(), // §12.1.2
    flow: response.flow,
    localSdp: outgoing.body,
    allowsUpdate: /\bUPDATE\b/i.test(headers['allow'] ?? ''),
    clientInvite: false,
    serverInvite: false,
    pending2xx: undefined,
    ack: { cseq: outgoing.seq, text: undefined },
    sessionTimer: undefined,
    owner: undefined,
    ended: false,
  };
  core.dialogs.add(dialog);
  return dialog;
}

/** ACK of a 2xx to our INVITE, with the answer when the 2xx had the offer. */
export function acknowledge(core: Core, dialog: Dialog, body: string): void {
  const seq = dialog.ack?.cseq ?? dialog.localSeq;
  const text = writeAck(core, dialog, seq, dialog.flow, body);
  dialog.ack = { cseq: seq, text };
  sendText(core, dialog, text);
}

/** A WebSocket closed: what needed it cannot go on (RFC 7118 §5: there is no other way to a browser). */
export function flowLost(core: Core, flow: Flow): void {
  for (const outgoing of [...core.outgoing.values()]) if (outgoing.flow === flow) outgoing.transaction.fail();
  for (const dialog of core.dialogs.all())
    if (dialog.flow === flow) endDialog(core, dialog, 'SIP;cause=503;text="Connection lost"', false);
}
