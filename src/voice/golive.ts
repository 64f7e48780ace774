/** What the go-live page asks of a company before its first real call. Pure: facts in, verdicts out. */
export interface GoLiveFacts {
  readonly server: {
    readonly production: boolean;
    readonly ownSecretKey: boolean;
    readonly httpLoopback: boolean;
    readonly secure: boolean;
    readonly publicUrl: string;
    readonly sipLoopback: boolean;
    readonly mailRelay: boolean;
    /** Asked of the running server; unknown without a user. */
    readonly demoData?: boolean;
  };
  readonly ready: { readonly ok: boolean; readonly failing: readonly string[] };
  readonly trunks: readonly {
    readonly name: string;
    readonly channels: number;
    readonly active: boolean;
    readonly direction: 'inbound' | 'outbound' | 'both';
  }[];
  readonly dids: readonly { readonly number: string; readonly flow: string; readonly active: boolean }[];
  readonly queues: readonly {
    readonly key: string;
    readonly active: boolean;
    readonly calendar: string | null;
  }[];
  readonly calendars: readonly { readonly key: string; readonly active: boolean; readonly opens: boolean }[];
  readonly mailboxes: readonly {
    readonly address: string;
    readonly queue: string;
    readonly active: boolean;
  }[];
  readonly operators: readonly { readonly username: string; readonly queues: readonly string[] }[];
  readonly flows: readonly {
    readonly file: string;
    readonly faults: number;
    /** Queues that its nodes name. */
    readonly queues: readonly string[];
    /** Recordings that its fixed texts would take. */
    readonly recordings: readonly string[];
  }[];
  /** Names of the files in ivr-flows/audio, without `.wav`. */
  readonly recordings: readonly string[];
  /** Callers that wait at once in the busiest hour. */
  readonly expectedQueue: number;
}

export interface Verdict {
  readonly ok: boolean;
  /** A required check that fails stops the go-live; the others are advice. */
  readonly required: boolean;
  readonly name: string;
  readonly reason: string;
}

const verdict = (required: boolean, name: string, ok: boolean, good: string, bad: string): Verdict => ({
  ok,
  required,
  name,
  reason: ok ? good : bad,
});
const required = (name: string, ok: boolean, good: string, bad: string): Verdict =>
  verdict(true, name, ok, good, bad);
const advised = (name: string, ok: boolean, good: string, bad: string): Verdict =>
  verdict(false, name, ok, good, bad);

/** What is known without anybody's password. */
export function serverChecks({ server, ready }: Pick<GoLiveFacts, 'server' | 'ready'>): Verdict[] {
  const { publicUrl } = server;
  return [
    required('motores', ready.ok, 'todos respondem em /readyz', `parados: ${ready.failing.join(', ')}`),
    required('produção', server.production, 'NODE_ENV=production', 'defina NODE_ENV=production'),
    required(
      'dados',
      server.demoData !== true,
      'sem dados de demonstração',
      'usuários e dados de demonstração: crie a empresa em um DATA_DIR vazio',
    ),
    required(
      'SECRET_KEY',
      server.ownSecretKey,
      'definida no ambiente',
      'usa a chave sorteada em DATA_DIR; defina SECRET_KEY e guarde uma cópia fora do servidor',
    ),
    required(
      'TLS',
      server.secure,
      server.httpLoopback
        ? 'a página é servida só neste computador ou por proxy'
        : 'certificado ou proxy definido',
      'sem TLS o navegador não entrega o microfone: defina TLS_CERT e TLS_KEY, ou TRUST_PROXY',
    ),
    required(
      'PUBLIC_URL',
      publicUrl.startsWith('https://'),
      publicUrl,
      `${publicUrl}: os outros computadores precisam de um endereço https`,
    ),
    required(
      'SIP_HOST',
      !server.sipLoopback,
      'alcançável pela operadora',
      'está em loopback: a operadora não alcança o servidor',
    ),
  ];
}

/** operators × 2 (talk and consultation) + expected queue (architecture.md, "Voice"). */
export function channelsNeeded(operators: number, expectedQueue: number): number {
  return operators * 2 + expectedQueue;
}

