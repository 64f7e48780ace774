import type { SrfDialog, SrfLike, SrfRequest, SrfResponse, UacOptions } from '../srf-types.ts';
import { type OutsideRequest, planOutside, sendOn, withFlow } from './client-requests.ts';
import type { Core, Headers, Outgoing } from './core.ts';
import type { Flow } from './flow.ts';
import { NativeDialog } from './native-dialog.ts';
import { credentialsFor, NativeAnswer, NativeRequest, readResponse } from './native-messages.ts';
import { sendCancel } from './outgoing-request.ts';
import { respond } from './respond.ts';
import { acknowledge } from './uac.ts';
import { ALLOW } from './validate.ts';

type Handler = (request: SrfRequest, response: SrfResponse, next: () => void) => void;

/** drachtio-srf's API straight on the core: no second parse, no socket in between (ADR 0003). */
export function createNativeSrf(core: Core): SrfLike {
  const handlers = new Map<string, Handler>();
  core.onRequest = (incoming) => {
    const answer = new NativeAnswer(core, incoming);
    const handler = handlers.get((incoming.message.method ?? '').toLowerCase());
    if (handler) handler(new NativeRequest(incoming), answer, () => undefined);
    else answer.send(405, undefined, { headers: { Allow: ALLOW } });
  };
  return {
    use: (method, handler) => handlers.set(method, handler),
    createUAS(request, _response, { localSdp, headers }, callback) {
      if (!(request instanceof NativeRequest)) throw new TypeError('a request of another engine');
      const { incoming } = request;
      const answer = { status: 200, reason: 'OK', headers, body: localSdp };
      const result = respond(core, incoming, answer);
      if (!result.sent || !result.dialog) callback(new Error('cancelled meanwhile'), undefined as never);
      else
        callback(null, new NativeDialog(core, result.dialog, { remoteSdp: request.body, auth: undefined }));
    },
    createUAC(uri, options, progress, callback) {
      call(core, uri, options, progress, callback);
    },
    request(uri, options, callback) {
      ask(core, uri, options, callback);
    },
  };
}

function ask(
  core: Core,
  uri: string,
  { method, headers, proxy }: Parameters<SrfLike['request']>[1],
  callback: Parameters<SrfLike['request']>[2],
): void {
  let tell: (response: SrfResponse) => void = () => undefined;
  const request: OutsideRequest = { method, uri, headers, body: '', proxy, after: undefined };
  const plan = planOutside(core, request, (response) => {
    if (response.status >= 200) tell(readResponse(response));
  });
  const sent = (flow: Flow): void => {
    const outgoing = sendOn(core, flow, plan);
    const on = (_event: string, handler: unknown) => (tell = handler as typeof tell);
    callback(null, { ...cancelHandle(core, outgoing, uri), method, on });
  };
  withFlow(core, plan, sent, (reason) => callback(new Error(reason), undefined as unknown as SrfRequest));
}

type CreateUac = Parameters<SrfLike['createUAC']>;

function call(
  core: Core,
  uri: string,
  options: UacOptions,
  progress: CreateUac[2],
  callback: CreateUac[3],
): void {
  const failed = (status: number, reason: string, res?: SrfResponse): void => {
    callback({ status, reason, res }, undefined as unknown as SrfDialog);
  };
  const attempt = (headers: Headers, after: Outgoing | undefined, answered: readonly number[]): void => {
    const { localSdp: body, proxy } = options;
    const request: OutsideRequest = { method: 'INVITE', uri, headers, body, proxy, after };
    let sent: Outgoing | undefined;
    const plan = planOutside(core, request, (response) => {
      const { status } = response;
      if (status < 200) {
        progress.cbProvisional(readResponse(response));
        return;
      }
      if (status < 300) {
        if (!sent?.dialog) return;
        acknowledge(core, sent.dialog, '');
        const { auth } = options;
        callback(null, new NativeDialog(core, sent.dialog, { remoteSdp: response.message.body, auth }));
        return;
      }
      const credentials = credentialsFor(core, response, options.auth, 'INVITE', uri, answered);
      if (credentials && sent && !sent.cancelWanted) {
        progress.cbChallenged?.();
        attempt({ ...headers, ...credentials }, sent, [...answered, status]);
      } else failed(status, response.message.reason, readResponse(response));
    });
    withFlow(
      core,
      plan,
      (flow) => {
        const outgoing = sendOn(core, flow, plan);
        sent = outgoing;
        progress.cbRequest(null, cancelHandle(core, outgoing, uri));
      },
      (reason) => {
        failed(503, reason);
      },
    );
  };
  attempt(options.headers, undefined, []);
}

function cancelHandle(core: Core, outgoing: Outgoing, uri: string): SrfRequest {
  const { flow } = outgoing;
  return {
    method: 'INVITE',
    uri,
    protocol: flow.protocol,
    source_address: flow.address,
    source_port: flow.port,
    body: '',
    get: () => undefined,
    has: () => false,
    on: () => undefined,
    cancel: () => {
      sendCancel(core, outgoing);
    },
  };
}
