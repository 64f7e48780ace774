/** What the person at the terminal needs next (contract.md: where to go and with which users). */
export function welcomeLines(facts: {
  readonly url: string;
  readonly sip: string;
  readonly smtp: string | undefined;
  readonly demoPassword: string | undefined;
  readonly setupToken: string | undefined;
  readonly tookMs: number;
}): string[] {
  const lines = [
    '',
    `Ramal pronto em ${(facts.tookMs / 1000).toFixed(1)} s`,
    '',
    `  Atendimento   ${facts.url}`,
  ];
  if (facts.demoPassword !== undefined)
    lines.push(`  Simulador     ${facts.url}/simulador   (o telefone e o e-mail do cliente)`);
  lines.push(`  Tronco SIP    ${facts.sip}`);
  if (facts.smtp !== undefined) lines.push(`  E-mail        ${facts.smtp}`);
  if (facts.demoPassword !== undefined) {
    lines.push(
      '',
      '  Usuários      ana, bruno, carla (operadores) · supervisor · admin',
      `  Senha         ${facts.demoPassword}`,
    );
  }
  if (facts.setupToken !== undefined) {
    lines.push(
      '',
      '  Primeiro administrador: abra uma vez',
      `  ${facts.url}/primeiro-acesso?token=${facts.setupToken}`,
    );
  }
  return [...lines, ''];
}
