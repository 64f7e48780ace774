import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { type BenchPhone, createBenchPhone } from './sip-phone.ts';
import type { Contender } from './callcenter.ts';
import { ended, freePort, until } from './processes.ts';

const PASSWORD = 'bench';
const QUEUE = 'bench@default';
const MODULES = ['commands', 'dptools', 'dialplan_xml', 'sofia', 'event_socket', 'callcenter'];

const params = (values: Record<string, string | number | boolean>): string =>
  Object.entries(values)
    .map(([name, value]) => `<param name="${name}" value="${value}"/>`)
    .join('\n');

const configuration = (name: string, body: string): string =>
  `<configuration name="${name}.conf">\n${body}\n</configuration>`;

/**
 * The least FreeSWITCH that has a queue. mod_callcenter is as it comes (its own database, 100 ms dispatcher); what is
 * raised over stock are the ceilings on sessions, so that the load fits.
 */
function config(ports: { sip: number; events: number; rtp: number }): string {
  const sections = [
    configuration(
      'modules',
      `<modules>${MODULES.map((m) => `<load module="mod_${m}"/>`).join('\n')}</modules>`,
    ),
    configuration(
      'switch',
      `<settings>${params({
        loglevel: 'warning',
        'max-sessions': 2000,
        'sessions-per-second': 500,
        'rtp-start-port': ports.rtp,
        'rtp-end-port': ports.rtp + 4000,
      })}</settings>`,
    ),
    configuration(
      'event_socket',
      `<settings>${params({ 'listen-ip': '127.0.0.1', 'listen-port': ports.events, password: PASSWORD })}</settings>`,
    ),
    configuration(
      'sofia',
      `<profiles><profile name="bench"><settings>${params({
        'sip-ip': '127.0.0.1',
        'rtp-ip': '127.0.0.1',
        'sip-port': ports.sip,
        context: 'default',
        dialplan: 'XML',
        'auth-calls': false,
        'enable-timer': false,
        'inbound-codec-prefs': 'PCMU',
        'outbound-codec-prefs': 'PCMU',
      })}</settings></profile></profiles>`,
    ),
    configuration(
      'callcenter',
      `<settings/><queues><queue name="${QUEUE}">${params({
        strategy: 'longest-idle-agent',
        'moh-sound': 'silence_stream://-1',
        'time-base-score': 'queue',
        'max-wait-time': 0,
        'tier-rules-apply': false,
      })}</queue></queues><agents/><tiers/>`,
    ),
  ];
  return `<?xml version="1.0"?>
<document type="freeswitch/xml">
<section name="configuration">
${sections.join('\n')}
</section>
<section name="dialplan"><context name="default">
<extension name="queue"><condition field="destination_number" expression="^queue$">
<action application="answer"/>
<action application="callcenter" data="${QUEUE}"/>
</condition></extension>
</context></section>
</document>
`;
}

/** The event socket: commands are answered in their order. */
interface EventSocket {
  api(command: string): Promise<string>;
  close(): void;
}

function readAnswers(socket: Socket, waiting: ((answer: string) => void)[]): void {
  let buffer = '';
  socket.setEncoding('latin1').on('data', (chunk: string) => {
    buffer += chunk;
    for (;;) {
      const end = buffer.indexOf('\n\n');
      if (end < 0) return;
      const length = Number(/^Content-Length: (\d+)/m.exec(buffer.slice(0, end))?.[1] ?? 0);
      if (buffer.length < end + 2 + length) return;
      const head = buffer.slice(0, end);
      const body = buffer.slice(end + 2, end + 2 + length);
      buffer = buffer.slice(end + 2 + length);
      waiting.shift()?.(length > 0 ? body : head);
    }
  });
}

