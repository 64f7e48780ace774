import { existsSync, mkdirSync, utimesSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { createAttachments } from '../../src/channels/email/attachments.ts';
import { createMailFiles } from '../../src/channels/email/files.ts';
import { createUploadQuota } from '../../src/channels/email/quota.ts';
import { createMailStore } from '../../src/channels/email/store.ts';
import { createSweep } from '../../src/channels/email/sweep.ts';
import { openStore } from '../../src/platform/store/index.ts';
import { createIds } from '../../src/shared/ids-factory.ts';
import { systemRandom } from '../../src/shared/random.ts';
import { manualClock } from '../support/access-server.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const LIMITS = { person: { files: 3, bytes: 1000 }, company: { files: 5, bytes: 1_000_000 } };
const ana = { companyId: 'c1', userId: 'ana', role: 'operator', queues: ['suporte'] } as const;
const bruno = { ...ana, userId: 'bruno' };
const elsewhere = { ...ana, companyId: 'c2' };

describe('files that come up from the desks', () => {
  const ends: (() => Promise<void>)[] = [];
  afterEach(async () => {
    for (const end of ends.splice(0).reverse()) await end();
  });

  async function room() {
    const dir = await mkdtemp(join(tmpdir(), 'ramal-uploads-'));
    const { connection, ensureIndexes, stop } = await openStore({ kind: 'embedded', dataDir: dir });
    ends.push(async () => {
      await stop();
      await rm(dir, { recursive: true, force: true });
    });
    const clock = manualClock();
    const store = createMailStore(connection);
    await ensureIndexes();
    const files = createMailFiles(join(dir, 'mail'));
    const newId = createIds(clock, systemRandom);
    const attachments = createAttachments({
      store,
      files,
      clock,
      newId,
      admit: createUploadQuota({ store, clock, limits: LIMITS }),
      placeOf: () => Promise.resolve({ queue: 'suporte', agentId: null }),
    });
    const upload = (by: { companyId: string; userId: string }, bytes = 10) =>
      attachments.upload(by, {
        filename: 'foto.jpg',
        contentType: 'image/jpeg',
        content: Buffer.alloc(bytes),
      });
    /** A file on the disk as old as the clock says. */
    const dated = (file: string): void => {
      mkdirSync(dirname(files.path(file)), { recursive: true });
      if (!existsSync(files.path(file))) writeFileSync(files.path(file), 'x');
      utimesSync(files.path(file), clock.now() / 1000, clock.now() / 1000);
    };
    const at = (id: string, kind = 'attachments'): string => join(kind, id.slice(0, 5), id);
    const there = (file: string): boolean => existsSync(files.path(file));
    const sweep = createSweep({ store, files, clock });
    return { clock, store, attachments, upload, sweep, newId, dated, at, there };
  }
  const code = (work: Promise<unknown>) =>
    work.then(
      () => 'taken',
      (error: unknown) => (error as { code: string }).code,
    );

  it('are so many of one person in an hour, also when they come at once, and the next hour has its own', async () => {
    const { clock, upload } = await room();
    const answers = await Promise.all(Array.from({ length: 6 }, () => code(upload(ana))));
    expect(answers.filter((one) => one === 'taken')).toHaveLength(3);
    expect(answers.filter((one) => one === 'attachment.quota')).toHaveLength(3);
    await expect(upload(ana)).rejects.toMatchObject({ status: 429, details: { retryAfterMs: HOUR } });
    expect(await code(upload(bruno))).toBe('taken');
    clock.advance(HOUR);
    expect(await code(upload(ana))).toBe('taken');
  });

  it('have a size in all; what is turned down takes nothing from what is left', async () => {
    const { upload } = await room();
    expect(await code(upload(ana, 600))).toBe('taken');
    expect(await code(upload(ana, 500))).toBe('attachment.quota');
    expect(await code(upload(ana, 400))).toBe('taken');
  });

  it('are so many of a company in a day, whoever sends them; the neighbours do not feel it', async () => {
    const { clock, upload } = await room();
    for (const by of [ana, ana, ana, bruno, bruno]) expect(await code(upload(by))).toBe('taken');
    expect(await code(upload(bruno))).toBe('attachment.companyQuota');
    expect(await code(upload(elsewhere))).toBe('taken');
    clock.advance(HOUR);
    // The refusal by the company took nothing from the person either.
    expect(await code(upload(bruno))).toBe('attachment.companyQuota');
    clock.advance(DAY);
    for (const by of [bruno, bruno, bruno]) expect(await code(upload(by))).toBe('taken');
  });

  it('that no message took are gone after a day, those that one took stay', async () => {
    const { clock, attachments, upload, sweep, at, there, dated } = await room();
    const [left, sent] = [await upload(ana), await upload(ana)];
    await attachments.forMessage(ana, [sent.id], { id: 'i1' });
    for (const { id } of [left, sent]) dated(at(id));
    clock.advance(DAY - 1);
    expect(await sweep()).toEqual({ uploads: 0, files: 0 });
    clock.advance(2);
    expect(await sweep()).toEqual({ uploads: 1, files: 0 });
    expect(there(at(left.id))).toBe(false);
    expect(await code(attachments.open(ana, left.id))).toBe('attachment.notFound');
    clock.advance(30 * DAY);
    expect(await sweep()).toEqual({ uploads: 0, files: 0 });
    expect(there(at(sent.id))).toBe(true);
    expect(await code(attachments.open(ana, sent.id))).toBe('taken');
  });

  it('are swept in one go, however many they are', async () => {
    const { clock, store, sweep, newId, at } = await room();
    const old = Array.from({ length: 501 }, newId);
    for (const id of old)
      await store.insertAttachment({
        id,
        companyId: 'c1',
        interactionId: null,
        uploadedBy: 'ana',
        filename: 'foto.jpg',
        contentType: 'image/jpeg',
        sizeBytes: 1,
        file: at(id),
        at: new Date(clock.now()),
      });
    clock.advance(DAY + 1);
    expect(await sweep()).toEqual({ uploads: 501, files: 0 });
    expect(await store.attachments('c1', old)).toEqual([]);
  });

  it('a message that takes one in the moment of its end has it whole or is refused', async () => {
    const { clock, attachments, store, upload, sweep, at, there } = await room();
    const { id } = await upload(ana);
    clock.advance(DAY + 1);
    const claim = store.claimAttachment.bind(store);
    store.claimAttachment = async (...wish) => {
      await sweep();
      return claim(...wish);
    };
    expect(await code(attachments.forMessage(ana, [id], { id: 'i1' }))).toBe('attachment.notFound');
    expect(there(at(id))).toBe(false);
    expect(await store.attachments('c1', [id, `${id}~i1`])).toEqual([]);
  });

  it('a crash between a file and its record leaves nothing; files of mails stay with their records', async () => {
    const { clock, store, attachments, sweep, newId, dated, at, there } = await room();
    const mail = newId();
    const parsed = { filename: 'a.pdf', contentType: 'application/pdf', content: Buffer.from('x') };
    const { views } = await attachments.ofMail({ id: mail, companyId: 'c1' }, 'i1', [parsed] as never);
    const of = (id: string) => at(id, 'attachments');
    const kept = [of(views[0]?.id ?? ''), at(`${newId()}.eml`, 'raw')];
    const lost = [of(newId()), of(`${newId()}.part`), at(`${newId()}.eml`, 'raw')];
    const odd = join('attachments', 'README', 'x');
    await store.insertMail({
      id: newId(),
      companyId: 'c1',
      mailbox: 'm',
      dedupKey: 'k',
      status: 'stored',
      direction: 'inbound',
      file: kept[1],
    } as never);
    for (const file of [...kept, ...lost, odd]) dated(file);
    expect((await sweep()).files).toBe(0);
    clock.advance(DAY + 10 * HOUR);
    // Written late into a folder of old ids: a mail that was read again after a crash.
    const young = of(`${mail}-7`);
    dated(young);
    expect((await sweep()).files).toBe(3);
    expect([...kept, young, odd].map(there)).toEqual([true, true, true, true]);
    expect(lost.map(there)).toEqual([false, false, false]);
    clock.advance(DAY + 10 * HOUR);
    expect((await sweep()).files).toBe(1);
    expect(there(young)).toBe(false);
    expect(kept.map(there)).toEqual([true, true]);
  });

  it('each folder is looked through once', async () => {
    const { clock, store, sweep, newId, dated, at } = await room();
    dated(at(newId()));
    clock.advance(2 * DAY);
    expect((await sweep()).files).toBe(1);
    const asked: unknown[] = [];
    store.knownFiles = (...question) => {
      asked.push(question);
      return Promise.resolve(new Set<string>());
    };
    await sweep();
    expect(asked).toEqual([]);
  });
});
