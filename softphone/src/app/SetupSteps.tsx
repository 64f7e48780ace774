import { Button } from '@mantine/core';
import { z } from 'zod';
import { companyView, isNamed } from '../admin/company.ts';
import { listOf } from '../session/api.ts';
import { useLoad } from '../ui/useLoad.ts';
import { useServices, useText } from './context.tsx';
import { Step } from './Step.tsx';

const row = z.object({ active: z.boolean().default(true), role: z.string().optional() });

/** In the order in which they need each other: queues before the people who serve them and the numbers that lead there. */
const settings = [
  { name: 'queues', path: 'queues', page: 'filas' },
  { name: 'people', path: 'users', page: 'usuarios' },
  { name: 'numbers', path: 'dids', page: 'numeros' },
  { name: 'trunk', path: 'trunks', page: 'troncos' },
  { name: 'mailbox', path: 'mailboxes', page: 'caixas' },
] as const;

/** What a company needs before anybody can call it, for who administers; nothing once all of it is there. */
export function SetupSteps() {
  const t = useText();
  const { api, router } = useServices();
  const { state } = useLoad('setup', async () => {
    const [company, ...lists] = await Promise.all([
      api.get('/api/v1/admin/company', companyView),
      ...settings.map(({ path }) => api.get(`/api/v1/admin/${path}?limit=200`, listOf(row))),
    ]);
    const done = lists.map(({ items }) =>
      // Who administers only answers nobody.
      items.some((one) => one.active && (one.role === undefined || one.role === 'operator')),
    );
    return { company: isNamed(company), done };
  });
  if (state.kind !== 'ready' || (state.data.company && state.data.done.every(Boolean))) return null;
  const steps = [
    { name: 'company', page: 'empresa', done: state.data.company } as const,
    ...settings.map(({ name, page }, at) => ({ name, page, done: state.data.done[at] === true })),
  ];
  return (
    <section aria-label={t.setup.title} data-testid="setup" style={{ marginBottom: 20 }}>
      <h2 style={{ fontSize: 16, margin: '0 0 2px' }}>{t.setup.title}</h2>
      <p className="dim" style={{ margin: '0 0 10px', fontSize: 14 }}>
        {t.setup.lead}
      </p>
      <ol className="panel" style={{ listStyle: 'none', margin: 0, padding: 0 }}>
        {steps.map(({ name, page, done }) => (
          <Step key={name} done={done} title={t.setup[name]} text={t.setup[`${name}Text`]}>
            <Button
              variant={done ? 'default' : 'filled'}
              onClick={() => router.go(`/administracao/${page}`)}
              aria-label={`${t.setup[name]}: ${t.setup.open}`}
            >
              {t.setup.open}
            </Button>
          </Step>
        ))}
      </ol>
    </section>
  );
}
