import { appHeaders, contactFor, type Core, type Headers, type NetResponse, type Outgoing } from './core.ts';
import { type Dialog, prefersFlow, routeOf } from './dialogs.ts';
import type { Flow } from './flow.ts';
import { OutgoingRequest, via } from './outgoing-request.ts';
import { writeSip } from './sip-message.ts';
import { parseCSeq, tagOf } from './sip-values.ts';
import { ALLOW } from './validate.ts';

/** How a request leaves: fields that the core decides, the rest from the application. */
export interface RequestPlan {
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
  readonly internal: boolean;
  readonly onAnswer: (response: NetResponse) => void;
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

/** Sends on a flow in a client transaction. Answers come later, never inside this call. */
export function sendOn(core: Core, flow: Flow, plan: RequestPlan): Outgoing {
  const outgoing = new OutgoingRequest(core, flow, plan, headersOf(core, flow, plan));
  outgoing.transaction.start();
  if (!flow.open) core.clock.after(0, () => outgoing.transaction.fail());
  return outgoing;
}

function headersOf(core: Core, flow: Flow, plan: RequestPlan): (readonly [string, string])[] {
  const headers: (readonly [string, string])[] = [['max-forwards', '70']];
  for (const route of plan.routes) headers.push(['route', route]);
  headers.push(
    ['from', plan.from],
    ['to', plan.to],
    ['call-id', plan.callId],
    ['cseq', `${plan.seq} ${plan.method}`],
  );
  const named = plan.extra.find(([name]) => name.toLowerCase() === 'contact')?.[1];
  if (WITH_CONTACT.has(plan.method))
    headers.push(['contact', plan.dialog?.contact ?? contactOf(core, flow, named)]);
  if (plan.method === 'INVITE') headers.push(['allow', ALLOW]);
  for (const line of plan.extra) if (line[0].toLowerCase() !== 'contact') headers.push(line);
  return headers;
}

/** Where we can be reached on this flow; the application may name the user, as in From. */
function contactOf(core: Core, flow: Flow, named: string | undefined): string {
  const ours = contactFor(core, flow);
  const user = /^<sip:([^@>]+)@localhost>$/.exec(named ?? '')?.[1];
  return user === undefined ? ours : ours.replace('<sip:', `<sip:${user}@`);
}

/** What the application says about a request outside of dialogs; the rest is filled in. */
export interface OutsideRequest {
  readonly method: string;
  readonly uri: string;
  readonly headers: Headers;
  readonly body: string;
  /** The next hop, when it is not where the URI points. */
  readonly proxy: string | undefined;
  /** The request that is tried again with credentials (§22.2): same Call-ID and From, next CSeq. */
  readonly after: Outgoing | undefined;
}

export function planOutside(
  core: Core,
  request: OutsideRequest,
  onAnswer: (response: NetResponse) => void,
): RequestPlan {
  const { headers, after } = request;
  const host = core.hostport();
  const before = (name: string): string | undefined => after?.headers.find(([key]) => key === name)?.[1];
  // drachtio's own habit: the application writes "localhost" where the server's address belongs.
  const from =
    before('from') ?? address(headers['From'], `<sip:${host}>`).replace(/@localhost\b/, `@${host}`);
  return {
    method: request.method,
    uri: request.uri,
    nextHop: request.proxy ?? request.uri,
    from: tagOf(from) === undefined ? `${from};tag=${core.token()}` : from,
    to: address(headers['To'], `<${request.uri}>`),
    // Registrations keep theirs over all refreshes (§10.2.4).
    callId: before('call-id') ?? headers['Call-ID'] ?? core.token() + core.token(),
    seq: after === undefined ? (parseCSeq(headers['CSeq'])?.seq ?? 1) : after.seq + 1,
    routes: [],
    extra: appHeaders(headers, request.body),
    body: request.body,
    dialog: undefined,
    internal: false,
    onAnswer,
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
  method: string,
  extra: readonly (readonly [string, string])[],
  body: string,
  onAnswer: (response: NetResponse) => void,
  internal = false,
): RequestPlan {
  const route = routeOf(dialog);
  dialog.localSeq++;
  return {
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
    internal,
    onAnswer,
  };
}

type Way = Pick<RequestPlan, 'dialog' | 'nextHop' | 'routes'>;

/** The flow for a plan: the dialog's own where the address is of no use. */
function flowFor(core: Core, plan: Way): Flow | Promise<Flow> {
  if (plan.dialog && prefersFlow(plan.nextHop, plan.routes.length > 0, plan.dialog.flow))
    return plan.dialog.flow;
  return core.transports().route(plan.nextHop);
}

/** Runs `use` with the plan's flow, at once when it is there. */
export function withFlow(
  core: Core,
  plan: Way,
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
