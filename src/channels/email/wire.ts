import type { ParsedMail } from './parse.ts';

/** A mail as it crosses between threads: functions cannot. */
export type WireMail = Omit<ParsedMail, 'header' | 'headers'> & {
  readonly headers: readonly (readonly [string, string])[];
};

export function toWire({ header: _header, ...rest }: ParsedMail): WireMail {
  return { ...rest, headers: [...rest.headers] };
}

/** A Buffer arrives as a plain Uint8Array. */
export function fromWire({ headers, attachments, ...rest }: WireMail): ParsedMail {
  const known = new Map(headers);
  return {
    ...rest,
    headers: known,
    header: (name) => known.get(name),
    attachments: attachments.map((file) => ({
      ...file,
      content: Buffer.from(file.content.buffer, file.content.byteOffset, file.content.byteLength),
    })),
  };
}
