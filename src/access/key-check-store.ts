import { type Connection, Schema } from 'mongoose';
import { AppError } from '../shared/errors.ts';
import type { Secrets } from './secrets.ts';

const KEY_ID = 'secretKey';
const WORD = 'ramal';

/** Whether SECRET_KEY is the one that sealed what is stored: a known word, sealed at the first start. */
export interface KeyCheck {
  /** Errors: secret.wrong. Says nothing where no word was sealed yet. */
  verify(): Promise<void>;
  /** Seals the word with today's key, once. */
  plant(): Promise<void>;
  /** The key is lost: the next start seals a new word with the new key. */
  forget(): Promise<void>;
}

export const wrongKey = (): AppError =>
  new AppError(
    'secret.wrong',
    500,
    'Stored passwords were sealed with another SECRET_KEY. Set that one; if it is lost: npm run secret:forget, then type the passwords of trunks and accounts again.',
  );

const text = { type: String, required: true } as const;
const schema = new Schema({ _id: text, sealed: text } as const, { versionKey: false, autoIndex: false });

/** Register it before the store's indexes are built. */
export function createKeyCheck(connection: Connection, secrets: Secrets): KeyCheck {
  const model = connection.model('KeyCheck', schema);
  return {
    async verify() {
      const kept = await model.findOne({ _id: KEY_ID }).lean();
      if (kept === null) return;
      try {
        secrets.open(kept.sealed, KEY_ID);
      } catch {
        throw wrongKey();
      }
    },
    async plant() {
      const sealed = secrets.seal(WORD, KEY_ID);
      await model.updateOne({ _id: KEY_ID }, { $setOnInsert: { sealed } }, { upsert: true });
    },
    async forget() {
      await model.deleteOne({ _id: KEY_ID });
    },
  };
}
