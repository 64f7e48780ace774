import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { simpleParser, type AddressObject, type Headers } from 'mailparser';
import { messageIds } from './domain/threads.ts';
import { safeText } from './domain/words.ts';

export interface ParsedAttachment {
  readonly filename: string | undefined;
  readonly contentType: string;
  readonly content: Buffer;
}

/** A mail as far as it can be read. Something can always be read. */
export interface ParsedMail {
  readonly from: { readonly address: string; readonly name: string | undefined } | undefined;
  readonly subject: string;
  readonly text: string;
  readonly messageId: string | undefined;
  readonly references: readonly string[];
  readonly header: (name: string) => string | undefined;
  readonly attachments: readonly ParsedAttachment[];
  /** False: the MIME was beyond repair and the text is the raw body. */
  readonly whole: boolean;
}

const MAX_HTML = 2_000_000;
const RAW_TEXT = 64 * 1024;

/** Reads a raw mail. Never rejects for what stands in it: broken MIME becomes its plain text. */
export async function parseMail(file: string): Promise<ParsedMail> {
  const head = await readHead(file);
  try {
    return await parseWhole(file, head);
  } catch {
    return fallback(head);
  }
}

/** What tells one mail from another, read before anything is parsed. */
export async function mailIdentity(file: string): Promise<{ messageId: string | null; from: string }> {
  const plain = plainHeaders(await readHead(file));
  return { messageId: messageIds(plain.get('message-id'))[0] ?? null, from: plain.get('from') ?? '' };
}

async function parseWhole(file: string, head: Buffer): Promise<ParsedMail> {
  const stream = createReadStream(file);
  try {
    const mail = await simpleParser(stream, {
      skipTextToHtml: true,
      skipImageLinks: true,
      maxHtmlLengthToParse: MAX_HTML,
    });
    const from = firstAddress(mail.from) ?? firstAddress(mail.replyTo);
    const text = mail.text ?? '';
    const fromHtml = text.trim() === '' && typeof mail.html === 'string' ? stripTags(mail.html) : text;
    return {
      from,
      subject: safeText(mail.subject ?? '')
        .replace(/\s+/g, ' ')
        .slice(0, 300),
      text: safeText(fromHtml),
      messageId: messageIds(mail.messageId)[0],
      references: messageIds(mail.references, mail.inReplyTo),
      header: headerReader(mail.headers, head),
      attachments: mail.attachments.map((a) => ({
        filename: a.filename,
        contentType: a.contentType,
        content: a.content,
      })),
      whole: true,
    };
  } finally {
    stream.destroy();
  }
}

function firstAddress(field: AddressObject | undefined): ParsedMail['from'] {
  const [first] = field?.value ?? [];
  const address = (first?.address ?? first?.group?.[0]?.address)?.trim().toLowerCase();
  if (address === undefined || !/^[^\s@]+@[^\s@]+$/.test(address)) return undefined;
  const name = safeText(first?.name ?? '').slice(0, 120);
  return { address, name: name === '' ? undefined : name };
}

/** mailparser turns some headers into objects; what rules ask for is their plain text. */
function headerReader(headers: Headers, head: Buffer): (name: string) => string | undefined {
  const plain = plainHeaders(head);
  return (name) => {
    const value = headers.get(name);
    return typeof value === 'string' ? value : plain.get(name);
  };
}

async function readHead(file: string): Promise<Buffer> {
  const handle = await open(file);
  try {
    const buffer = Buffer.alloc(RAW_TEXT);
    const { bytesRead } = await handle.read(buffer, 0, RAW_TEXT, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await handle.close();
  }
}

function plainHeaders(head: Buffer): Map<string, string> {
  const [block = ''] = head.toString('latin1').split(/\r?\n\r?\n/, 1);
  const found = new Map<string, string>();
  for (const line of block.replace(/\r?\n[ \t]+/g, ' ').split(/\r?\n/)) {
    const colon = line.indexOf(':');
    const name = line.slice(0, colon).trim().toLowerCase();
    if (colon > 0 && !found.has(name)) found.set(name, line.slice(colon + 1).trim());
  }
  return found;
}

function fallback(head: Buffer): ParsedMail {
  const plain = plainHeaders(head);
  const utf8 = head.toString('utf8');
  const raw = utf8.includes('\ufffd') ? head.toString('latin1') : utf8;
  const body = /\r?\n\r?\n([\s\S]*)$/.exec(raw)?.[1] ?? '';
  const address = /<?([^\s<>"]+@[^\s<>"]+)>?\s*$/.exec(plain.get('from') ?? '')?.[1]?.toLowerCase();
  return {
    from: address === undefined ? undefined : { address, name: undefined },
    subject: safeText(plain.get('subject') ?? '').slice(0, 300),
    text: safeText(body),
    messageId: messageIds(plain.get('message-id'))[0],
    references: messageIds(plain.get('references'), plain.get('in-reply-to')),
    header: (name) => plain.get(name),
    attachments: [],
    whole: false,
  };
}

/** For HTML that was too large or too broken for the real converter: words only. */
const stripTags = (html: string) =>
  html
    .slice(0, MAX_HTML)
    .replace(/<(style|script)[\s\S]*?<\/\1>/gi, ' ')
    .replace(/<[^>]*>/g, ' ')
    .replace(/[ \t]+/g, ' ');
