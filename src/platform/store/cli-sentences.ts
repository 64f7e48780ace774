import { AppError } from '../../shared/errors.ts';

const sentences: Readonly<Record<string, string>> = {
  'backup.noData': 'Não há dados para copiar: a pasta de dados (DATA_DIR) não existe.',
  'backup.exists': 'O destino já existe. Escolha outro nome; uma cópia nunca é sobrescrita.',
  'backup.inside': 'O destino fica dentro da própria pasta de dados. Escolha uma pasta fora dela.',
  'backup.notABackup': 'Esta pasta não é uma cópia completa: falta o arquivo manifest.json.',
  'backup.occupied':
    'A pasta de dados não está vazia. Use --force: os dados atuais ficam guardados ao lado, com a data no nome.',
  'store.locked': 'O servidor está rodando com esta pasta de dados. Pare-o antes de restaurar.',
  'store.full': 'O disco está cheio.',
  'store.unwritable': 'Sem permissão para escrever nesta pasta.',
  'store.corrupt': 'O arquivo do banco de dados está danificado.',
  'store.newer': 'Os dados são de uma versão mais nova deste programa. Use aquela versão.',
};

const systemSentences: Readonly<Record<string, string>> = {
  ENOSPC: 'O disco está cheio.',
  EACCES: 'Sem permissão para ler ou escrever nesta pasta.',
  EPERM: 'Sem permissão para ler ou escrever nesta pasta.',
  EROFS: 'Este disco só permite leitura.',
  ENOENT: 'Pasta ou arquivo não encontrado.',
  ENOTDIR: 'O caminho passa por um arquivo que não é uma pasta.',
};

/** A failure as one sentence for the person at the terminal, with the technical reason after it. */
export function toSentence(error: unknown): string {
  const reason = error instanceof Error ? error.message : String(error);
  if (error instanceof AppError) return `${sentences[error.code] ?? 'A operação falhou.'} (${reason})`;
  const code = typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : '';
  return `${systemSentences[code] ?? 'A operação falhou.'} (${reason})`;
}
