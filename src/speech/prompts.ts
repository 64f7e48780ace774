/** Sentences that calls hear outside of flows. Few different ones, so that all stay in the cache. */

/** `position` 1 is the next to be served. Beyond 20 the number is left out: it would only discourage. */
export function positionText(position: number): string {
  if (position <= 1) return 'Você é o próximo da fila.';
  if (position > 20) return 'Há muitas pessoas na fila. Sua ligação será atendida por ordem de chegada.';
  return `Sua posição na fila é ${position}.`;
}

/** Estimated wait, told on entry (RGC, resolution 765/2023); rounded up to whole minutes. */
export function estimatedWaitText(waitMs: number): string {
  const minutes = Math.ceil(waitMs / 60_000);
  if (minutes <= 1) return 'O tempo estimado de espera é de até um minuto.';
  if (minutes > 30) return 'O tempo estimado de espera é de mais de trinta minutos.';
  return `O tempo estimado de espera é de ${minutes} minutos.`;
}

export const PROMPTS = {
  closed: 'Nosso atendimento está fechado agora. Seu protocolo foi registrado.',
  hold: 'Aguarde um momento, por favor.',
  operatorLost: 'Um momento, por favor. Estamos restabelecendo o seu atendimento.',
  backToQueue: 'Seu atendimento será retomado pelo próximo atendente disponível.',
  connecting: 'Estamos transferindo a sua ligação.',
  callBack: 'A ligação com o atendente caiu. Nós vamos ligar de volta para você.',
  goodbye: 'Obrigado pela ligação.',
  technicalFault: 'Estamos com uma falha técnica. Por favor, ligue novamente em instantes.',
} as const;

/** All that a start should make ready. */
export function fixedPrompts(): string[] {
  const positions = Array.from({ length: 21 }, (_, i) => positionText(i + 1));
  const waits = Array.from({ length: 31 }, (_, i) => estimatedWaitText((i + 1) * 60_000));
  return [...Object.values(PROMPTS), ...positions, ...waits];
}
