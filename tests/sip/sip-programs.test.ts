import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { SipDialog } from '../../src/voice/ports.ts';
import type { Flow } from '../../src/voice/sip/embedded/flow.ts';
import { embedded, type OpenedEdge, PASSWORD } from '../contract/sip-edge-engines.ts';
import { SDP } from '../contract/sip-edge-peer.ts';
import { programs } from '../support/programs.ts';
import { freePort } from '../support/ports.ts';
import { sipp, stopProcess } from './sip-support.ts';

const SIPP = programs.sipp;
const BARESIP = programs.baresip;
let opened: OpenedEdge;
const children: ChildProcess[] = [];

/** Drops every fifth datagram in each direction, the same ones in every run. */
function lossy(): (flow: Flow) => Flow {
  let n = 0;
  return (flow) => ({
    ...pick(flow),
    get open() {
      return flow.open;
    },
    send: (text) => {
      if (n++ % 5 !== 1) flow.send(text);
    },
    close: () => flow.close(),
  });
}
const pick = ({ protocol, address, port, reliable }: Flow) => ({ protocol, address, port, reliable });

/** A second of nothing: WAV, 16 bit, 8 kHz, mono. */
function silence(): Buffer {
  const wav = Buffer.alloc(44 + 16_000);
  wav.write('RIFF');
  wav.writeUInt32LE(36 + 16_000, 4);
  wav.write('WAVEfmt ', 8);
  for (const [value, at] of [
    [16, 16],
    [8000, 24],
    [16_000, 28],
    [16_000, 40],
  ] as const)
    wav.writeUInt32LE(value, at);
  for (const [value, at] of [
    [1, 20],
    [1, 22],
    [2, 32],
    [16, 34],
  ] as const)
    wav.writeUInt16LE(value, at);
  wav.write('data', 36);
  return wav;
}

async function open(wrapUdp?: (flow: Flow) => Flow): Promise<void> {
  opened = await embedded.open(wrapUdp ? { wrapUdp } : {});
  opened.edge.setTrunks([{ id: 'demo', peers: ['127.0.0.1'], trustsAssertedIdentity: false }]);
}
function answerAll(): void {
  opened.edge.onInvite((call) => {
    call.ringing();
    call.answer(SDP(5000)).catch(() => undefined);
  });
}
afterEach(async () => {
  await opened.stop();
  await Promise.all(children.splice(0).map(stopProcess));
});

