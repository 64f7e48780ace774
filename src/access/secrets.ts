import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { AppError } from '../shared/errors.ts';

/** What SECRET_KEY is good for: fingerprints of tokens and sealed credentials. */
export interface Secrets {
  /** Keyed hash of a token, hex: what the store keeps instead of the token. */
  fingerprint(token: string): string;
  /** AES-256-GCM; `context` (e.g. `trunk:<id>`) must be the same when it is opened. */
  seal(plain: string, context: string): string;
  /** Throws AppError secrets.unreadable when the key, the context or the text changed. */
  open(sealed: string, context: string): string;
}

const VERSION = 's1';

export function createSecrets(secretKey: string): Secrets {
  const derive = (purpose: string): Buffer =>
    Buffer.from(hkdfSync('sha256', secretKey, 'ramal', purpose, 32));
  const tokenKey = derive('token fingerprints');
  const sealKey = derive('stored credentials');
  return {
    fingerprint: (token) => createHmac('sha256', tokenKey).update(token).digest('hex'),
    seal: (plain, context) => {
      const iv = randomBytes(12);
      const cipher = createCipheriv('aes-256-gcm', sealKey, iv).setAAD(Buffer.from(context));
      const body = Buffer.concat([cipher.update(plain, 'utf8'), cipher.final()]);
      return [VERSION, ...[iv, cipher.getAuthTag(), body].map((part) => part.toString('base64url'))].join(
        '.',
      );
    },
    open: (sealed, context) => {
      try {
        const [version, iv = '', tag = '', body = ''] = sealed.split('.');
        if (version !== VERSION) throw new Error('version');
        const bytes = (text: string): Buffer => Buffer.from(text, 'base64url');
        const decipher = createDecipheriv('aes-256-gcm', sealKey, bytes(iv), { authTagLength: 16 })
          .setAAD(Buffer.from(context))
          .setAuthTag(bytes(tag));
        return Buffer.concat([decipher.update(bytes(body)), decipher.final()]).toString('utf8');
      } catch {
        throw new AppError(
          'secrets.unreadable',
          500,
          'A stored credential cannot be opened: SECRET_KEY is not the one that sealed it.',
        );
      }
    },
  };
}

/** SECRET_KEY as given, or the one kept in DATA_DIR/secret-key (0600), made on the first start. */
export function loadSecretKey(dataDir: string, given: string | undefined): string {
  return given ?? keptSecret(dataDir, 'secret-key', () => randomBytes(32).toString('base64url'));
}

/** A secret in a file only the owner may read; `make` is called when it is missing. */
export function keptSecret(dataDir: string, name: string, make: () => string): string {
  const file = join(dataDir, name);
  if (!existsSync(file)) {
    mkdirSync(dataDir, { recursive: true });
    try {
      // wx: of two processes that start together one wins, the other reads its file.
      writeFileSync(file, `${make()}\n`, { mode: 0o600, flag: 'wx' });
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
    }
  }
  return readFileSync(file, 'utf8').trim();
}
