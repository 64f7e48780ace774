/** Why a message did not go out, or does not yet: stable codes with words, for the API and the desk alike. */

interface Words {
  readonly pt: string;
  readonly en: string;
}

const words: Readonly<Record<string, Words>> = {
  'mail.bounced': {
    pt: 'O e-mail voltou: o servidor do destinatário não o entregou.',
    en: 'The e-mail came back: the recipient’s server did not deliver it.',
  },
  'mail.answered': {
    pt: 'Não foi enviado: a resposta do atendente saiu antes.',
    en: 'It was not sent: the operator’s answer went first.',
  },
  'mailbox.missing': {
    pt: 'A empresa não tem caixa de e-mail ativa para enviar.',
    en: 'The company has no active mailbox to send from.',
  },
  'channel.missing': { pt: 'Este canal não está em uso.', en: 'This channel is not in use.' },
  'smtp.unreachable': {
    pt: 'O servidor de envio não responde.',
    en: 'The outgoing mail server does not answer.',
  },
  'smtp.auth': {
    pt: 'O servidor de envio recusa o usuário ou a senha; avise o administrador.',
    en: 'The outgoing mail server refuses the user or the password; tell the administrator.',
  },
  'smtp.tls': {
    pt: 'A conexão segura com o servidor de envio falhou; avise o administrador.',
    en: 'The secure connection to the outgoing mail server failed; tell the administrator.',
  },
  'smtp.rejectsUs': {
    pt: 'O servidor de envio recusa conversar conosco; avise o administrador.',
    en: 'The outgoing mail server refuses to talk to us; tell the administrator.',
  },
  'smtp.550': {
    pt: 'O servidor recusou o destinatário: o endereço não existe ou não aceita este e-mail.',
    en: 'The server refused the recipient: the address does not exist or does not accept this e-mail.',
  },
  'smtp.552': {
    pt: 'O e-mail é grande demais para o servidor, ou a caixa do destinatário está cheia.',
    en: 'The e-mail is too large for the server, or the recipient’s mailbox is full.',
  },
  'smtp.553': {
    pt: 'O servidor não aceita este endereço.',
    en: 'The server does not accept this address.',
  },
  'smtp.554': {
    pt: 'O servidor recusou o e-mail, por exemplo como indesejado.',
    en: 'The server refused the e-mail, for example as unwanted.',
  },
};

const DEFERRED: Words = {
  pt: 'O servidor pediu para tentar mais tarde.',
  en: 'The server asked to try again later.',
};
const REFUSED: Words = { pt: 'O servidor recusou o e-mail.', en: 'The server refused the e-mail.' };
const UNKNOWN: Words = { pt: 'O envio falhou.', en: 'Sending failed.' };

/** What a waiting message adds: nobody has to do anything, or somebody has. */
const WAITS: Words = { pt: ' Tentamos de novo por até 3 dias.', en: ' We keep trying for up to 3 days.' };
const WAITS_FOR_PERSON: Words = {
  pt: ' O e-mail espera e sai quando isso for corrigido.',
  en: ' The e-mail waits and goes out once that is corrected.',
};

/** Only a person can mend these; until then the time of the mail does not run. */
export const waitsForPerson = (code: string): boolean => code === 'smtp.auth' || code === 'smtp.tls';

/** Codes with words of their own; a test walks them. */
export const failureCodes: readonly string[] = Object.keys(words);

/** Every `smtp.4xx` and `smtp.5xx` has words; so has a code that nobody knows. */
export function failureWords(code: string, status: 'failed' | 'queued'): Words {
  const family = /^smtp\.([45])\d\d$/.exec(code)?.[1];
  const said = words[code] ?? (family === '4' ? DEFERRED : family === '5' ? REFUSED : UNKNOWN);
  if (status === 'failed') return said;
  const waits = waitsForPerson(code) ? WAITS_FOR_PERSON : WAITS;
  return { pt: said.pt + waits.pt, en: said.en + waits.en };
}
