import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createRtpPeer, type RtpPeer } from '../support/audio.ts';
import { contacts } from '../support/contacts.ts';
import { eventually, type Product, startProduct } from '../support/product.ts';
import { programs } from '../support/programs.ts';
import { type InfoKey, type SippCall, sippCall } from '../support/sipp.ts';

const { sipp } = programs;

/** A key that counts twice answers the second menu as well. */
const FLOW = `
flow: principal
language: pt-BR
start: primeiro
nodes:
  primeiro:
    menu: "Atendente, 1. Cancelar, 2. Reclamar, 3."
    timeoutMs: 8000
    attempts: 1
    options: { "1": segundo, "2": filaFinanceiro, "3": filaRetencao }
    otherwise: filaSuporte
  segundo:
    menu: "Tecle de novo."
    timeoutMs: 2500
    attempts: 1
    options: { "1": filaOuvidoria, "2": filaRetencao }
    otherwise: filaSuporte
  filaSuporte: { queue: suporte }
  filaFinanceiro: { queue: financeiro }
  filaRetencao: { queue: retencao }
  filaOuvidoria: { queue: ouvidoria }
`;
const relay = (signal: string): InfoKey => ({
  type: 'application/dtmf-relay',
  body: `Signal=${signal}\n    Duration=160`,
});
/** As a gateway wraps it that speaks ISUP. */
const wrapped = (signal: string): InfoKey => ({
  type: 'multipart/mixed;boundary=b1',
  body: [
    ...['--b1', 'Content-Type: application/isup;version=itu-t92+', '', 'x'],
    ...['--b1', 'Content-Type: application/dtmf-relay', '', `Signal=${signal}`, 'Duration=160', '--b1--'],
  ].join('\n    '),
});
const plain = (signal: string): InfoKey => ({ type: 'application/dtmf', body: signal });

interface Detail {
  readonly timeline: readonly { readonly kind: string; readonly data?: Readonly<Record<string, unknown>> }[];
}

describe.skipIf(sipp === undefined)('keys by SIP INFO in a menu (sipp)', () => {
  let product: Product;
  const calls: SippCall[] = [];
  const peers: RtpPeer[] = [];
  let serial = 0;

  beforeAll(async () => {
    product = await startProduct({}, { 'principal.yaml': FLOW });
  }, 90_000);
  afterAll(async () => {
    for (const call of calls) call.stop();
    await Promise.all(peers.map((peer) => peer.close()));
    await product.end();
  });

  /** A caller with a number of its own; `reached` is where the flow took it, and which keys the menus saw. */
  async function caller(infoKeys: readonly InfoKey[]) {
    const number = `+55113333${String(4000 + serial++)}`;
    const peer = await createRtpPeer();
    const call = await sippCall(sipp ?? '', {
      ...{ sipPort: product.sipPort, rtpPort: peer.port, caller: number, infoKeys },
    });
    calls.push(call);
    peers.push(peer);
    peer.connect(await call.answered());
    return {
      ...{ peer, call },
      async reached(): Promise<{ queue: string | null; keys: unknown[] }> {
        const waiting = await eventually(
          'the queue',
          async () =>
            (await contacts(product, 'channel=voice')).find((one) => one.contact.address === number),
          (one) => one?.state === 'queued',
          30_000,
        );
        const { timeline } = await product.api<Detail>(
          'supervisor',
          'GET',
          `/api/v1/interactions/${waiting?.id ?? ''}`,
        );
        const keys = timeline.filter(({ kind }) => kind === 'flow.menu').map(({ data }) => data?.['key']);
        return { queue: waiting?.queue ?? null, keys };
      },
    };
  }
  const infoIsAnswered = (call: SippCall): Promise<string> =>
    eventually(
      'the answer to INFO',
      () => Promise.resolve(call.trace()),
      (trace) => /SIP\/2\.0 200[\s\S]*?CSeq: 2 INFO/.test(trace.slice(trace.search(/^INFO /m))),
    );

  it.each([
    ['application/dtmf-relay', relay('2'), 'financeiro', '2'],
    ['application/dtmf', plain('3'), 'retencao', '3'],
    ['multipart/mixed', wrapped('2'), 'financeiro', '2'],
  ] as const)(
    '%s: the key chosen in the menu leads to its queue',
    { timeout: 60_000 },
    async (_type, key, queue, pressed) => {
      const { reached } = await caller([key]);
      expect(await reached()).toEqual({ queue, keys: [pressed] });
    },
  );

  it('two keys by INFO are two keys', { timeout: 60_000 }, async () => {
    const { reached } = await caller([relay('1'), relay('1')]);
    expect(await reached()).toEqual({ queue: 'ouvidoria', keys: ['1', '1'] });
  });

  it('different keys by INFO and by RFC 4733, one after the other at once, are two', {
    timeout: 60_000,
  }, async () => {
    const { peer, call, reached } = await caller([relay('1')]);
    await infoIsAnswered(call);
    await peer.press('2');
    expect(await reached()).toEqual({ queue: 'retencao', keys: ['1', '2'] });
  });

  it('the same key by RFC 4733 and then by INFO is one key', { timeout: 60_000 }, async () => {
    const { peer, call, reached } = await caller([relay('1')]);
    await peer.press('1');
    await infoIsAnswered(call);
    expect(await reached()).toEqual({ queue: 'suporte', keys: ['1', null] });
  });

  it('the same key by INFO and then by RFC 4733 is one key', { timeout: 60_000 }, async () => {
    const { peer, call, reached } = await caller([plain('1')]);
    await infoIsAnswered(call);
    await peer.press('1');
    expect(await reached()).toEqual({ queue: 'suporte', keys: ['1', null] });
  });
});
