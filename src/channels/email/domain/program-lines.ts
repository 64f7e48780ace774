const DEVICE = [
  'iphone|ipad|celular|smartphone|telefone|telemóvel|móvil|tablet|android|phone|mobile|mobile device|mobile phone|android phone',
  'dispositivo (?:móvel|móvil|android|samsung)|aparelho (?:samsung|motorola|xiaomi)',
  '(?:samsung )?galaxy(?: (?:[a-z]?\\d{1,3}[a-z]?|plus|ultra|note|tab|fe|5g)){0,3}',
].join('|');
const PROGRAM = 'outlook|gmail|e mail|email|mail|yahoo mail';
const SYSTEM = 'ios|android|iphone|ipad|mac|windows(?: 1[01])?';

/** What telephones and programs put below a text. */
const END = new RegExp(
  `^(?:${[
    `enviado (?:do|pelo|a partir do) (?:meu )?(?:${DEVICE})`,
    `enviado desde mi (?:${DEVICE})`,
    `sent from my (?:${DEVICE})`,
    `enviado (?:do|pelo|com o|desde) (?:${PROGRAM}) (?:para|no) (?:${SYSTEM})`,
    `sent from (?:${PROGRAM}) (?:for|on) (?:${SYSTEM})`,
    `(?:obter|obtenha|baixe|obtener|obtenga|get) (?:o )?outlook (?:para|for) (?:o )?(?:${SYSTEM})`,
  ].join('|')})$`,
);

/** The words of links that newsletters put at either end. */
const EITHER = new RegExp(
  `^(?:${[
    'cancelar (?:a |minha )?inscrição|descadastrar|descadastrar se|descadastre se',
    'unsubscribe|darse de baja|cancelar (?:la )?suscripción',
    '(?:ver|veja|visualizar|abrir) (?:este e mail |este email |esta mensagem )?no (?:seu )?navegador',
    'view (?:this email |this e mail )?in (?:your )?browser|ver (?:este correo )?en el navegador',
  ].join('|')})$`,
);

/**
 * Whether a program wrote the line, and where it may stand: it is one of few, word for word and as a whole. Words that a customer may
 * mean (`cancelar inscrição`) count only as those of a link, and those that belong to a contract (`cancelar assinatura`) never.
 */
export function programLine(words: string, hasLink: boolean): 'end' | 'either' | undefined {
  if (words.length > 80) return undefined;
  if (END.test(words)) return 'end';
  return hasLink && EITHER.test(words) ? 'either' : undefined;
}