describe.skipIf(!SIPP)('sipp (needs the program sipp)', () => {
  beforeEach(() => open());
  const uac = (...more: string[]): Promise<{ code: number; log: string }> =>
    sipp(SIPP ?? '', ['-sn', 'uac', `127.0.0.1:${opened.port}`, '-i', '127.0.0.1', '-d', '50', ...more]);

  it('its uac scenario, 100 calls over UDP', async () => {
    answerAll();
    expect(await uac('-m', '100', '-r', '100')).toEqual({ code: 0, log: '' });
    expect(opened.stats?.().dialogs).toBe(0);
  });

  it('its uac scenario over TCP, one connection for all', async () => {
    answerAll();
    expect(await uac('-m', '20', '-r', '50', '-t', 't1')).toEqual({ code: 0, log: '' });
  });

  it('its uac scenario over TCP, one connection per call', async () => {
    answerAll();
    expect(await uac('-m', '10', '-r', '50', '-t', 'tn', '-max_socket', '100')).toMatchObject({ code: 0 });
  });

  it('is refused from 127.0.0.2', async () => {
    answerAll();
    const port = await freePort();
    const run = await sipp(SIPP ?? '', [
      ...['-sn', 'uac', `127.0.0.1:${opened.port}`, '-i', '127.0.0.2', '-p', String(port), '-m', '1'],
    ]);
    expect(run.code).not.toBe(0);
    expect(run.log).toContain('403');
  });

  it('its regexp scenario', async () => {
    // It wants letters or digits in the o= line.
    opened.edge.onInvite((call) => {
      call.answer(SDP(5000).replace('o=- ', 'o=ramal ')).catch(() => undefined);
    });
    const run = await sipp(SIPP ?? '', [
      ...['-sn', 'regexp', `127.0.0.1:${opened.port}`, '-i', '127.0.0.1', '-m', '3', '-d', '50'],
    ]);
    expect(run.code).toBe(0);
  });

  it('its branchc scenario registers without a password and gets no further than 401', async () => {
    const run = await sipp(SIPP ?? '', [
      ...['-sn', 'branchc', `127.0.0.1:${opened.port}`, '-i', '127.0.0.1', '-m', '1'],
    ]);
    expect(run.code).not.toBe(0);
    expect(run.log).toContain('401 Unauthorized');
    expect(run.log).not.toContain('INVITE');
  });

  it('its third party call control: our offer stands in the 200, the answer of the other side comes with the ACK', async () => {
    const [twin, far] = [await freePort(), await freePort()];
    const answers: Promise<SipDialog>[] = [];
    opened.edge.onInvite((call) => {
      expect(call.remoteSdp).toBe('');
      answers.push(call.answer(SDP(5000)));
    });
    const many = ['-i', '127.0.0.1', '-m', '3', '-3pcc', `127.0.0.1:${twin}`];
    const b = sipp(SIPP ?? '', ['-sn', '3pcc-B', '-i', '127.0.0.1', '-p', String(far), '-m', '3']);
    const cb = sipp(SIPP ?? '', ['-sn', '3pcc-C-B', `127.0.0.1:${far}`, ...many]);
    const side = (): Promise<{ code: number }> =>
      sipp(SIPP ?? '', ['-sn', '3pcc-C-A', `127.0.0.1:${opened.port}`, ...many]);
    let ca = await side();
    // 255: C-B does not listen yet; nothing was sent.
    for (let tries = 0; ca.code === 255 && tries < 40; tries++) ca = await side();
    expect(ca).toMatchObject({ code: 0 });
    expect(await cb).toMatchObject({ code: 0 });
    expect(await b).toMatchObject({ code: 0 });
    const dialogs = await Promise.all(answers);
    for (const dialog of dialogs) expect(dialog.remoteSdp).toContain('m=audio');
    expect(dialogs).toHaveLength(3);
  });

  it('its uas scenario is called by us and hung up', async () => {
    const port = await freePort();
    const far = sipp(SIPP ?? '', ['-sn', 'uas', '-i', '127.0.0.1', '-p', String(port), '-m', '5']);
    opened.edge.setTrunks([
      { id: 'out', peers: [], outboundUri: `sip:127.0.0.1:${port}`, trustsAssertedIdentity: false },
    ]);
    for (let i = 0; i < 5; i++) {
      const dialog = await opened.edge.invite({
        to: { kind: 'trunk', trunkId: 'out', number: '+5511999990000' },
        callerUser: '+551140004000',
        localSdp: SDP(5000),
      });
      expect(dialog.remoteSdp).toContain('m=audio');
      await dialog.bye();
    }
    expect(await far).toMatchObject({ code: 0 });
  });
});

describe.skipIf(!SIPP)('sipp with one answer in five lost (needs the program sipp)', () => {
  it('calls still come through', async () => {
    await open(lossy());
    answerAll();
    const run = await sipp(
      SIPP ?? '',
      ['-sn', 'uac', `127.0.0.1:${opened.port}`, '-i', '127.0.0.1', '-d', '50', '-m', '20', '-r', '20'],
      18,
    );
    expect(run.code).toBe(0);
  }, 30_000);
});

describe.skipIf(!BARESIP)('baresip (needs the program baresip)', () => {
  it('registers over UDP, is called, answers, and is hung up', async () => {
    await open();
    const dir = mkdtempSync(join(tmpdir(), 'baresip-'));
    try {
      const port = await freePort();
      writeFileSync(
        join(dir, 'config'),
        [
          `sip_listen 127.0.0.1:${port}`,
          `audio_source aufile,${join(dir, 'silence.wav')}`,
          `audio_player aufile,${join(dir, 'out.wav')}`,
          `audio_alert aufile,${join(dir, 'out.wav')}`,
          'module_path /usr/lib/baresip/modules',
          'module g711.so',
          'module aufile.so',
          'module_tmp uuid.so',
          'module_tmp account.so',
          'module_app menu.so',
          'rtp_ports 41000-41100',
        ].join('\n'),
      );
      writeFileSync(
        join(dir, 'accounts'),
        `<sip:ana@127.0.0.1:${opened.port}>;auth_user=ana;auth_pass="${PASSWORD}";answermode=auto;regint=120\n`,
      );
      writeFileSync(join(dir, 'contacts'), '');
      writeFileSync(join(dir, 'silence.wav'), silence());
      const registered = new Promise<void>((resolve) => {
        opened.edge.onRegistration((change) => {
          if (change.username === 'ana' && change.contacts === 1) resolve();
        });
      });
      const child = spawn(BARESIP ?? '', ['-f', dir], { stdio: ['pipe', 'ignore', 'ignore'] });
      children.push(child);
      await registered;
      const dialog: SipDialog = await opened.edge.invite({
        to: { kind: 'softphone', username: 'ana' },
        callerUser: '55',
        localSdp: SDP(5000),
      });
      expect(dialog.remoteSdp).toContain('PCMU');
      await dialog.bye('Done');
    } finally {
      rmSync(dir, { recursive: true, force: true });
    }
  });
});
