import { systemClock } from '../../shared/clock.ts';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { parseDocument } from '../../shared/br/documents.ts';
import { parsePhone } from '../../shared/br/phone.ts';
import { type SampleSubscriber, sampleSubscribers } from './data.ts';

interface Control {
  delayMs: number;
  mode: 'ok' | 'html' | 'error' | 'dead';
}

const DAY_MS = 86_400_000;
const day = (ms: number): string => new Date(ms).toISOString().slice(0, 10);

/** Invoices as an ERP lists them: the overdue ones, the open one and the next. */
function invoices(subscriber: SampleSubscriber, now: number): unknown[] {
  return subscriber.contratos.flatMap((contract) => {
    const overdue = Array.from({ length: contract.vencidas }, (_, i) => ({
      due: now - (12 + 30 * i) * DAY_MS,
      status: 'overdue',
    }));
    const coming = [0, 1].map((i) => ({ due: now + (8 + 30 * i) * DAY_MS, status: 'open' }));
    return [...overdue, ...coming].map(({ due, status }, i) => ({
      id: `${contract.id}-F${i + 1}`,
      contractId: contract.id,
      amountCents: contract.valorCents,
      dueOn: day(due),
      status,
      digitableLine: `34191.79001 01043.51004${i} 91020.150008 ${i + 1} 0000${contract.valorCents}`,
      pixCode: `00020126SAMPLE${contract.id}${i}`,
    }));
  });
}

const SECTIONS: Record<string, (s: SampleSubscriber, now: number) => unknown> = {
  contratos: (s) =>
    s.contratos.map((c) => ({
      id: c.id,
      plan: c.plano,
      status: c.status,
      address: s.endereco,
      login: c.login,
    })),
  faturas: invoices,
  conexoes: (s, now) =>
    s.contratos.map((c) => ({
      contractId: c.id,
      login: c.login,
      online: c.online,
      sinceAt: new Date(now - 3 * DAY_MS).toISOString(),
      lastDropAt: new Date(now - 3 * DAY_MS - 120_000).toISOString(),
      dropReason: 'Lost-Carrier',
      rxDbm: -21.4,
    })),
  chamados: (s, now) =>
    s.codigo === '1001'
      ? [
          {
            id: 'T-501',
            subject: 'Lentidão à noite',
            status: 'resolvido',
            openedAt: new Date(now - 40 * DAY_MS).toISOString(),
          },
        ]
      : [],
  falhas: (s, now) =>
    s.bairro === 'Santa Luzia'
      ? [
          {
            district: s.bairro,
            message: 'Rompimento de fibra, previsão 18h',
            sinceAt: new Date(now - 3_600_000).toISOString(),
          },
        ]
      : [],
};

const publicPart = ({ contratos: _contratos, ...rest }: SampleSubscriber) => rest;

function search(all: readonly SampleSubscriber[], query: URLSearchParams): unknown[] {
  const phone = parsePhone(query.get('telefone') ?? '')?.tail;
  const document = parseDocument(query.get('documento') ?? '')?.value;
  const email = query.get('email')?.toLowerCase();
  return all
    .filter(
      (s) =>
        (phone !== undefined && s.telefones.some((t) => parsePhone(t)?.tail === phone)) ||
        (document !== undefined && parseDocument(s.documento)?.value === document) ||
        (email !== undefined && s.emails.includes(email)),
    )
    .map(publicPart);
}

function respond(all: readonly SampleSubscriber[], url: URL): { status: number; body: unknown } {
  const [root, id, section] = url.pathname.split('/').slice(1);
  if (root !== 'clientes') return { status: 404, body: { erro: 'rota desconhecida' } };
  if (id === undefined || id === '')
    return { status: 200, body: url.search === '' ? all.map(publicPart) : search(all, url.searchParams) };
  const subscriber = all.find((s) => s.codigo === id);
  if (subscriber === undefined) return { status: 404, body: { erro: 'cliente não encontrado' } };
  if (section === undefined) return { status: 200, body: publicPart(subscriber) };
  const build = SECTIONS[section];
  return build === undefined
    ? { status: 404, body: { erro: 'seção desconhecida' } }
    : { status: 200, body: build(subscriber, systemClock.now()) };
}

async function readControl(request: IncomingMessage, control: Control): Promise<boolean> {
  let text = '';
  for await (const chunk of request) text += String(chunk);
  try {
    const wish = JSON.parse(text) as Partial<Control>;
    if (wish.mode !== undefined && !['ok', 'html', 'error', 'dead'].includes(wish.mode)) return false;
    if (wish.delayMs !== undefined && !(wish.delayMs >= 0 && wish.delayMs <= 600_000)) return false;
    Object.assign(control, wish);
    return true;
  } catch {
    return false;
  }
}

function send(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json; charset=utf-8' });
  response.end(JSON.stringify(body));
}

/** The demo's ERP: 200 subscribers over HTTP; `PUT /_control {delayMs, mode: ok|html|error|dead}` makes it misbehave. */
export function createSampleErp(): Server {
  const all = sampleSubscribers();
  const control: Control = { delayMs: 0, mode: 'ok' };
  const misbehave: Record<Control['mode'], (request: IncomingMessage, response: ServerResponse) => void> = {
    ok(request, response) {
      const { status, body } = respond(all, new URL(request.url ?? '/', 'http://erp'));
      send(response, status, body);
    },
    html(_request, response) {
      response.writeHead(200, { 'content-type': 'text/html' });
      response.end('<div style="color:red">Ocorreu um erro ao processar</div>');
    },
    error: (_request, response) => send(response, 500, { erro: 'erro interno' }),
    dead: (request) => request.socket.destroy(),
  };
  return createServer((request, response) => {
    if (request.url === '/_control' && request.method === 'PUT') {
      void readControl(request, control).then((good) => send(response, good ? 200 : 400, control));
      return;
    }
    const timer = systemClock.after(control.delayMs, () => misbehave[control.mode](request, response));
    response.on('close', () => timer.cancel());
  });
}
