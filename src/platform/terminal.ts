import { AppError } from '../shared/errors.ts';

/** What the person at the terminal can act on, by stable code (docs/instalacao.md has the same list). */
const sentences: Readonly<Record<string, string>> = {
  'config.invalid': 'Configuração inválida.',
  'data.unwritable': 'Sem permissão para escrever na pasta de dados (DATA_DIR).',
  'data.restoring': 'Uma restauração foi interrompida no meio. Rode npm run restore outra vez, com --force.',
  'http.portInUse': 'Outro programa já usa a porta das páginas (HTTP_PORT).',
  'http.address': 'As páginas não podem ser servidas neste endereço (HTTP_HOST, HTTP_PORT).',
  'tls.unreadable': 'O certificado ou a chave (TLS_CERT, TLS_KEY) não pode ser lido.',
  'tls.invalid': 'O certificado e a chave (TLS_CERT, TLS_KEY) não servem.',
  'sip.portInUse': 'Outro programa já usa a porta do tronco (SIP_PORT).',
  'sip.address': 'O endereço do tronco e do som (SIP_HOST) não é desta máquina.',
  'smtp.portInUse': 'Outro programa já usa a porta do e-mail (SMTP_PORT; 0 desliga).',
  'smtp.cannotListen': 'A porta do e-mail não abre (SMTP_HOST, SMTP_PORT; 0 desliga).',
  'secret.wrong':
    'SECRET_KEY não é a chave que selou as senhas guardadas. Use aquela; se foi perdida: npm run secret:forget.',
  'media.noPorts': 'Não há portas de som livres (RTP_PORT_MIN, RTP_PORT_MAX).',
  'backup.noData': 'Não há dados para copiar: a pasta de dados (DATA_DIR) não existe.',
  'backup.exists': 'O destino já existe. Escolha outro nome; uma cópia nunca é sobrescrita.',
  'backup.inside': 'O destino fica dentro da própria pasta de dados. Escolha uma pasta fora dela.',
  'backup.notABackup': 'Esta pasta não é uma cópia completa: falta um arquivo manifest.json que sirva.',
  'backup.noSource': 'Diga qual cópia restaurar: npm run restore -- PASTA [--force]',
  'backup.occupied':
    'A pasta de dados não está vazia. Use --force: os dados atuais ficam guardados dentro dela, em before-DATA.',
  'store.locked': 'Outro processo usa esta pasta de dados. Pare o servidor antes.',
  'store.held': 'Outro servidor trabalha com este banco de dados. Pare-o antes, ou espere 20 s se ele caiu.',
  'store.holdLost': 'Outro servidor assumiu este banco de dados; este terminou.',
  'store.full': 'O disco está cheio.',
  'store.unwritable': 'Sem permissão para escrever nesta pasta.',
  'store.corrupt': 'O arquivo do banco de dados está danificado. Restaure uma cópia.',
  'store.newer': 'Os dados são de uma versão mais nova deste programa. Use aquela versão.',
  'store.unreachable': 'O MongoDB não responde (MONGODB_URL).',
  'store.migration': 'Os dados não puderam ser trazidos para esta versão.',
  'redis.unreachable': 'O Redis não responde (REDIS_URL).',
  'flow.invalid': 'Um fluxo tem falhas: npm run flows:check mostra arquivo e linha.',
  'voice.engineNotBuilt': 'Esta versão só tem os motores de voz embutidos.',
  'password.weak': 'A senha é fraca: 10 caracteres ou mais, que não sejam o nome nem uma senha conhecida.',
  'user.unknown': 'Nenhum administrador tem este nome de usuário.',
  'user.exists': 'Este nome de usuário já existe.',
  'admin.invalid': 'Faltam dados do administrador, ou não servem.',
  'command.usage': 'O comando foi chamado de um modo que ele não conhece.',
  'golive.refused': 'O servidor não aceitou este usuário ou esta chave.',
  'golive.failed': 'O servidor não respondeu ao que o comando perguntou.',
};

/** Failures of the operating system that reach the terminal unmapped: code and sentence. */
const systemSentences: Readonly<Record<string, readonly [code: string, sentence: string]>> = {
  ENOSPC: ['store.full', 'O disco está cheio.'],
  EDQUOT: ['store.full', 'A cota de disco acabou.'],
  EACCES: ['system.denied', 'Sem permissão para ler ou escrever neste lugar.'],
  EPERM: ['system.denied', 'Sem permissão para ler ou escrever neste lugar.'],
  EROFS: ['system.readOnly', 'Este disco só permite leitura.'],
  ENOENT: ['system.notFound', 'Pasta ou arquivo não encontrado.'],
  ENOTDIR: ['system.notFound', 'O caminho passa por um arquivo que não é uma pasta.'],
  EADDRINUSE: ['system.portInUse', 'Outro programa já usa esta porta.'],
  EADDRNOTAVAIL: ['system.address', 'Este endereço não é desta máquina.'],
  ENOTFOUND: ['system.address', 'Este nome não tem endereço.'],
  EINVAL: ['system.address', 'O sistema recusou este endereço ou este valor.'],
  EMFILE: ['system.files', 'Arquivos abertos demais: aumente o limite (ulimit -n).'],
  ERR_PARSE_ARGS_UNKNOWN_OPTION: ['command.usage', sentences['command.usage'] ?? ''],
  ERR_PARSE_ARGS_INVALID_OPTION_VALUE: ['command.usage', sentences['command.usage'] ?? ''],
  ERR_PARSE_ARGS_UNEXPECTED_POSITIONAL: ['command.usage', sentences['command.usage'] ?? ''],
};

const indent = (text: string): string =>
  text
    .split('\n')
    .map((line) => `  ${line}`)
    .join('\n');

/**
 * A failure for the terminal: one sentence with its stable code, the technical reason below it. What nobody
 * foresaw keeps its stack trace, because that is what a report of the fault needs.
 */
export function toSentence(error: unknown): string {
  const reason = error instanceof Error ? error.message : String(error);
  if (error instanceof AppError) {
    const sentence = sentences[error.code];
    return sentence === undefined
      ? `${reason} (${error.code})`
      : `${sentence} (${error.code})\n${indent(reason)}`;
  }
  const raw = typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : '';
  const known = systemSentences[raw];
  if (known !== undefined) return `${known[1]} (${known[0]})\n${indent(reason)}`;
  const trace = error instanceof Error ? (error.stack ?? reason) : reason;
  return `Uma falha que ninguém previu. (server.unexpected)\n${indent(trace)}`;
}
