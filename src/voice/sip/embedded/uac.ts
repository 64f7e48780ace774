import { planInside, planOutside, sendCancel, sendOn, withFlow, writeAck } from './client-requests.ts';
import { appHeaders, type Core, type NetResponse, type Outgoing, contactFor } from './core.ts';
import type { Dialog } from './dialogs.ts';
import type { Flow } from './flow.ts';
import { armSessionTimer, endDialog, parseSessionExpires, sendText } from './sessions.ts';
import { parseCSeq, parseNameAddress, parseVia, type SipMessage, splitList, tagOf } from './sip-message.ts';

/** A response from the network: to the transaction that asked (RFC 3261 §17.1.3). */
export function onNetworkResponse(core: Core, message: SipMessage, raw: string, flow: Flow): void {
  const via = parseVia(splitList(message.headers['via'])[0] ?? '');
  const cseq = parseCSeq(message.headers['cseq']);
  const key = `${via?.params['branch'] ?? ''}|${cseq?.method ?? ''}`;
  const outgoing = core.outgoing.get(key);
  if (!outgoing || message.status < 100 || message.status > 699) {
    core.counters.garbage++;
    return;
  }
  outgoing.transaction.receive({ status: message.status, message, raw, flow });
}

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
  if (outgoing.onAnswer) outgoing.onAnswer(response);
  else if (status !== 100)
    core.app.sip('network', response.raw, response.flow, outgoing.id, dialog?.id ?? '');
}

function settle(core: Core, dialog: Dialog, outgoing: Outgoing, response: NetResponse): void {
  const { status } = response;
  if (outgoing.method === 'BYE') {
    core.dialogs.remove(dialog);
    return;
  }
  if (outgoing.method !== 'INVITE' && outgoing.method !== 'UPDATE') return;
  dialog.clientInvite = false;
  if (outgoing.onAnswer || status >= 300) return;
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
  const plan = planInside(dialog, core.token(), 'BYE', [], '', undefined, () => undefined);
  withFlow(
    core,
    plan,
    (flow) => {
      sendOn(core, flow, plan, () => undefined);
    },
    () => undefined,
  );
}

function createUacDialog(core: Core, outgoing: Outgoing, response: NetResponse, remoteTag: string): Dialog {
  const { headers } = response.message;
  const field = (name: string): string => outgoing.headers.find(([key]) => key === name)?.[1] ?? '';
  const target = parseNameAddress(splitList(headers['contact'])[0] ?? '');
  const dialog: Dialog = {
    id: core.token(),
    callId: field('call-id'),
    role: 'uac',
    localTag: tagOf(field('from')) ?? '',
    remoteTag,
    local: field('from'),
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
    ended: false,
  };
  core.dialogs.add(dialog);
  return dialog;
}

/** The application sends a request of its own. */
export function request(
  core: Core,
  messageId: string,
  message: SipMessage,
  transactionId: string,
  dialogId: string,
  proxy: string | undefined,
): void {
  if (dialogId !== '') requestInside(core, messageId, message, dialogId);
  else if (message.method === 'CANCEL') {
    const outgoing = core.outgoingById.get(transactionId);
    if (outgoing?.method !== 'INVITE') core.app.failed(messageId, 'unknown transaction');
    else sendCancel(core, outgoing, appHeaders(message), messageId);
  } else {
    const plan = planOutside(core, message, proxy);
    withFlow(
      core,
      plan,
      (flow) => {
        sendOn(core, flow, plan, (raw) => {
          core.app.sent(messageId, raw, flow, plan.id, '');
        });
      },
      (reason) => {
        core.app.failed(messageId, reason);
      },
    );
  }
}

function requestInside(core: Core, messageId: string, message: SipMessage, dialogId: string): void {
  const dialog = core.dialogs.get(dialogId);
  if (!dialog) {
    // drachtio-srf knows this sentence (ENODIALOG).
    core.app.failed(messageId, `unable to find dialog for dialog id ${dialogId}`);
    return;
  }
  const method = message.method ?? '';
  if (method === 'ACK') {
    acknowledge(core, messageId, dialog, message.body);
    return;
  }
  const offers = method === 'INVITE' || (method === 'UPDATE' && message.body !== '');
  const seq = parseCSeq(message.headers['cseq'])?.seq; // given when credentials are added
  const plan = planInside(dialog, core.token(), method, appHeaders(message), message.body, seq);
  if (offers) dialog.clientInvite = true;
  withFlow(
    core,
    plan,
    (flow) => {
      sendOn(core, flow, plan, (raw) => {
        core.app.sent(messageId, raw, flow, plan.id, dialog.id);
      });
    },
    (reason) => {
      if (offers) dialog.clientInvite = false;
      if (method === 'BYE') core.dialogs.remove(dialog);
      core.app.failed(messageId, reason);
    },
  );
}

function acknowledge(core: Core, messageId: string, dialog: Dialog, body: string): void {
  const seq = dialog.ack?.cseq ?? dialog.localSeq;
  const text = writeAck(core, dialog, seq, dialog.flow, body);
  dialog.ack = { cseq: seq, text };
  sendText(core, dialog, text);
  core.app.sent(messageId, text, dialog.flow, '', dialog.id);
}

/** A WebSocket closed: what needed it cannot go on (RFC 7118 §5: there is no other way to a browser). */
export function flowLost(core: Core, flow: Flow): void {
  for (const outgoing of [...core.outgoing.values()]) if (outgoing.flow === flow) outgoing.transaction.fail();
  for (const dialog of core.dialogs.all())
    if (dialog.flow === flow) endDialog(core, dialog, 'SIP;cause=503;text="Connection lost"', false);
}
