import { IconAlertTriangle } from '@tabler/icons-react';
import { z } from 'zod';
import { Bar } from '../ui/Bar.tsx';
import { useLoad } from '../ui/useLoad.ts';
import { useServices, useText } from './context.tsx';

const notices = z.object({ items: z.array(z.object({ code: z.string() })) });

/** What the server itself warns of, on every page until its cause is gone. */
export function ServerNotices() {
  const t = useText();
  const { api } = useServices();
  const { state } = useLoad('notices', () => api.get('/api/v1/notices', notices));
  const items = state.kind === 'ready' ? state.data.items : [];
  const words: Readonly<Record<string, string>> = t.errors.byCode;
  return items.map(({ code }) => (
    <Bar key={code} tone="bad" icon={<IconAlertTriangle size={17} />} text={words[code] ?? code} />
  ));
}
