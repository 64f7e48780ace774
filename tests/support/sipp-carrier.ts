import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from './ports.ts';

export const ACCOUNT = { username: '551140004000', password: 'very secret' } as const;

/** What the registrar expects of the next REGISTER, and what it says to it. */
export interface RegisterStep {
  /** What it must ask for, s. */
  readonly expires?: number;
  /** Its number in the Call-ID. */
  readonly cseq?: number;
  /** nothing: it says not a word. With a password it is 403 where that is wrong. */
  readonly says:
    | 'nothing'
    | 'challenge'
    | { readonly grants: number }
    | { readonly status: number; readonly reason: string; readonly header?: string };
}

const DIGEST = 'Digest realm="carrier", nonce="9f2c1a", qop="auth", algorithm=MD5';
const LIMIT_MS = 20_000;

const answer = (line: string, more: readonly string[] = [], attributes = ''): string => `
  <send${attributes}><![CDATA[
    SIP/2.0 ${line}
    [last_Via:]
    [last_From:]
    [last_To:];tag=[pid]SIPpTag[call_number]
    [last_Call-ID:]
    [last_CSeq:]
${more.map((header) => `    ${header}\n`).join('')}    Content-Length: 0

  ]]></send>`;

/** A request, checked: a header that does not fit ends the call as failed. */
const hears = (method: string, name: string, fits: readonly string[], secret: boolean): string => `
  <recv request="${method}" timeout="${LIMIT_MS}"><action>
${fits
  .map(
    (regexp, i) =>
      `    <ereg regexp="${regexp}" search_in="msg" check_it="true" assign_to="${name}f${i}"/>\n`,
  )
  .join('')}${
  secret
    ? `    <verifyauth assign_to="${name}p" username="${ACCOUNT.username}" password="${ACCOUNT.password}"/>\n`
    : ''
}  </action></recv>${
  secret
    ? `\n  <nop test="${name}p" next="${name}"/>${answer('403 Wrong Password')}\n  <label id="${name}"/>`
    : ''
}`;

function registerXml({ expires, cseq, says }: RegisterStep, i: number): string {
  const fits = [
    ...(expires === undefined ? [] : [`[Ee]xpires: *${expires}[^0-9]`]),
    ...(cseq === undefined ? [] : [`[Cc][Ss]eq: *${cseq} REGISTER`]),
  ];
  const heard = (secret: boolean): string => hears('REGISTER', `${100 + i}`, fits, secret);
  if (says === 'nothing') return heard(false);
  if (says === 'challenge') return heard(false) + answer('401 Unauthorized', [`WWW-Authenticate: ${DIGEST}`]);
  if ('grants' in says)
    return (
      heard(true) + answer('200 OK', [`Contact: <sip:${ACCOUNT.username}@127.0.0.1>;expires=${says.grants}`])
    );
  return (
    heard(false) + answer(`${says.status} ${says.reason}`, says.header === undefined ? [] : [says.header])
  );
}

/** A call to it: 407, the password, ringing, an answer, and our goodbye. */
const callXml = (): string => `
  <label id="1"/>${answer('407 Proxy Authentication Required', [`Proxy-Authenticate: ${DIGEST}`])}
  <recv request="ACK" timeout="${LIMIT_MS}"/>${hears('INVITE', '200', ['[Pp]roxy-[Aa]uthorization: *Digest'], false)}${answer('100 Trying')}${answer('180 Ringing')}
  <send retrans="500"><![CDATA[
    SIP/2.0 200 OK
    [last_Via:]
    [last_From:]
    [last_To:];tag=[pid]SIPpTag[call_number]
    [last_Call-ID:]
    [last_CSeq:]
    Contact: <sip:carrier@[local_ip]:[local_port]>
    Content-Type: application/sdp
    Content-Length: [len]

    v=0
    o=carrier 1 1 IN IP4 127.0.0.1
    s=-
    c=IN IP4 127.0.0.1
    t=0 0
    m=audio 4000 RTP/AVP 0
  ]]></send>
  <recv request="ACK" timeout="${LIMIT_MS}"/>
  <recv request="BYE" timeout="${LIMIT_MS}"/>
  <send><![CDATA[
    SIP/2.0 200 OK
    [last_Via:]
    [last_From:]
    [last_To:]
    [last_Call-ID:]
    [last_CSeq:]
    Content-Length: 0

  ]]></send>`;

/** Every variable of a scenario is named twice, or sipp refuses it. */
function scenario(steps: readonly RegisterStep[], takesCall: boolean): string {
  const [first, ...others] = steps.map(registerXml);
  const body = takesCall
    ? `<recv request="INVITE" optional="true" next="1"></recv>${first ?? ''}${others.join('')}
  <nop next="9"/>${callXml()}
  <label id="9"/><nop/>`
    : `${first ?? ''}${others.join('')}`;
  const names = [...body.matchAll(/assign_to="(\w+)"/g)].map(([, name]) => name ?? '');
  return `<?xml version="1.0" encoding="ISO-8859-1" ?>
<scenario name="carrier">
  ${body}
  ${names.length === 0 ? '' : `<Reference variables="${names.join(',')}"/>`}
</scenario>
`;
}

export interface Carrier {
  readonly port: number;
  /** sipp's own verdict: 0 is success. */
  readonly ended: Promise<number | null>;
  /** SIP messages so far, as sipp wrote them. */
  trace(): string;
  stop(): void;
}

/** A carrier's registrar that is not ours: sipp, which takes the REGISTERs of one Call-ID in this order, and a call if asked to. */
export async function sippCarrier(
  program: string,
  steps: readonly RegisterStep[],
  { takesCall = false } = {},
): Promise<Carrier> {
  const dir = mkdtempSync(join(tmpdir(), 'ramal-carrier-'));
  const port = await freePort();
  const [file, messages] = [join(dir, 'carrier.xml'), join(dir, 'messages')];
  writeFileSync(file, scenario(steps, takesCall));
  const child = spawn(
    program,
    [
      ...['-sf', file, '-i', '127.0.0.1', '-p', String(port), '-t', 'u1', '-m', takesCall ? '2' : '1'],
      ...['-trace_msg', '-message_file', messages, '-nostdin', '-deadcall_wait', '0'],
    ],
    { stdio: 'ignore', cwd: dir },
  );
  let last = '';
  const trace = (): string => {
    try {
      last = readFileSync(messages, 'utf8');
    } catch {
      // Nothing yet, or over.
    }
    return last;
  };
  const ended = new Promise<number | null>((done) =>
    child.once('exit', (code) => {
      trace();
      rmSync(dir, { recursive: true, force: true });
      done(code);
    }),
  );
  return { port, ended, trace, stop: () => void child.kill('SIGKILL') };
}
