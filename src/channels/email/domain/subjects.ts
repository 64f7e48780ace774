/** Subjects by which machines are known (RFC 3834 §3.1.5 has them say so in words, and each program in its own language). */

/** Without accents and case, cut: how subjects are compared. */
export const plainSubject = (subject: string): string =>
  subject.slice(0, 200).normalize('NFD').replace(/\p{M}/gu, '').toLowerCase().trim();

/** People write such subjects too; a responder has other signs. */
export const isResponderSubject = (subject = ''): boolean => RESPONDER.test(plainSubject(subject));

export const mayBeMachineSubject = (subject = ''): boolean => MAYBE.test(plainSubject(subject));

/** What responders of Outlook, Gmail, Zimbra and phones put first; a person who answers one puts `Re:` before it. */
const RESPONDER = new RegExp(
  `^\\[?(?:${[
    'resposta automatica',
    'resposta de (?:ausencia|ferias)',
    '(?:aviso|mensagem|notificacao) (?:automatic[ao]|de (?:ausencia|ferias))',
    '(?:estou )?(?:fora do escritorio|ausente do escritorio|de ferias)',
    'ausencia (?:temporaria|do escritorio)',
    'auto(?:matic)?[ -]?(?:reply|response|responder)',
    'automated (?:reply|response)',
    'out[ -]of[ -](?:the[ -])?office',
    'vacation (?:reply|response|message|notice)',
    'respuesta automatica',
    'fuera de (?:la )?oficina',
    'aviso de (?:ausencia|vacaciones)',
  ].join('|')})\\]?(?:\\s*(?:[:\\-–—(]|$)|\\s(?:re|res|enc)\\s*:)`,
);

/** What people may well write, and machines write more often. */
const MAYBE = new RegExp(
  `^(?:${[
    '(?:estou )?(?:em|de) ferias (?:ate|de|entre) \\d',
    'auto[ -]?resposta\\b',
    'confirmacao (?:automatica )?de (?:recebimento|leitura|entrega)',
    'recebemos (?:[oa] )?(?:seu|sua) (?:solicitacao|mensagem|e-?mail|contato|pedido|chamado)',
    '(?:auto|lid[ao]|read|entregue|delivered|nao (?:entregue|lid[ao])|not read)\\s*:',
    'nao e possivel entregar',
    'undeliver(?:able|ed)',
  ].join('|')})|[-–—]\\s*(?:resposta automatica|automatic reply)$`,
);
