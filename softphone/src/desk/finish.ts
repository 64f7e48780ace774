import { NOTE_MOST } from '../../../src/contracts/interaction.ts';
import type { Dictionary } from '../i18n/index.ts';
import { refusalOf } from '../ui/refusal.ts';

/** Subjects with their reasons. Keys are stored in the disposition, so they stay when words change. */
export const subjects = [
  { key: 'suporte', reasons: ['semConexao', 'lentidao', 'equipamento', 'instabilidade', 'duvidaTecnica'] },
  { key: 'financeiro', reasons: ['segundaVia', 'desbloqueio', 'contestacao', 'negociacao', 'duvidaFatura'] },
  { key: 'comercial', reasons: ['novoPlano', 'mudancaPlano', 'mudancaEndereco', 'informacaoPlano'] },
  { key: 'retencao', reasons: ['cancelado', 'retido', 'suspensao'] },
  { key: 'reclamacao', reasons: ['atendimento', 'cobranca', 'prazo', 'qualidade'] },
  { key: 'outros', reasons: ['engano', 'semContato', 'informacao', 'trote'] },
] as const;
export const followUps = ['none', 'callback', 'visit', 'ticket', 'email'] as const;

interface Choice {
  subject: string | null;
  reason: string | null;
  followUp: string;
  closingNote: string;
}

/** What `close` is told: a stable key pair, and the follow-up as the first line of the note. Null while a choice is missing. */
export function closingOf(
  t: Dictionary,
  choice: Choice,
): { disposition: string; note: string | null } | null {
  const subject = subjects.find((one) => one.key === choice.subject);
  const reason = subject?.reasons.find((one) => one === choice.reason);
  if (!subject || reason === undefined) return null;
  return { disposition: `${subject.key}.${reason}`, note: noteOf(t, choice) };
}

/** Why the summary cannot be sent: it is never cut, and the next step stands in the same note. */
export function summaryFault(
  t: Dictionary,
  { followUp, closingNote }: Pick<Choice, 'followUp' | 'closingNote'>,
): string | null {
  const step = noteOf(t, { followUp, closingNote: '' });
  const maxLength = NOTE_MOST - (step === null ? 0 : step.length + 1);
  return refusalOf(t, closingNote.trim(), { maxLength });
}

/** The next step and the summary, as they stand in the note of the close. */
export function noteOf(t: Dictionary, choice: Pick<Choice, 'followUp' | 'closingNote'>): string | null {
  const followUp = followUps.find((one) => one === choice.followUp) ?? 'none';
  const lines = [
    followUp === 'none' ? '' : `${t.finish.followUp}: ${t.finish.followUps[followUp]}`,
    choice.closingNote.trim(),
  ].filter((line) => line !== '');
  return lines.length === 0 ? null : lines.join('\n');
}
