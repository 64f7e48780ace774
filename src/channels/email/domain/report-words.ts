import { ownWords, withoutGateways } from './plain-subject.ts';
import {
  DAEMON,
  isMachine,
  POSTMASTER,
  type ReportFacts,
  type ReportKind,
  statusOf,
} from './report-facts.ts';
import { isResponderSubject } from './subjects.ts';

/** What a mail in words alone reports. */
export interface Said {
  readonly kind: ReportKind;
  readonly bySubject: boolean;
}

/**
 * Reports in words only: qmail (QSBMF), Exim, old Exchange. No single sign makes one: people write such subjects, and any header.
 * What stands behind a reply mark in its subject are the words of the mail that it answers.
 */
export function inWords(facts: ReportFacts): Said | undefined {
  const { header, from, subject, text } = facts;
  const title = ownWords(withoutGateways(plain(subject)));
  const start = startOf(text);
  const quotesCode = CODE.test(start);
  const isQmail = QMAIL.test(start);
  const named = header('x-failed-recipients') !== undefined;
  const failed = FAILED.test(title) || isQmail;
  if (!isMachine(facts))
    return failed && quotesCode && (named || isProgram(facts, title)) ? BOUNCE : undefined;
  if (named) return BOUNCE;
  const daemon = DAEMON.test(from) || POSTMASTER.test(from);
  // An absence that answers "Re: Falha na entrega" reports nothing.
  if (!daemon && isResponderSubject(subject)) return undefined;
  const kind = kindOfTitle(title, failed);
  if (kind === undefined) return quotesCode && daemon ? BOUNCE : undefined;
  return { kind, bySubject: [daemon, quotesCode, isQmail].every((sign) => !sign) };
}

const BOUNCE: Said = { kind: 'bounce', bySubject: false };

/** Behind postmaster with a return path is a person, unless it says that it is none (RFC 3834 §5) or has a program's title. */
const isProgram = ({ header, from }: ReportFacts, title: string): boolean =>
  POSTMASTER.test(from) && (/^\s*auto-/i.test(header('auto-submitted') ?? '') || OF_PROGRAMS.test(title));
const OF_PROGRAMS =
  /^(?:undeliver|nao e possivel entregar|no se puede entregar|delivery (?:status|failure|has failed)|mail delivery|returned mail|failure notice|unzustellbar|non remis)/;

const startOf = (text: string): string => plain(text.slice(0, 1000)).trimStart();

function kindOfTitle(title: string, failed: boolean): ReportKind | undefined {
  if (DELAYED.test(title)) return 'delayed';
  if (READ.test(title)) return 'receipt';
  if (failed) return 'bounce';
  if (RELAYED.test(title)) return 'relayed';
  return DELIVERED.test(title) ? 'delivered' : undefined;
}

/** What a daemon answers to a mail in words that nobody knows; behind postmaster may be a person. */
export function unforeseen({ from, subject, text }: ReportFacts): ReportKind | undefined {
  if (!DAEMON.test(from) || isResponderSubject(subject)) return undefined;
  return WILL_TRY.test(startOf(text)) ? 'delayed' : 'bounce';
}

const QMAIL = /^hi\. this is the (?:qmail-send program|mail delivery)/;
const CODE = new RegExp(`${statusOf('5')}|\\b5[05]\\d[ -]`);

const plain = (words: string): string =>
  words.slice(0, 1000).normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();

const DELAYED =
  /\bdelay|^warning: (?:message|could not send)|\batras(?:o|ad[ao])\b|\bretras(?:o|ad[ao])\b|still being retried|ainda nao (?:foi )?entreg|aun no (?:ha sido )?entreg|verzoger|\bretarde|\britard|\bopozn|задерж|отложен|延迟|延遲|遅延/;
/** Of a report that names neither a failure nor a delay in its subject. */
const WILL_TRY =
  /warning message only|do not need to resend|nao (?:e necessario|precisa) reenviar|will (?:keep|continue) (?:to try|trying)|will (?:be retried|retry|try again)|continua(?:remos|ra) (?:a )?tenta/;
const FAILED = new RegExp(
  [
    'undeliver|nondeliver|returned (?:mail|to sender)|failure notice|deliver\\w* (?:status notification \\()?fail',
    'delivery (?:has )?failed|mail delivery failed|message (?:blocked|rejected|not delivered)',
    '(?:could|can) ?not be delivered|couldn.t be delivered|mailbox (?:is )?full|user unknown|unknown user',
    'nao (?:foi |e |pode ser )?(?:possivel )?(?:entreg|a entrega)|falha (?:n[ao] entrega|ao enviar|no envio)|entrega falhou',
    '(?:mensagem|e-?mail) (?:bloquead|rejeitad|recusad|nao entreg)|(?:mensaje|correo) (?:bloquead|rechazad|devuelt)',
    'erro (?:no|de|ao) envi(?:o|ar)|(?:mensagem|e-?mail) devolvid|devolucao d[eo] e-?mail|e-?mail nao encontrado',
    'caixa (?:postal|de (?:correio|entrada)) cheia|no se (?:puede|pudo) entregar|no entregado|error de entrega',
    '^unzustellbar|^non remis|^non recapitabile|^onbestelbaar|недоставлен|не доставлен|无法送达|無法傳遞|退信',
  ].join('|'),
);
const READ = /^(?:read|lida|lido|leida|leido|confirmacao de leitura|read receipt|return receipt)\s*[:(]/;
const RELAYED = /^(?:relayed|expanded|retransmitid[ao])\s*[:：]|\((?:relay|relayed|expanded)\)/;
const DELIVERED =
  /^(?:delivered|entregue|entregad[ao]|zugestellt|remis|consegnato|доставлено|已送达)\s*[:：]|successful mail delivery|\((?:success|delivered)\)|(?:mensagem|e-?mail) entregue|entrega (?:bem[- ]sucedida|concluida|realizada)/;
