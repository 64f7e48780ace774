import { plainSubject, REPLY_MARK, withoutGateways } from './plain-subject.ts';
import { SUBJECTS_ELSEWHERE } from './subjects-elsewhere.ts';

/**
 * A responder is known by its subject (RFC 3834 §3.1.5 has it say so in words, and each program in its own language); people
 * write such subjects too, so a responder has other signs.
 */
export function isResponderSubject(subject = ''): boolean {
  const plain = plainSubject(subject);
  const begun = withoutGateways(plain);
  return WRAPPED.test(plain) || WRAPPED.test(begun) || RESPONDER.test(begun) || ABSENCE.test(begun);
}

export const mayBeMachineSubject = (subject = ''): boolean =>
  MAYBE.test(withoutGateways(plainSubject(subject)));

/** What responders of Outlook, Gmail, Zimbra and phones put first; a person who answers one puts `Re:` before it. */
const PHRASES = [
  'resposta automatica',
  'resposta de (?:ausencia|ferias)',
  '(?:aviso|mensagem|notificacao) (?:automatic[ao]|de (?:ausencia|ferias))',
  '(?:estou )?(?:fora|ausente) do escritorio',
  'ausencia do escritorio',
  'auto(?:matic)?[ -]?(?:reply|response|responder)',
  'automated (?:reply|response)',
  'out[ -]of[ -](?:the[ -])?office(?: (?:auto[ -]?|automatic )?(?:reply|response|message|notification|notice))?',
  'vacation (?:reply|response|message|notice)',
  'respuesta automatica',
  'fuera de (?:la )?oficina',
  'aviso de (?:ausencia|vacaciones)',
  ...SUBJECTS_ELSEWHERE,
].join('|');
/** People ask for something with these words ("De férias - suspender o plano"): alone they say nothing. */
const AWAY = '(?:estou )?de ferias|ausencia temporaria';
const BACK =
  '(?:(?:com )?retorn[oa]|retornarei|volt[oa]|voltarei|regresso|ate|de|entre|a partir d)[^:]{0,20}\\d';

// `[自动回复] Re: …`, `*** Out of Office ***`.
const WRAPPED = new RegExp(`^[[【({*]{1,5}\\s*(?:${PHRASES}|${AWAY})[!.]?\\s*[\\]】)}*]`);
/** The phrase and a mark behind it. */
const RESPONDER = new RegExp(
  `^(?:${PHRASES})(?:(?: (?:to|from|para|de))?\\s*(?:[:：|!\\-–—(]|\\.?$)|\\s${REPLY_MARK})`,
);
/** An absence is one where nothing else is said, before the subject that it answers, or with the day of the return. */
const ABSENCE = new RegExp(
  `^(?:(?:${AWAY})(?:[\\s!.]*$|[\\s:：|!(,\\-–—]{1,5}${BACK})|(?:${AWAY}|ferias|ausencia)[\\s:：|!(\\-–—]{1,5}${REPLY_MARK})`,
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
