import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import Bull from 'bull';
import { Redis } from 'ioredis';
import Database from 'libsql';
import { Server as IoServer } from 'socket.io';
import type { Inbound } from './webhook-message.ts';

/**
 * HTTP → SQL commit → Bull job → Redis pub/sub → socket.io, as such stacks are put together: `web` takes requests and holds
 * sockets, `worker` carries jobs out. `node … <web|worker> <file> <redis port>`. SQLite in process (WAL, synchronous FULL) is
 * the least that "SQL" can cost: no connection, no second process.
 */
const [role, file = '', port = ''] = process.argv.slice(2);
const redis = { host: '127.0.0.1', port: Number(port) };
const db = new Database(file);
db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA busy_timeout = 5000');
db.exec('CREATE TABLE IF NOT EXISTS message (id TEXT PRIMARY KEY, sender TEXT, text TEXT, at INTEGER)');
const queue = new Bull<{ id: string }>('inbound', { redis });

function work(): void {
  const pub = new Redis(redis);
  const select = db.prepare('SELECT id, sender, text, at FROM message WHERE id = ?');
  void queue.process(16, async (job) => {
    const row = select.get(job.data.id) as { id: string; sender: string; text: string; at: number };
    const { id, sender: from, text, at } = row;
    await pub.publish(
      'operator:ana',
      JSON.stringify({ interactionId: 'i1', message: { id, from, text, at } }),
    );
  });
  process.send?.({ url: 'worker' });
}

async function serve(): Promise<void> {
  const insert = db.prepare('INSERT INTO message VALUES (?, ?, ?, ?)');
  const server = createServer((incoming, answer) => {
    const chunks: Buffer[] = [];
    incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
    incoming.on('end', () => {
      const body = JSON.parse(Buffer.concat(chunks).toString()) as Inbound;
      insert.run(body.id, body.from, body.text, Date.now());
      void queue.add({ id: body.id }, { removeOnComplete: true }).then(() => answer.end('{}'));
    });
  });
  const sockets = new IoServer(server, { perMessageDeflate: false });
  sockets.on('connection', (socket) => void socket.join('operator:ana'));
  const sub = new Redis(redis);
  await sub.subscribe('operator:ana');
  sub.on('message', (channel, json) => void sockets.to(channel).emit('message', JSON.parse(json)));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  process.send?.({ url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` });
}

if (role === 'worker') work();
else await serve();
