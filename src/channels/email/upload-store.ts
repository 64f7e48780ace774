import type { Connection, Model } from 'mongoose';
import { changedOrMade, removeInBatches } from '../../platform/store/index.ts';
import type { MailFileKind } from './files.ts';
import type { mailSchemas } from './schemas.ts';

/** What came up in one window. */
export interface UploadCount {
  readonly files: number;
  readonly bytes: number;
}

/** Counting what comes up, and finding what nobody took. */
export function uploadStore(
  connection: Connection,
  schema: ReturnType<typeof mailSchemas>,
  { mails, attachments }: { readonly mails: Model<unknown>; readonly attachments: Model<unknown> },
) {
  const counts = connection.model<unknown>('UploadCount', schema.uploadCount);
  const sweeps = connection.model<unknown>('MailSweep', schema.sweep);
  return {
    /** Adds to a window, and answers what it holds now. */
    countUpload: (
      window: { readonly id: string; readonly at: Date },
      add: UploadCount,
    ): Promise<UploadCount> =>
      changedOrMade(
        () =>
          counts
            .findOneAndUpdate(
              { _id: window.id },
              { $inc: { files: add.files, bytes: add.bytes }, $set: { at: window.at } },
              { returnDocument: 'after' },
            )
            .lean<UploadCount | null>(),
        () => counts.collection.insertOne({ _id: window.id, files: 0, bytes: 0, at: window.at } as never),
      ),
    forgetUploadCounts: (before: Date) => removeInBatches(counts, { at: { $lt: before } }),
    /** Uploads of the desk that no message took until then, oldest first. */
    async orphanUploads(
      before: Date,
      limit: number,
    ): Promise<{ readonly id: string; readonly file: string }[]> {
      const docs = await attachments
        .find({ interactionId: null, uploadedBy: { $ne: null }, at: { $lt: before } })
        .sort({ at: 1 })
        .limit(limit)
        .lean<{ _id: string; file: string }[]>();
      return docs.map(({ _id, file }) => ({ id: _id, file }));
    },
    /** Unless a message took it meanwhile. */
    async removeUpload(id: string): Promise<boolean> {
      const gone = await attachments.deleteOne({ _id: id, interactionId: null });
      return gone.deletedCount === 1;
    },
    /** Which of these files belong to a record. */
    async knownFiles(kind: MailFileKind, files: readonly string[]): Promise<ReadonlySet<string>> {
      const records = kind === 'raw' ? mails : attachments;
      // An attachment's file has the id of its first record; copies share it.
      const filter =
        kind === 'raw'
          ? { file: { $in: files } }
          : { _id: { $in: files.map((file) => file.slice(file.lastIndexOf('/') + 1)) } };
      const docs = await records.find(filter).select({ file: 1 }).lean<{ file: string }[]>();
      return new Set(docs.map(({ file }) => file));
    },
    /** The last folder that was looked through; '' before the first. */
    async sweptUpTo(kind: MailFileKind): Promise<string> {
      const mark = await sweeps.findOne({ _id: kind }).lean<{ folder: string } | null>();
      return mark?.folder ?? '';
    },
    markSwept: (kind: MailFileKind, folder: string) =>
      sweeps.updateOne({ _id: kind }, { $set: { folder } }, { upsert: true }),
  };
}
