import { appHeaders, contactFor, type Core, type NetResponse, type Outgoing } from './core.ts';
import { ClientTransaction } from './client-transaction.ts';
import { type Dialog, prefersFlow, routeOf } from './dialogs.ts';
import type { Flow } from './flow.ts';
import { parseCSeq, parseNameAddress, parseSip, type SipMessage, tagOf, writeSip } from './sip-message.ts';
import { ALLOW } from './validate.ts';

/** How a request leaves: fields that the core decides, the rest from the application. */
export interface RequestPlan {
  readonly id: string;
  readonly method: string;
  readonly uri: string;
  readonly nextHop: string;
  readonly from: string;
  readonly to: string;
  readonly callId: string;
  readonly seq: number;
  readonly routes: readonly string[];
  readonly extra: readonly (readonly [string, string])[];
  readonly body: string;
  readonly dialog: Dialog | undefined;
  readonly onAnswer: ((response: NetResponse) => void) | undefined;
}

/** Methods whose Contact is the target of later requests (RFC 3261 §8.1.1.8, table 2; RFC 3311, 3515, 6665). */
const WITH_CONTACT: ReadonlySet<string> = new Set([
  'INVITE',
  'UPDATE',
  'REFER',
  'SUBSCRIBE',
  'NOTIFY',
  'REGISTER',
]);

/** Sends on a flow in a client transaction; `onSent` runs before an answer can arrive. */
export function sendOn(core: Core, flow: Flow, plan: RequestPlan, onSent: (raw: string) => void): void {
  const branch = `z9hG4bK${core.token()}`;
  const headers: (readonly [string, string])[] = [
    ['max-forwards', '70'],
    ...plan.routes.map((route) => ['route', route] as const),
    ['from', plan.from],
    ['to', plan.to],
    ['call-id', plan.callId],
    ['cseq', `${plan.seq} ${plan.method}`],
  ];
  if (WITH_CONTACT.has(plan.method))
    headers.push(['contact', plan.dialog?.contact ?? contactFor(core, flow)]);
  if (plan.method === 'INVITE') headers.push(['allow', ALLOW]);
  headers.push(...plan.extra);
  const top = via(core, flow, branch);
  const raw = writeSip(`${plan.method} ${plan.uri} SIP/2.0`, [['via', top], ...headers], plan.body);
  const outgoing: Outgoing = {
    ...plan,
    branch,
    headers,
    flow,
    cancelWanted: false,
    proceeding: false,
    transaction: new ClientTransaction<NetResponse>(
      {
        clock: core.clock,
        invite: plan.method === 'INVITE',
        reliable: flow.reliable,
        send: (text) => {
          flow.send(text);
        },
        ackFor: (response) => ackOfFailure(outgoing, top, response),
        onResponse: (response) => {
          onResponse(core, outgoing, response);
        },
        onTimeout: () => {
          onResponse(core, outgoing, ownAnswer(outgoing, top, 408, 'Request Timeout'));
        },
        onTerminated: () => {
          core.outgoing.delete(key);
          core.outgoingById.delete(plan.id);
        },
      },
      raw,
    ),
  };
  const key = `${branch}|${plan.method}`;
  core.outgoing.set(key, outgoing);
  core.outgoingById.set(plan.id, outgoing);
  onSent(raw);
  outgoing.transaction.start();
  if (!flow.open) outgoing.transaction.fail();
}

const via = (core: Core, flow: Flow, branch: string): string =>
  `SIP/2.0/${flow.protocol.toUpperCase()} ${core.hostport()};branch=${branch};rport`;

function onResponse(core: Core, outgoing: Outgoing, response: NetResponse): void {
  outgoing.proceeding = true;
  if (outgoing.cancelWanted && response.status < 200) sendCancel(core, outgoing, [], '');
  core.answered(outgoing, response);
}

/** §17.1.1.3: same branch, CSeq number, Call-ID, From and Route; To of the response. */
function ackOfFailure(outgoing: Outgoing, top: string, response: NetResponse): string {
  return writeSip(
    `ACK ${outgoing.uri} SIP/2.0`,
    [['via', top], ...sameRequest(outgoing, 'ACK', response.message.headers['to'])],
    '',
  );
}

const KEPT: ReadonlySet<string> = new Set(['max-forwards', 'route', 'from', 'to', 'call-id']);

function sameRequest(outgoing: Outgoing, method: string, to?: string): (readonly [string, string])[] {
  const headers: (readonly [string, string])[] = [];
  for (const [name, value] of outgoing.headers) {
    if (KEPT.has(name)) headers.push([name, name === 'to' && to !== undefined ? to : value]);
  }
  headers.push(['cseq', `${outgoing.seq} ${method}`]);
  return headers;
}

/** An answer that the edge makes itself: nobody answered, or there is no way. */
function ownAnswer(outgoing: Outgoing, top: string, status: number, reason: string): NetResponse {
  const headers = sameRequest(outgoing, outgoing.method).filter(([name]) => name !== 'route');
  const raw = writeSip(`SIP/2.0 ${status} ${reason}`, [['via', top], ...headers], '');
  const message = parseSip(raw) ?? {
    method: undefined,
    uri: '',
    version: '2.0',
    status,
    reason,
    headers: {},
    body: '',
  };
  return { status, message, raw, flow: outgoing.flow };
}

