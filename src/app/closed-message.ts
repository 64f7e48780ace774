import type { Directory } from '../company/index.ts';
import type { Queues } from '../queue/index.ts';

/** The sentence that a caller hears while the queue's calendar is closed; undefined when it is open. */
export function closedMessage(
  directory: Directory,
  queues: Queues,
  companyId: string,
  queue: string,
): string | undefined {
  const { calendar } = queues.settings(companyId, queue);
  if (calendar === null || directory.isOpen(companyId, calendar)) return undefined;
  const opensAt = directory.nextOpening(companyId, calendar);
  const closed = 'Nosso atendimento está fechado agora. Seu protocolo foi registrado.';
  if (opensAt === undefined) return closed;
  const timeZone = directory.company(companyId)?.timeZone ?? 'America/Sao_Paulo';
  const when = new Intl.DateTimeFormat('pt-BR', {
    timeZone,
    weekday: 'long',
    hour: 'numeric',
    minute: '2-digit',
  }).formatToParts(new Date(opensAt));
  const part = (type: string) => when.find((p) => p.type === type)?.value ?? '';
  const minutes = part('minute') === '00' ? '' : ` e ${part('minute')}`;
  return `${closed} Voltamos a atender ${part('weekday')}, às ${part('hour')} horas${minutes}.`;
}