async function openEvents(port: number): Promise<EventSocket> {
  const socket = await new Promise<Socket>((resolve, reject) => {
    const attempt = connect({ port, host: '127.0.0.1', noDelay: true });
    attempt.once('connect', () => resolve(attempt)).once('error', reject);
  });
  socket.on('error', () => undefined);
  const waiting: ((answer: string) => void)[] = [];
  const answer = (): Promise<string> => new Promise((resolve) => waiting.push(resolve));
  const greeting = answer();
  readAnswers(socket, waiting);
  await greeting;
  const send = (line: string): Promise<string> => {
    const answered = answer();
    socket.write(`${line}\n\n`);
    return answered;
  };
  const reply = await send(`auth ${PASSWORD}`);
  if (!reply.includes('+OK')) throw new Error('FreeSWITCH refused the event socket');
  return { api: (command) => send(`api ${command}`), close: () => socket.destroy() };
}

/** One queue of mod_callcenter; agent `a0` is measured, `busy` others are in calls (rows that its dispatcher reads). */
async function addAgents(events: EventSocket, phone: BenchPhone, busy: number): Promise<void> {
  const names = ['a0', ...Array.from({ length: busy }, (_, i) => `b${i}`)];
  for (const name of names) {
    const run = (command: string): Promise<string> => events.api(`callcenter_config ${command}`);
    await run(`agent add ${name} callback`);
    await run(`agent set contact ${name} sofia/bench/sip:${name}@127.0.0.1:${phone.port}`);
    for (const setting of ['max_no_answer', 'wrap_up_time', 'reject_delay_time', 'busy_delay_time'])
      await run(`agent set ${setting} ${name} 0`);
    await run(`tier add ${QUEUE} ${name} 1 1`);
    await run(`agent set state ${name} ${name === 'a0' ? 'Waiting' : `'In a queue call'`}`);
    await run(`agent set status ${name} ${name === 'a0' ? `'Logged Out'` : 'Available'}`);
  }
}

function launch(binary: string, dir: string, ports: Parameters<typeof config>[0]): ChildProcess {
  const place = (name: string): string => {
    mkdirSync(join(dir, name), { recursive: true });
    return join(dir, name);
  };
  const names = ['conf', 'log', 'db', 'run', 'storage', 'recordings', 'cache', 'temp'];
  const folders = names.flatMap((name) => [`-${name}`, place(name)]);
  writeFileSync(join(dir, 'conf', 'freeswitch.xml'), config(ports));
  // Without real-time priority: both sides run at the priority of this program.
  const args = ['-nf', '-nc', '-nonat', '-nonatmap', '-np', ...folders];
  return spawn(binary, args, { stdio: 'ignore' });
}

export async function createFreeSwitch(binary: string, dir: string, busy: number): Promise<Contender> {
  const ports = { sip: await freePort('udp'), events: await freePort('tcp'), rtp: 50_000 };
  const child = launch(binary, dir, ports);
  const phone = await createBenchPhone();
  const events = await until(() => openEvents(ports.events), 20_000, 'FreeSWITCH to start');
  await until(
    async () => {
      if (!(await events.api('sofia status')).includes('RUNNING')) throw new Error('not yet');
    },
    20_000,
    'the SIP profile of FreeSWITCH',
  );
  await addAgents(events, phone, busy);
  const status = (value: string): Promise<string> =>
    events.api(`callcenter_config agent set status a0 '${value}'`);
  return {
    name: 'mod_callcenter',
    sipPort: ports.sip,
    extension: 'queue',
    pid: child.pid ?? 0,
    async waiting() {
      const text = await events.api(`callcenter_config queue count members ${QUEUE} Waiting`);
      return Number(/\d+/.exec(text)?.[0] ?? 0);
    },
    async trial(withinMs) {
      const ringing = phone.ring(withinMs);
      const from = performance.now();
      void status('Available');
      const ring = await ringing;
      await status('Logged Out');
      ring?.decline();
      return ring === undefined ? undefined : { wireMs: ring.at - from };
    },
    async stop() {
      events.close();
      phone.stop();
      child.kill('SIGKILL');
      await ended(child);
    },
  };
}
