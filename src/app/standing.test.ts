import { describe, expect, it } from 'vitest';
import type { Interaction } from '../interactions/index.ts';
import { silentLogger } from '../platform/log/index.ts';
import { bindStanding } from './standing.ts';

const contact = (id: string, queue: string | null, agent: string | null, state = 'active'): Interaction =>
  ({
    id,
    companyId: 'c1',
    protocol: '1',
    queue,
    agent: agent === null ? null : { id: agent, name: agent },
    state: { name: state },
  }) as unknown as Interaction;

function setup() {
  const stored = new Map<string, Interaction>();
  const written: (readonly string[])[] = [];
  let change: (contact: Interaction) => void = () => undefined;
  const standing = bindStanding({
    interactions: {
      onChange: (listener) => {
        change = (one) => listener(one, null);
      },
      byProtocol: () => Promise.resolve([...stored.values()]),
    },
    protocols: {
      stand: (_company, _number, reach) => {
        written.push(reach);
        return Promise.resolve();
      },
    },
    logger: silentLogger(),
  });
  const moved = async (one: Interaction): Promise<void> => {
    stored.set(one.id, one);
    change(one);
    await standing.idle();
  };
  return { moved, written };
}

describe('where a protocol stands', () => {
  it('is where its contacts stand: a queue that a contact left is forgotten', async () => {
    const { moved, written } = setup();
    await moved(contact('a', 'suporte', null, 'queued'));
    await moved(contact('b', 'ouvidoria', 'bruno'));
    await moved(contact('a', 'financeiro', 'ana'));
    expect(written).toEqual([
      ['queue:suporte'],
      ['agent:bruno', 'queue:ouvidoria', 'queue:suporte'],
      ['agent:ana', 'agent:bruno', 'queue:financeiro', 'queue:ouvidoria'],
    ]);
  });
  it('is written when the place changes, not with each word or offer', async () => {
    const { moved, written } = setup();
    await moved(contact('a', null, null, 'arriving'));
    await moved(contact('a', 'suporte', null, 'queued'));
    await moved(contact('a', 'suporte', 'ana', 'offered'));
    await moved(contact('a', 'suporte', null, 'queued'));
    await moved(contact('a', 'suporte', 'ana'));
    await moved(contact('a', 'suporte', 'ana', 'wrapUp'));
    expect(written).toEqual([['queue:suporte'], ['agent:ana', 'queue:suporte']]);
  });
});
