import { wellFormed, withoutInvisible } from '../../../shared/invisible.ts';

/** What the channel writes by itself. No personal data, no links (RGC; a From line proves nothing). */

export const DEFAULT_ACKNOWLEDGEMENT =
  'Recebemos sua mensagem. O número do seu protocolo é {protocol}, aberto em {date}.\n\n' +
  'Nossa equipe responderá neste mesmo endereço. Ao responder, mantenha o número do protocolo no assunto.';

/** To somebody whose mail joined an open demand: a From line proves nothing, so they learn the number alone. */
export const NUMBER_ACKNOWLEDGEMENT =
  'Recebemos sua mensagem. O número do seu protocolo é {protocol}.\n\n' +
  'Nossa equipe responderá neste mesmo endereço. Ao responder, mantenha o número do protocolo no assunto.';

/** `{protocol}` and `{date}`; anything that looks like a link is taken out. */
export function fillText(template: string, protocol: string, date: string): string {
  return template
    .replaceAll('{protocol}', protocol)
    .replaceAll('{date}', date)
    .replace(/\b(?:https?:\/\/|www\.)\S+/gi, '')
    .trim();
}

export const acknowledgementSubject = (protocol: string) => `Recebemos sua mensagem [#${protocol}]`;
export const noticeSubject = (protocol: string) => `Protocolo de atendimento [#${protocol}]`;

/** The number in writing, with date and time of the contact (RGC, resolution 765/2023; no links). */
export const noticeText = (protocol: string, date: string): string =>
  `Seu atendimento foi registrado em ${date}.\n\nNúmero do protocolo: ${protocol}\n\nGuarde este número para consultar o atendimento.`;

/** `22/11/2026 às 18:05` in the company's time zone. */
export function localDate(at: Date, timeZone: string): string {
  const part = (options: Intl.DateTimeFormatOptions) =>
    new Intl.DateTimeFormat('pt-BR', { timeZone, ...options }).format(at);
  return `${part({ dateStyle: 'short' }).replace(/\/(\d{2})$/, '/20$1')} às ${part({ timeStyle: 'short' })}`;
}

const MAX_TEXT = 200_000;

export interface SafeText {
  readonly text: string;
  /** There was more. */
  readonly cut: boolean;
}

/** Text as it may be shown: no control or direction characters, no NUL, bounded. Never HTML. */
export function boundedText(text: string): SafeText {
  const clean = wellFormed(withoutInvisible(text.replace(/\r\n?/g, '\n'))).trimEnd();
  const cut = clean.length > MAX_TEXT;
  return { text: cut ? clean.slice(0, MAX_TEXT).replace(/[\ud800-\udbff]$/, '') : clean, cut };
}

export const safeText = (text: string): string => boundedText(text).text;

/** A file name without folders, control or direction characters, and not hidden. */
export function safeFilename(name: string | undefined, fallback: string): string {
  const base = (name ?? '').split(/[/\\]/).at(-1) ?? '';
  const clean = wellFormed(withoutInvisible(base).replace(/[\n\r\t<>:"|?*]/g, '_'), '_').replace(
    /^[.\s]+|(?<![.\s])[.\s]+$/g,
    '',
  );
  if (clean.length <= 120) return clean === '' ? fallback : clean;
  const dot = clean.lastIndexOf('.');
  const extension = dot > clean.length - 12 && dot > 0 ? clean.slice(dot) : '';
  return clean.slice(0, 120 - extension.length) + extension;
}
