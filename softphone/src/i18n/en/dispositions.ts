export const subjects = {
  suporte: 'Support',
  financeiro: 'Billing',
  comercial: 'Sales',
  retencao: 'Retention',
  reclamacao: 'Complaint',
  outros: 'Other',
};
export const reasons = {
  semConexao: 'No connection',
  lentidao: 'Slow connection',
  equipamento: 'Equipment',
  instabilidade: 'Unstable',
  duvidaTecnica: 'Technical question',
  segundaVia: 'Copy of a bill',
  desbloqueio: 'Trust unlock',
  contestacao: 'Disputed amount',
  negociacao: 'Payment agreement',
  duvidaFatura: 'Question about a bill',
  novoPlano: 'New contract',
  mudancaPlano: 'Change of plan',
  mudancaEndereco: 'Change of address',
  informacaoPlano: 'Information on plans',
  cancelado: 'Cancelled on request',
  retido: 'Retained',
  suspensao: 'Suspended for a time',
  atendimento: 'Service',
  cobranca: 'Wrong charge',
  prazo: 'Deadline missed',
  qualidade: 'Quality',
  engano: 'Wrong number',
  semContato: 'No contact',
  informacao: 'General information',
  trote: 'Prank',
};

/** The words of a disposition, `subject.reason`; one that this desk does not know is shown as it is. */
export function dispositionText(value: string): string {
  const [subject = '', reason = ''] = value.split('.');
  const names: Readonly<Record<string, string>> = subjects;
  const words: Readonly<Record<string, string>> = reasons;
  const name = names[subject];
  return name === undefined ? value : reason === '' ? name : `${name} › ${words[reason] ?? reason}`;
}
