import { setTimeout as pause } from 'node:timers/promises';
import type { InteractionView } from '../../src/contracts/interaction.ts';
import { contacts } from '../support/contacts.ts';
import { outboxOf, sendMail } from '../support/mail.ts';
import { operatorAt } from '../support/operator.ts';
import { eventually, type Product, startProduct } from '../support/product.ts';
import { programs } from '../support/programs.ts';
import { type SippCall, sippCall } from '../support/sipp.ts';

/**
 * kill -9 again and again while mails come in, calls ring, and an operator takes contacts, writes notes and closes them.
 * In the end nothing that was promised is lost or doubled, and no contact is stuck. Never in CI; of the built product:
 * `node scripts/run-ts.mjs tests/long/kills.ts [kills] [at most minutes] [mails a second]`.
 */
const KILLS = Number(process.argv[2] ?? 1000);
const MINUTES = Number(process.argv[3] ?? 120);
const MAILS_A_SECOND = Number(process.argv[4] ?? 4);
const OVER = new Set(['closed', 'missed', 'abandoned']);

interface Promised {
  /** Senders whose mail got its 250. */
  readonly mails: string[];
  /** Notes that were answered 2xx: contact and text. */
  readonly notes: { readonly id: string; readonly text: string }[];
  readonly closed: Set<string>;
  calls: number;
}

const quiet = <T>(work: Promise<T>): Promise<T | undefined> => work.catch(() => undefined);

/** As a relay does: the same mail again and again until it is taken, then the next. */
async function relay(product: Product, name: string, promised: Promised, over: () => boolean): Promise<void> {
  for (let n = 0; !over(); n++) {
    // A domain each: one that writes much is acknowledged so many times an hour and no more.
    const from = `ana@${name}${String(n)}.fora.test`;
    const mail = {
      from,
      subject: `Carga ${name} ${String(n)}`,
      messageId: `<${name}.${String(n)}@fora.test>`,
    };
    while (!((await quiet(sendMail(product, mail))) ?? '').startsWith('250')) {
      if (over()) return;
      await pause(50);
    }
    promised.mails.push(from);
    await pause(2000 / MAILS_A_SECOND);
  }
}

let tries = 0;
async function handle(product: Product, user: string, id: string, promised: Promised): Promise<void> {
  const path = `/api/v1/interactions/${id}`;
  // Each try has its own words: one that got no answer may stand there beside the next.
  const text = `nota ${id} ${String(tries++)} ${user}`;
  const noted = await quiet(product.api(user, 'POST', `${path}/notes`, { text }));
  if (noted !== undefined) promised.notes.push({ id, text });
  const closed = await quiet(product.api(user, 'POST', `${path}/close`, { disposition: 'resolvido' }));
  if (closed !== undefined) promised.closed.add(id);
}

/** Accepts what is offered, finishes what a kill left in hand, and comes back after each start. */
async function work(
  product: Product,
  user: string,
  me: string,
  promised: Promised,
  over: () => boolean,
): Promise<void> {
  while (!over()) {
    const person = await quiet(operatorAt(product, user));
    if (person === undefined) {
      await pause(100);
      continue;
    }
    await quiet(product.api(user, 'PUT', '/api/v1/me/presence', { state: 'available' }));
    for (;;) {
      const mine = await quiet(
        product.api<{ items: InteractionView[] }>(
          user,
          'GET',
          `/api/v1/interactions?agent=${me}&state=offered,active,wrapUp&limit=50`,
        ),
      );
      if (mine === undefined || over()) break;
      for (const one of mine.items) {
        if (one.state === 'offered') {
          const answer = await quiet(person.command('offer:accept', { interactionId: one.id }));
          if (answer?.ok === true) await handle(product, user, one.id, promised);
        } else if (!OVER.has(one.state)) await handle(product, user, one.id, promised);
      }
      await pause(80);
    }
    person.close();
  }
}

const twice = (values: readonly string[]): string[] => {
  const seen = new Set<string>();
  return values.filter((value) => seen.size === seen.add(value).size);
};

