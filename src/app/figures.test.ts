import { describe, expect, it } from 'vitest';
import type { Board } from '../contracts/realtime.ts';
import type { Interaction } from '../interactions/index.ts';
import { createMetrics } from '../platform/metrics/index.ts';
import { registerFigures } from './figures.ts';

const queue = (key: string, waiting: number, longestWaitMs = 0, free = 0) =>
  ({
    key,
    waiting,
    offered: 0,
    active: 1,
    ...(waiting > 0 ? { nobodyFor: 2 } : {}),
    channels: [{ channel: 'voice', longestWaitMs, free }],
  }) as unknown as Board['queues'][number];
const person = (state: 'available' | 'paused' | 'offline', voice: boolean) =>
  ({ state, load: { text: 0, voice } }) as Board['people'][number];

function rig() {
  const metrics = createMetrics({ defaults: false });
  let tell: (contact: Interaction) => void = () => undefined;
  const asked: string[] = [];
  const board: Board = {
    at: '2026-11-26T00:00:00.000Z',
    queues: [queue('suporte', 3, 65_000, 2), queue('financeiro', 0)],
    people: [person('available', true), person('paused', false)],
    trunks: [{ id: 't', name: 'Operadora', used: 7, channels: 30 }],
    engines: [],
  };
  registerFigures({
    metrics,
    companies: () => [{ _id: 'c1', key: 'exemplo' }],
    board: () => {
      asked.push(board.at);
      return board;
    },
    engines: () =>
      Promise.resolve([
        { name: 'sip', ok: true },
        { name: 'relay', ok: false },
      ]),
    onContact: (listener) => (tell = listener),
    jobs: () => Promise.resolve({ waiting: 4, running: 1, failed: 2 }),
    mails: () => Promise.resolve({ importing: 5, setAside: 6, unsent: 8, failed: 9 }),
    oldestMailMs: () => 7500,
    storeBytes: () => Promise.resolve(4096),
  });
  const end = (id: string, name: string) =>
    tell({ id, companyId: 'c1', channel: 'voice', direction: 'inbound', state: { name } } as Interaction);
  return { metrics, end, board, asked };
}

describe('figures for monitoring', () => {
  it('tell of queues, people, lines, engines, jobs, mails and the store', async () => {
    const text = await rig().metrics.text();
    for (const line of [
      'ramal_queue_contacts{company="exemplo",queue="suporte",state="waiting"} 3',
      'ramal_queue_longest_wait_seconds{company="exemplo",queue="suporte",channel="voice"} 65',
      'ramal_queue_free{company="exemplo",queue="suporte",channel="voice"} 2',
      'ramal_queue_nobody_for{company="exemplo",queue="suporte"} 2',
      'ramal_queue_nobody_for{company="exemplo",queue="financeiro"} 0',
      'ramal_people{company="exemplo",state="available"} 1',
      'ramal_people{company="exemplo",state="onCall"} 1',
      'ramal_trunk_channels{company="exemplo",trunk="Operadora",kind="used"} 7',
      'ramal_trunk_channels{company="exemplo",trunk="Operadora",kind="bought"} 30',
      'ramal_engine_up{engine="sip"} 1',
      'ramal_engine_up{engine="relay"} 0',
      'ramal_jobs{state="failed"} 2',
      'ramal_mails{state="setAside"} 6',
      'ramal_mail_oldest_seconds 7.5',
      'ramal_store_bytes 4096',
    ])
      expect(text).toContain(line);
  });

  it('ask the board once a scrape, and forget a queue that is on it no more', async () => {
    const { metrics, board, asked } = rig();
    await metrics.text();
    expect(asked).toHaveLength(1);
    board.queues.pop();
    const text = await metrics.text();
    expect(text).toContain('queue="suporte"');
    expect(text).not.toContain('queue="financeiro"');
  });

  it('count a contact once, at its end, however often it is told again', async () => {
    const { metrics, end } = rig();
    end('1', 'queued');
    end('1', 'abandoned');
    end('1', 'abandoned');
    end('2', 'closed');
    const text = await metrics.text();
    const counted = 'ramal_contacts_ended_total{company="exemplo",channel="voice",direction="inbound"';
    expect(text).toContain(`${counted},end="abandoned"} 1`);
    expect(text).toContain(`${counted},end="closed"} 1`);
    expect(text).not.toContain('end="queued"');
  });
});
