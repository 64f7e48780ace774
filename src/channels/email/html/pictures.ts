/** A file that came inside the address of a picture or link. */
export interface InlineFile {
  readonly filename: string;
  readonly contentType: string;
  readonly content: Buffer;
}

const MAX_FILES = 20;
const MAX_BYTES = 10 * 1024 * 1024;
const MAX_TOTAL_BYTES = 25 * 1024 * 1024;
const EXTENSIONS: Readonly<Record<string, string>> = {
  jpeg: 'jpg',
  'svg+xml': 'svg',
  'x-icon': 'ico',
  'vnd.microsoft.icon': 'ico',
  plain: 'txt',
  'octet-stream': 'bin',
};

export interface InlineFiles {
  /** The name under which it is kept; undefined: it is no such address, or too large, or one too many. */
  take(address: string, wanted?: string): string | undefined;
  readonly files: readonly InlineFile[];
  /** Files that were beyond the limits. */
  readonly left: number;
}

/** Takes `data:` addresses (RFC 2397) out of a mail: what is shown as a picture there is a file here. `before`: how many there are already. */
export function createInlineFiles(before = 0): InlineFiles {
  const files: InlineFile[] = [];
  const known = new Map<string, string>();
  let total = 0;
  let left = 0;
  return {
    files,
    get left() {
      return left;
    },
    take(address, wanted) {
      const seen = known.get(address);
      if (seen !== undefined) return seen;
      const head = /^\s*data:([a-z0-9.+-]{1,40}\/([a-z0-9.+-]{1,60}))?([^,]{0,200}),/i.exec(
        address.slice(0, 400),
      );
      if (head === null) return undefined;
      // Base64 is four thirds of what it stands for.
      if (files.length >= MAX_FILES || address.length > MAX_BYTES * 1.4) {
        left += 1;
        return undefined;
      }
      const content = decode(address.slice(head[0].length), /;\s*base64\s*$/i.test(head[3] ?? ''));
      if (content.length === 0) return undefined;
      total += content.length;
      if (content.length > MAX_BYTES || total > MAX_TOTAL_BYTES) {
        left += 1;
        return undefined;
      }
      const contentType = (head[1] ?? 'text/plain').toLowerCase();
      const filename = wanted ?? nameOf(contentType, before + files.length + 1);
      files.push({ filename, contentType, content });
      known.set(address, filename);
      return filename;
    },
  };
}

function nameOf(contentType: string, number: number): string {
  const [kind = '', type = ''] = contentType.split('/');
  return `${kind === 'image' ? 'imagem' : 'arquivo'}-${number}.${EXTENSIONS[type] ?? type}`;
}

function decode(data: string, base64: boolean): Buffer {
  if (base64) return Buffer.from(data.includes('%') ? unescaped(data).toString('latin1') : data, 'base64');
  return unescaped(data);
}

/** Percent signs read byte by byte: what is broken stays as it is written. */
function unescaped(data: string): Buffer {
  const bytes = Buffer.from(data, 'utf8');
  const out = Buffer.alloc(bytes.length);
  let length = 0;
  for (let at = 0; at < bytes.length; at += 1) {
    const code =
      bytes[at] === 0x25 ? Number.parseInt(bytes.toString('latin1', at + 1, at + 3), 16) : Number.NaN;
    const whole =
      at + 2 < bytes.length &&
      !Number.isNaN(code) &&
      /^[0-9a-f]{2}$/i.test(bytes.toString('latin1', at + 1, at + 3));
    out[length] = whole ? code : (bytes[at] ?? 0);
    length += 1;
    if (whole) at += 2;
  }
  return out.subarray(0, length);
}