/** §9.1: only after a provisional answer; before it the wish is kept. Returns what was (or will be) sent. */
export function sendCancel(
  core: Core,
  outgoing: Outgoing,
  extra: readonly (readonly [string, string])[],
  messageId: string,
): void {
  const top = via(core, outgoing.flow, outgoing.branch);
  const headers = [['via', top] as const, ...sameRequest(outgoing, 'CANCEL'), ...extra];
  const raw = writeSip(`CANCEL ${outgoing.uri} SIP/2.0`, headers, '');
  if (messageId !== '') core.app.sent(messageId, raw, outgoing.flow, outgoing.id, '');
  if (!outgoing.proceeding) {
    outgoing.cancelWanted = true;
    return;
  }
  outgoing.cancelWanted = false;
  const key = `${outgoing.branch}|CANCEL`;
  if (core.outgoing.has(key)) return;
  const id = core.token();
  const cancel: Outgoing = {
    ...outgoing,
    id,
    method: 'CANCEL',
    onAnswer: () => undefined,
    transaction: new ClientTransaction<NetResponse>(
      {
        clock: core.clock,
        invite: false,
        reliable: outgoing.flow.reliable,
        send: (text) => {
          outgoing.flow.send(text);
        },
        ackFor: () => '',
        onResponse: () => undefined,
        onTimeout: () => {
          outgoing.transaction.fail(); // §9.1: no answer to the INVITE within 64·T1 of the CANCEL
        },
        onTerminated: () => {
          core.outgoing.delete(key);
        },
      },
      raw,
    ),
  };
  core.outgoing.set(key, cancel);
  cancel.transaction.start();
}

/** A request outside of any dialog, as the application wrote it: who it is from and to, the rest is filled in. */
export function planOutside(core: Core, message: SipMessage, proxy: string | undefined): RequestPlan {
  const { headers } = message;
  const host = core.hostport();
  const method = message.method ?? '';
  // drachtio's own habit: the application writes "localhost" where the server's address belongs.
  const from = address(headers['from'], `<sip:${host}>`).replace(/@localhost\b/, `@${host}`);
  const cseq = parseCSeq(headers['cseq']);
  const route = headers['route'];
  return {
    id: core.token(),
    method,
    uri: message.uri,
    nextHop: proxy ?? (route === undefined ? message.uri : (parseNameAddress(route)?.uri ?? message.uri)),
    from: tagOf(from) === undefined ? `${from};tag=${core.token()}` : from,
    to: address(headers['to'], `<${message.uri}>`),
    callId: headers['call-id'] ?? headers['Call-ID'] ?? core.token() + core.token(),
    seq: cseq?.seq ?? 1,
    routes: route === undefined ? [] : [route],
    extra: appHeaders(message),
    body: message.body,
    dialog: undefined,
    onAnswer: undefined,
  };
}

/** A URI with parameters needs brackets, or they become the header's (§20.10). */
function address(value: string | undefined, fallback: string): string {
  if (value === undefined) return fallback;
  return value.includes('<') ? value : `<${value}>`;
}

/** A request inside a dialog (§12.2.1.1). */
export function planInside(
  dialog: Dialog,
  id: string,
  method: string,
  extra: readonly (readonly [string, string])[],
  body: string,
  seq?: number,
  onAnswer?: (response: NetResponse) => void,
): RequestPlan {
  const route = routeOf(dialog);
  dialog.localSeq = Math.max(dialog.localSeq + 1, seq ?? 0);
  return {
    id,
    method,
    uri: route.uri,
    nextHop: route.nextHop,
    from: dialog.local,
    to: dialog.remote,
    callId: dialog.callId,
    seq: dialog.localSeq,
    routes: route.routes,
    extra,
    body,
    dialog,
    onAnswer,
  };
}

/** The flow for a plan: the dialog's own where the address is of no use. */
export function flowFor(core: Core, plan: RequestPlan): Flow | Promise<Flow> {
  if (plan.dialog && prefersFlow(plan.nextHop, plan.routes.length > 0, plan.dialog.flow))
    return plan.dialog.flow;
  return core.transports().route(plan.nextHop);
}

/** Runs `use` with the plan's flow, at once when it is there. */
export function withFlow(
  core: Core,
  plan: RequestPlan,
  use: (flow: Flow) => void,
  fail: (reason: string) => void,
): void {
  try {
    const flow = flowFor(core, plan);
    if (flow instanceof Promise)
      flow.then(use).catch((error: unknown) => {
        fail(error instanceof Error ? error.message : 'no route');
      });
    else use(flow);
  } catch (error) {
    fail(error instanceof Error ? error.message : 'no route');
  }
}

/** ACK of a 2xx: a request of its own, outside of transactions (§13.2.2.4). */
export function writeAck(core: Core, dialog: Dialog, seq: number, flow: Flow, body: string): string {
  const route = routeOf(dialog);
  const headers: (readonly [string, string])[] = [
    ['via', via(core, flow, `z9hG4bK${core.token()}`)],
    ['max-forwards', '70'],
    ...route.routes.map((value) => ['route', value] as const),
    ['from', dialog.local],
    ['to', dialog.remote],
    ['call-id', dialog.callId],
    ['cseq', `${seq} ACK`],
  ];
  if (body !== '') headers.push(['content-type', 'application/sdp']);
  return writeSip(`ACK ${route.uri} SIP/2.0`, headers, body);
}
