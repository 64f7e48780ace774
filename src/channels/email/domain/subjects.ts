import { plainSubject } from './plain-subject.ts';
import { SUBJECTS_ELSEWHERE } from './subjects-elsewhere.ts';

/**
 * A responder is known by its subject (RFC 3834 §3.1.5 has it say so in words, and each program in its own language); people
 * write such subjects too, so a responder has other signs.
 */
export const isResponderSubject = (subject = ''): boolean => RESPONDER.test(plainSubject(subject));

export const mayBeMachineSubject = (subject = ''): boolean => MAYBE.test(plainSubject(subject));

/** What responders of Outlook, Gmail, Zimbra and phones put first; a person who answers one puts `Re:` before it. */
const PHRASES = [
  'resposta automatica',
  'resposta de (?:ausencia|ferias)',
  '(?:aviso|mensagem|notificacao) (?:automatic[ao]|de (?:ausencia|ferias))',
  '(?:estou )?(?:fora do escritorio|ausente do escritorio|de ferias)',
  'ausencia (?:temporaria|do escritorio)',
  'auto(?:matic)?[ -]?(?:reply|response|responder)',
  'automated (?:reply|response)',
  'out[ -]of[ -](?:the[ -])?office(?: (?:auto[ -]?|automatic )?(?:reply|response|message|notification|notice))?',
  'vacation (?:reply|response|message|notice)',
  'respuesta automatica',
  'fuera de (?:la )?oficina',
  'aviso de (?:ausencia|vacaciones)',
  ...SUBJECTS_ELSEWHERE,
].join('|');
// `[自动回复] Re: …`, or the phrase and a mark behind it.
const RESPONDER = new RegExp(
  `^(?:[[【](?:${PHRASES})[\\]】]|(?:${PHRASES})(?:\\s*(?:[:：\\-–—(]|$)|\\s(?:re|res|enc|aw|sv|antw|odp|ynt|vs|rv|tr)\\s*:))`,
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
  ].join('|')})|[-–—]\\s*(?:resposta automatica|automatic reply|${SUBJECTS_ELSEWHERE.join('|')})$`,
);
