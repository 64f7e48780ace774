import { planInside, sendOn, withFlow, writeAck } from './client-requests.ts';
import type { Core, NetResponse } from './core.ts';
import { type AckSent, type Dialog, routeOf } from './dialogs.ts';
import { parseParams } from './sip-values.ts';

/** Session timers (RFC 4028) and the ends of dialogs that nobody asked for. */
export interface SessionExpires {
  readonly seconds: number;
  readonly refresher: 'uac' | 'uas' | undefined;
}

export function parseSessionExpires(value: string | undefined): SessionExpires | undefined {
  const seconds = Number(/^\s*(\d{1,9})/.exec(value ?? '')?.[1]);
  if (!Number.isFinite(seconds) || seconds <= 0) return undefined;
  const refresher = parseParams(value ?? '')['refresher']?.toLowerCase();
  return { seconds, refresher: refresher === 'uac' || refresher === 'uas' ? refresher : undefined };
}

/** §10: who does not refresh gives up min(32 s, a third) before the end. Milliseconds. */
export function expiryDelayMs(seconds: number): number {
  return (seconds - Math.min(32, seconds / 3)) * 1000;
}

/**
 * Starts or restarts the timer after a 2xx. `weRefresh`: §7.2, §9: the refresher of the header is relative to the
 * transaction, so the caller works out who that is.
 */
export function armSessionTimer(core: Core, dialog: Dialog, seconds: number, weRefresh: boolean): void {
  dialog.sessionTimer?.cancel();
  dialog.sessionTimer = weRefresh
    ? core.clock.after(seconds * 500, () => {
        refresh(core, dialog, seconds);
      })
    : core.clock.after(expiryDelayMs(seconds), () => {
        endDialog(core, dialog, 'SIP;cause=408;text="Session timer expired"', true);
      });
}

const GLARE_RETRY_MS = 2100;

/** §7.1: UPDATE without SDP where the peer can, else a re-INVITE with the same description. */
function refresh(core: Core, dialog: Dialog, seconds: number): void {
  if (dialog.ended) return;
  if (dialog.clientInvite || dialog.serverInvite) {
    armRetry(core, dialog, seconds);
    return;
  }
  const update = dialog.allowsUpdate;
  const extra: [string, string][] = [
    ['session-expires', `${seconds};refresher=uac`],
    ['supported', 'timer'],
  ];
  if (!update) extra.push(['content-type', 'application/sdp']);
  // The edge answers for the refresh if nothing comes back at all.
  dialog.sessionTimer = core.clock.after(seconds * 500, () => {
    endDialog(core, dialog, 'SIP;cause=408;text="Session timer expired"', true);
  });
  dialog.clientInvite = !update;
  const plan = planInside(
    dialog,
    update ? 'UPDATE' : 'INVITE',
    extra,
    update ? '' : dialog.localSdp,
    (response) => {
      refreshed(core, dialog, seconds, plan.seq, plan.method, response);
    },
    true,
  );
  withFlow(
    core,
    plan,
    (flow) => {
      sendOn(core, flow, plan);
    },
    () => undefined,
  );
}

function armRetry(core: Core, dialog: Dialog, seconds: number): void {
  dialog.sessionTimer?.cancel();
  dialog.sessionTimer = core.clock.after(GLARE_RETRY_MS, () => {
    refresh(core, dialog, seconds);
  });
}

function refreshed(
  core: Core,
  dialog: Dialog,
  seconds: number,
  seq: number,
  method: string,
  response: NetResponse,
): void {
  if (response.status < 200 || dialog.ended) return;
  if (method === 'INVITE') dialog.clientInvite = false;
  if (response.status < 300) {
    if (method === 'INVITE') {
      const ack = dialog.ack ?? { cseq: seq, text: undefined, flow: dialog.flow };
      ack.text = writeAck(core, dialog, seq, dialog.flow, '');
      sendText(core, dialog, ack.text, ack);
    }
    const agreed = parseSessionExpires(response.message.headers['session-expires']);
    armSessionTimer(core, dialog, agreed?.seconds ?? seconds, agreed?.refresher !== 'uas');
  } else if (response.status === 408 || response.status === 481) {
    endDialog(core, dialog, 'SIP;cause=408;text="Session timer expired"', true); // §10, RFC 3261 §12.2.1.2
  } else if (response.status === 491) armRetry(core, dialog, seconds);
  else armSessionTimer(core, dialog, seconds, true);
}

/** Sends an ACK along the dialog's route; `ack` remembers which way it went. */
export function sendText(core: Core, dialog: Dialog, text: string, ack?: AckSent): void {
  const { routes, nextHop } = routeOf(dialog);
  withFlow(
    core,
    { dialog, routes, nextHop },
    (flow) => {
      if (ack) ack.flow = flow;
      flow.send(text);
    },
    () => undefined,
  );
}

/** Ends a dialog on the server's own decision: BYE to the peer when it can be reached, and word to the owner. */
export function endDialog(core: Core, dialog: Dialog, reason: string, reachable: boolean): void {
  if (dialog.ended) return;
  const { owner } = dialog;
  core.dialogs.remove(dialog);
  if (reachable) sendBye(core, dialog, reason);
  owner?.onEnded(reason);
}

/** A BYE whose answer nobody waits for. */
export function sendBye(core: Core, dialog: Dialog, reason: string | undefined): void {
  const extra: [string, string][] = reason === undefined ? [] : [['reason', reason]];
  const plan = planInside(dialog, 'BYE', extra, '', () => undefined);
  withFlow(
    core,
    plan,
    (flow) => {
      sendOn(core, flow, plan);
    },
    () => undefined,
  );
}
