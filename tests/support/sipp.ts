import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from './ports.ts';
import { eventually } from './product.ts';

const scenario = join(import.meta.dirname, '../sip/scenarios/caller.xml');

export interface SippCall {
  /** SIP messages so far, as sipp wrote them. */
  readonly trace: () => string;
  /** The description in the 200 OK. */
  answered(limitMs?: number): Promise<string>;
  /** sipp's own verdict: 0 is success. */
  readonly ended: Promise<number | null>;
  stop(): void;
}

/** Moves the description from the INVITE to the ACK. */
function described(xml: string, where: 'invite' | 'ack'): string {
  if (where === 'invite') return xml;
  const description = /Content-Type: application\/sdp[\s\S]*?(?=\s*\]\]>)/.exec(xml)?.[0] ?? '';
  const [invite = '', rest = ''] = xml.replace(description, 'Content-Length: 0\n\n').split('ACK [next_url]');
  return `${invite}ACK [next_url]${rest.replace('Content-Length: 0\n', `${description}\n`)}`;
}

/** A key by signalling: the type of an INFO and what is in it. */
export interface InfoKey {
  readonly type: 'application/dtmf-relay' | 'application/dtmf' | `multipart/${string}`;
  readonly body: string;
}

/** Each in turn, half a second after what came before; the BYE counts on. */
function pressing(xml: string, keys: readonly InfoKey[]): string {
  const info = ({ type, body }: InfoKey, i: number): string => `
  <pause milliseconds="500"/>
  <send retrans="500"><![CDATA[
    INFO [next_url] SIP/2.0
    Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch]
    From: "Cliente" <sip:[caller]@[local_ip]:[local_port]>;tag=[pid]SIPpTag00[call_number]
    To: <sip:[service]@[remote_ip]:[remote_port]>[peer_tag_param]
    Call-ID: [call_id]
    CSeq: ${i + 2} INFO
    Max-Forwards: 70
    Content-Type: ${type}
    Content-Length: [len]

    ${body}
  ]]></send>
  <recv response="200"></recv>`;
  return xml
    .replace('<recv request="BYE"', `${keys.map(info).join('')}\n  <recv request="BYE"`)
    .replace('CSeq: 2 BYE', `CSeq: ${keys.length + 2} BYE`);
}

/** A port that nobody has here; the product refuses those below 1024. */
const NOBODY = 1025;

/** Real calls by sipp over the trunk; the sound is that of `rtpPort` (an RtpPeer), or of nobody. */
export async function sippCall(
  program: string,
  options: {
    readonly sipPort: number;
    readonly caller?: string;
    readonly called?: string;
    readonly rtpPort?: number;
    /** The caller hangs up after this long unless we do first, ms. */
    readonly hangUpMs?: number;
    readonly calls?: number;
    readonly perSecond?: number;
    readonly from?: string;
    readonly transport?: 'u1' | 't1';
    /** invite: its description is in the INVITE. ack: it waits for ours and answers in the ACK (RFC 3261 §13.2.1). */
    readonly describes?: 'invite' | 'ack';
    /** Keys that it sends by INFO, once the call is up. */
    readonly infoKeys?: readonly InfoKey[];
    /** Answers OPTIONS in the dialog, as telephones do; true by default. */
    readonly answersOptions?: boolean;
  },
): Promise<SippCall> {
  const dir = mkdtempSync(join(tmpdir(), 'ramal-sipp-'));
  const messages = join(dir, 'messages');
  const calls = options.calls ?? 1;
  // sipp's keywords are not expanded in a timeout, so the scenario is written with the number in it.
  const file = join(dir, 'caller.xml');
  const { writeFileSync } = await import('node:fs');
  writeFileSync(
    file,
    pressing(
      described(readFileSync(scenario, 'utf8'), options.describes ?? 'invite'),
      options.infoKeys ?? [],
    ).replace('[hangup]', String(options.hangUpMs ?? 600_000)),
  );
  const child = spawn(
    program,
    [
      '-sf',
      file,
      '-s',
      options.called ?? '+551140004000',
      '-i',
      options.from ?? '127.0.0.1',
      '-p',
      String(await freePort()),
      '-m',
      String(calls),
      '-l',
      String(calls),
      '-r',
      String(options.perSecond ?? calls),
      '-t',
      options.transport ?? 'u1',
      '-key',
      'caller',
      options.caller ?? '+5511987654321',
      '-key',
      'rtp',
      String(options.rtpPort ?? NOBODY),
      '-trace_msg',
      '-message_file',
      messages,
      '-nostdin',
      ...(options.answersOptions === false ? [] : ['-aa']),
      `127.0.0.1:${options.sipPort}`,
    ],
    { stdio: 'ignore', cwd: dir },
  );
  const ended = new Promise<number | null>((done) =>
    child.once('exit', (code) => {
      last = read();
      rmSync(dir, { recursive: true, force: true });
      done(code);
    }),
  );
  let last = '';
  const read = (): string => {
    try {
      return readFileSync(messages, 'utf8');
    } catch {
      return last;
    }
  };
  return {
    trace: () => (last === '' ? read() : last),
    ended,
    async answered(limitMs = 10_000) {
      const text = await eventually(
        'the answer',
        () => Promise.resolve(read()),
        (t) => /SIP\/2\.0 200[\s\S]*m=audio/.test(t),
        limitMs,
      );
      return (
        /SIP\/2\.0 200[\s\S]*/
          .exec(text)?.[0]
          .split(/\r?\n\r?\n/)
          .slice(1)
          .join('\n\n') ?? ''
      );
    },
    stop: () => void child.kill('SIGKILL'),
  };
}
