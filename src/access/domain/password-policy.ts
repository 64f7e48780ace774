/** Passwords that every guesser tries first, in Brazil too. Compared without case and without what is not a letter or digit. */
const COMMON: ReadonlySet<string> = new Set(
  `1234567890 12345678910 0123456789 123456789a a123456789 1234567891 9876543210 1111111111 0000000000 qwertyuiop
  qwerty1234 qwerty12345 1q2w3e4r5t q1w2e3r4t5 asdfghjkl1 zxcvbnm123 password12 password123 password1234 passw0rd12
  administrador admin12345 admin123456 administrator changeme12 changeme123 welcome123 welcome1234 letmein123
  iloveyou12 iloveyou123 princess123 football123 baseball123 monkey1234 dragon1234 sunshine123 superman123
  senha12345 senha123456 senha1234 minhasenha mudar12345 mudar123456 mudar@1234 trocar1234 brasil1234 brasil2014
  brasil2024 brasil2025 brasil2026 flamengo10 flamengo123 corinthians palmeiras1 palmeiras123 saopaulo123 vasco12345
  gremio1234 cruzeiro123 santos1234 jesus12345 jesuscristo deusefiel1 deusefiel10 teamo12345 amor123456 familia123
  felicidade1 internet123 telecom123 callcenter callcenter1 atendente1 operador12 operador123 supervisor supervisor1
  ramal12345 suporte123 suporte1234 provedor123 empresa123 cliente123 teste12345 teste123456 abcdefghij abc1234567
  abcd123456 abcde12345 aaaaaaaaaa 1qaz2wsx3edc q1w2e3r4t5y6`
    .split(/\s+/)
    .map(plain),
);

export type PasswordFault = 'tooShort' | 'tooLong' | 'containsUsername' | 'common' | 'repetitive';

export const MIN_PASSWORD = 10;
export const MAX_PASSWORD = 128;

function plain(text: string): string {
  return text.toLowerCase().replace(/[^\p{L}\p{N}]/gu, '');
}

/** Why a new password is refused, or undefined (OWASP ASVS 5 §6.2: length and a list, no rules of composition). */
export function passwordFault(password: string, username: string): PasswordFault | undefined {
  if (Array.from(password).length < MIN_PASSWORD) return 'tooShort';
  if (password.length > MAX_PASSWORD) return 'tooLong';
  if (new Set(password).size < 4) return 'repetitive';
  const bare = plain(password);
  if (username.length >= 3 && bare.replace(plain(username), '').length < 6) return 'containsUsername';
  return COMMON.has(bare) ? 'common' : undefined;
}