function voiceChecks(facts: GoLiveFacts): Verdict[] {
  const trunks = facts.trunks.filter((trunk) => trunk.active);
  const inbound = trunks.filter((trunk) => trunk.direction !== 'outbound');
  const channels = trunks.reduce((sum, trunk) => sum + trunk.channels, 0);
  const needed = channelsNeeded(facts.operators.length, facts.expectedQueue);
  const sum = `${facts.operators.length} operadores × 2 + ${facts.expectedQueue} na fila = ${needed}`;
  const dids = facts.dids.filter((did) => did.active);
  const files = new Map(facts.flows.map((flow) => [flow.file, flow]));
  const homeless = dids.filter((did) => files.get(did.flow)?.faults !== 0);
  return [
    required('tronco', inbound.length > 0, `${inbound.length} de entrada`, 'nenhum tronco de entrada ativo'),
    required(
      'canais',
      channels >= needed,
      `${channels} contratados, ${sum}`,
      `${channels} contratados são poucos: ${sum}`,
    ),
    required('números', dids.length > 0, `${dids.length} ativos`, 'nenhum número (DID) ativo'),
    required(
      'fluxos dos números',
      homeless.length === 0,
      'cada número tem um fluxo sem falhas',
      `fluxo ausente ou com falhas: ${homeless.map((did) => `${did.number} → ${did.flow}`).join(', ')}`,
    ),
    recordingCheck(facts, new Set(dids.map((did) => did.flow))),
  ];
}

function recordingCheck(facts: GoLiveFacts, used: ReadonlySet<string>): Verdict {
  const wanted = new Set(facts.flows.filter((f) => used.has(f.file)).flatMap((f) => f.recordings));
  const missing = [...wanted].filter((name) => !facts.recordings.includes(name));
  return advised(
    'gravações de estúdio',
    missing.length === 0,
    `${wanted.size} presentes`,
    `a voz sintética fala no lugar de: ${missing.map((name) => `audio/${name}.wav`).join(', ')}`,
  );
}

function queueChecks(facts: GoLiveFacts): Verdict[] {
  const active = facts.queues.filter((queue) => queue.active);
  const known = new Set(active.map((queue) => queue.key));
  const staffed = new Set(facts.operators.flatMap((operator) => operator.queues));
  const empty = active.filter((queue) => !staffed.has(queue.key)).map((queue) => queue.key);
  const named = facts.flows.flatMap((flow) => flow.queues.map((queue) => ({ from: flow.file, queue })));
  const mailed = facts.mailboxes
    .filter((mailbox) => mailbox.active)
    .map(({ address, queue }) => ({ from: address, queue }));
  const lost = [...named, ...mailed].filter(({ queue }) => !known.has(queue));
  const open = new Set(facts.calendars.filter((c) => c.active && c.opens).map((c) => c.key));
  const closed = active.filter((queue) => queue.calendar !== null && !open.has(queue.calendar));
  const timeless = active.filter((queue) => queue.calendar === null).map((queue) => queue.key);
  return [
    required('filas', active.length > 0, `${active.length} ativas`, 'nenhuma fila ativa'),
    required(
      'destinos',
      lost.length === 0,
      'fluxos e caixas levam a filas que existem',
      lost.map(({ from, queue }) => `${from} → ${queue} (fila ausente)`).join(', '),
    ),
    required(
      'operadores',
      empty.length === 0,
      `${facts.operators.length}, ao menos um em cada fila`,
      `filas sem operador: ${empty.join(', ')}`,
    ),
    required(
      'calendários',
      closed.length === 0,
      `${open.size} com horário`,
      `calendário ausente, inativo ou sempre fechado: ${closed.map((q) => `${q.key} → ${q.calendar ?? ''}`).join(', ')}`,
    ),
    advised(
      'horário das filas',
      timeless.length === 0,
      'cada fila tem calendário',
      `atendem sempre, por não terem calendário: ${timeless.join(', ')}`,
    ),
  ];
}

function mailChecks({ mailboxes, server }: GoLiveFacts): Verdict[] {
  const active = mailboxes.filter((mailbox) => mailbox.active);
  return [
    advised(
      'caixas de e-mail',
      active.length > 0,
      `${active.length} ativas`,
      'nenhuma caixa de e-mail ativa',
    ),
    verdict(
      active.length > 0,
      'envio de e-mail',
      server.mailRelay,
      'SMTP_URL definida',
      'sem SMTP_URL as respostas não saem: ficam na caixa de saída do simulador',
    ),
  ];
}

/** Every check, in the order in which a person would do them. */
export function goLiveChecks(facts: GoLiveFacts): Verdict[] {
  return [...serverChecks(facts), ...voiceChecks(facts), ...queueChecks(facts), ...mailChecks(facts)];
}

/** One line for people: ✓ done, ✗ stops the go-live, ! advice. */
export function verdictLine({ ok, required: must, name, reason }: Verdict): string {
  return `${ok ? '✓' : must ? '✗' : '!'} ${name}: ${reason}`;
}