async function verdict(product: Product, promised: Promised): Promise<Record<string, unknown>> {
  const all = await eventually(
    'every promised mail a contact, and every contact over',
    () => contacts(product, ''),
    (items) => {
      const known = new Set(items.map((one) => one.contact.address));
      return promised.mails.every((from) => known.has(from)) && items.every((one) => OVER.has(one.state));
    },
    300_000,
  ).catch(() => contacts(product, ''));
  const stuck = all.filter((one) => !OVER.has(one.state)).map((one) => `${one.id} ${one.state}`);
  const mails = all.filter((one) => one.channel === 'email').map((one) => one.contact.address);
  const known = new Set(mails);
  const acknowledged = { none: 0, once: 0, more: 0 };
  for (const from of promised.mails) {
    // None: a mailbox answers by itself a thousand times an hour and no more.
    const { length } = await outboxOf(product, from);
    acknowledged[length === 0 ? 'none' : length === 1 ? 'once' : 'more'] += 1;
  }
  const notes = { none: 0, once: 0, more: 0 };
  for (const { id, text } of promised.notes) {
    const { timeline } = await product.api<{ timeline: { data: { text?: string } }[] }>(
      'supervisor',
      'GET',
      `/api/v1/interactions/${id}`,
    );
    const { length } = timeline.filter((entry) => entry.data.text === text);
    notes[length === 0 ? 'none' : length === 1 ? 'once' : 'more'] += 1;
  }
  const voice: Record<string, number> = {};
  for (const one of all.filter(({ channel }) => channel === 'voice'))
    voice[one.state] = (voice[one.state] ?? 0) + 1;
  const reopened = all.filter((one) => promised.closed.has(one.id) && one.state !== 'closed').length;
  return {
    mails: promised.mails.length,
    lost: promised.mails.filter((from) => !known.has(from)),
    doubled: twice(mails),
    // Two calls of one number may share a protocol that is still open; two senders never do.
    numbersTwice: twice(all.filter(({ channel }) => channel === 'email').map((one) => one.protocol)),
    stuck,
    acknowledged,
    notes,
    closed: promised.closed.size,
    reopened,
    calls: promised.calls,
    voice,
  };
}

async function main(): Promise<void> {
  const product = await startProduct();
  const promised: Promised = { mails: [], notes: [], closed: new Set(), calls: 0 };
  const mailsOver = new AbortController();
  const workOver = new AbortController();
  const relays = ['a', 'b'].map((name) => relay(product, name, promised, () => mailsOver.signal.aborted));
  const people: Promise<void>[] = [];
  for (const user of ['ana', 'bruno']) {
    const { id } = await product.api<{ id: string }>(user, 'GET', '/api/v1/me');
    people.push(work(product, user, id, promised, () => workOver.signal.aborted));
  }
  const startMs: number[] = [];
  let slowest = 0;
  const endAt = performance.now() + MINUTES * 60_000;
  let kill = 0;
  while (kill < KILLS && performance.now() < endAt) {
    kill += 1;
    let call: SippCall | undefined;
    if (programs.sipp !== undefined && kill % 2 === 0) {
      call = await quiet(sippCall(programs.sipp, { sipPort: product.sipPort, calls: 2, hangUpMs: 30_000 }));
      if (call !== undefined) promised.calls += 2;
      if (call !== undefined && kill % 4 === 0) await quiet(call.answered(5_000));
    }
    // Most kills hit the first second, some a system that has come to rest.
    await pause(Math.random() < 0.2 ? 1_000 + Math.random() * 4_000 : Math.random() * 900);
    await product.kill();
    call?.stop();
    const before = performance.now();
    await product.start();
    const took = performance.now() - before;
    startMs.push(took);
    slowest = Math.max(slowest, took);
    if (kill % 25 === 0)
      console.log(
        [
          new Date().toISOString(),
          `kills ${String(kill)}`,
          `mails ${String(promised.mails.length)}`,
          `notes ${String(promised.notes.length)}`,
          `closed ${String(promised.closed.size)}`,
          `calls ${String(promised.calls)}`,
          `start ${took.toFixed(0)} ms`,
        ].join(', '),
      );
  }
  mailsOver.abort();
  await Promise.all(relays);
  const found = await verdict(product, promised);
  workOver.abort();
  await Promise.all(people);
  startMs.sort((a, b) => a - b);
  console.log(
    JSON.stringify(
      { kills: kill, ...found, startMs: { p50: startMs[startMs.length >> 1], max: slowest } },
      null,
      1,
    ),
  );
  await product.end();
}

await main();
