export const subjects = {
  suporte: 'Suporte',
  financeiro: 'Financeiro',
  comercial: 'Comercial',
  retencao: 'Retenção',
  reclamacao: 'Reclamação',
  outros: 'Outros',
};
export const reasons = {
  semConexao: 'Sem conexão',
  lentidao: 'Lentidão',
  equipamento: 'Equipamento',
  instabilidade: 'Instabilidade',
  duvidaTecnica: 'Dúvida técnica',
  segundaVia: 'Segunda via',
  desbloqueio: 'Desbloqueio de confiança',
  contestacao: 'Contestação de valor',
  negociacao: 'Negociação',
  duvidaFatura: 'Dúvida da fatura',
  novoPlano: 'Contratação',
  mudancaPlano: 'Mudança de plano',
  mudancaEndereco: 'Mudança de endereço',
  informacaoPlano: 'Informação de planos',
  cancelado: 'Cancelado a pedido',
  retido: 'Retido',
  suspensao: 'Suspensão temporária',
  atendimento: 'Atendimento',
  cobranca: 'Cobrança indevida',
  prazo: 'Prazo não cumprido',
  qualidade: 'Qualidade do serviço',
  engano: 'Engano',
  semContato: 'Sem contato',
  informacao: 'Informação geral',
  trote: 'Trote',
};

/** The words of a disposition, `subject.reason`; one that this desk does not know is shown as it is. */
export function dispositionText(value: string): string {
  const [subject = '', reason = ''] = value.split('.');
  const names: Readonly<Record<string, string>> = subjects;
  const words: Readonly<Record<string, string>> = reasons;
  const name = names[subject];
  return name === undefined ? value : reason === '' ? name : `${name} › ${words[reason] ?? reason}`;
}
