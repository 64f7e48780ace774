import {
  appHeaders,
  contactFor,
  type Core,
  type Headers,
  type Incoming,
  release,
  repeat2xx,
  writeResponse,
} from './core.ts';
import type { Dialog } from './dialogs.ts';
import { armSessionTimer, endDialog, parseSessionExpires } from './sessions.ts';
import { parseNameAddress, splitList } from './sip-values.ts';
import { ALLOW } from './validate.ts';

export interface Answer {
  readonly status: number;
  readonly reason: string;
  readonly headers: Headers;
  readonly body: string;
}

export type Answered =
  /** A final response was sent before (a CANCEL came in between). */
  { readonly sent: false } | { readonly sent: true; readonly dialog: Dialog | undefined };

/** The application answers a request; a 2xx to INVITE makes or keeps a dialog. */
export function respond(core: Core, incoming: Incoming, answer: Answer): Answered {
  const { status } = answer;
  const { transaction, message } = incoming;
  if (transaction.state !== 'trying' && transaction.state !== 'proceeding') return { sent: false };
  const extra: [string, string][] = [];
  if (message.method === 'INVITE' && status > 100 && status < 300) {
    const routes = message.headers['record-route'];
    if (routes !== undefined) extra.push(['record-route', routes]); // §12.1.1
    extra.push(['contact', incoming.dialog?.contact ?? contactFor(core, incoming.flow)], ['allow', ALLOW]);
  }
  extra.push(...appHeaders(answer.headers, answer.body));
  const raw = writeResponse(incoming, status, answer.reason, extra, answer.body);
  incoming.trying?.cancel();
  transaction.respond(status, raw);
  core.counters.responses++;
  if (status < 200) return { sent: true, dialog: incoming.dialog };
  const dialog = settle(core, incoming, answer, raw);
  release(incoming);
  return { sent: true, dialog };
}

/** What a final response means for dialogs. */
function settle(core: Core, incoming: Incoming, answer: Answer, raw: string): Dialog | undefined {
  const { method } = incoming.message;
  let { dialog } = incoming;
  if (method === 'BYE' && dialog) core.dialogs.remove(dialog);
  if (method !== 'INVITE' && method !== 'UPDATE') return dialog;
  if (dialog) dialog.serverInvite = false;
  if (answer.status >= 300) return dialog;
  if (!dialog) {
    if (method !== 'INVITE') return undefined;
    dialog = createUasDialog(core, incoming);
  }
  if (answer.body !== '') dialog.localSdp = answer.body;
  const agreed = parseSessionExpires(answer.headers['Session-Expires']);
  if (agreed) armSessionTimer(core, dialog, agreed.seconds, agreed.refresher === 'uas');
  else dialog.sessionTimer?.cancel(); // RFC 4028 §7.4: none agreed, none kept
  if (method === 'INVITE') awaitAck(core, dialog, incoming, raw);
  return dialog;
}

function createUasDialog(core: Core, incoming: Incoming): Dialog {
  const { parts, message } = incoming;
  const target = parseNameAddress(splitList(message.headers['contact'])[0] ?? '');
  const dialog: Dialog = {
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

function awaitAck(core: Core, dialog: Dialog, incoming: Incoming, raw: string): void {
  dialog.pending2xx?.stop();
  const { flow } = incoming;
  const again = (): void => {
    flow.send(raw);
  };
  dialog.repeat2xx = again;
  const stop = repeat2xx(core.clock, again, () => {
    endDialog(core, dialog, 'SIP;cause=200;text="ACK timeout"', true);
  });
  dialog.pending2xx = { cseq: incoming.parts.cseq.seq, stop };
}
