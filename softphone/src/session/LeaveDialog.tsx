import { Button, Group, Modal } from '@mantine/core';
import { useEffect, useState } from 'react';
import { useServices, useSignedIn, useText } from '../app/context.tsx';
import { nameOf } from '../desk/names.ts';
import { currentCall, myWork } from '../desk/work.ts';
import { useSelect, useStore } from '../ui/store.ts';

export interface Leave {
  asking: boolean;
  busy: boolean;
  /** Signs out at once with empty hands; else it asks first. */
  start: () => void;
  confirm: () => void;
  cancel: () => void;
}

/** Signing out on purpose: the call ends politely, and nothing is offered any more to somebody who has gone. */
export function useLeave(): Leave {
  const { session } = useServices();
  const { desk, phone } = useSignedIn();
  const [asking, setAsking] = useState(false);
  const [busy, setBusy] = useState(false);
  const leave = async (): Promise<void> => {
    setBusy(true);
    const call = currentCall(desk.work.get());
    if (call) await desk.hangUp(call.id).catch(() => phone.hangUp().catch(() => undefined));
    // A closed page keeps its presence for 60 s, because it may come back; who signs out does not.
    await desk.setPresence('offline').catch(() => undefined);
    await session.logout();
  };
  return {
    asking,
    busy,
    start: () => {
      if (myWork(desk.work.get()).length > 0) setAsking(true);
      else void leave();
    },
    confirm: () => void leave(),
    cancel: () => setAsking(false),
  };
}

export function LeaveDialog({ leave }: { leave: Leave }) {
  const t = useText();
  const work = useStore(useSignedIn().desk.work);
  const call = currentCall(work);
  const others = myWork(work).filter((one) => one.id !== call?.id).length;
  return (
    <Modal opened={leave.asking} onClose={leave.cancel} title={t.leave.title} size="sm">
      {call ? <p style={{ margin: '0 0 8px' }}>{t.leave.call(nameOf(t, call))}</p> : null}
      {others > 0 ? <p style={{ margin: '0 0 8px' }}>{t.leave.others(others, call !== null)}</p> : null}
      <p className="dim" style={{ margin: 0 }}>
        {t.leave.drafts}
      </p>
      <Group justify="flex-end" mt="md" gap="sm">
        <Button size="sm" variant="default" onClick={leave.cancel} disabled={leave.busy} data-autofocus>
          {t.leave.stay}
        </Button>
        <Button size="sm" color="red.9" onClick={leave.confirm} loading={leave.busy} data-testid="leave">
          {call ? t.leave.hangUpAndGo : t.leave.go}
        </Button>
      </Group>
    </Modal>
  );
}

/** The browser asks before a page with a call in it is closed or loaded anew; its words are the browser's own. */
export function useKeepCall(): void {
  const { desk, phoneTab } = useSignedIn();
  const call = useSelect(desk.work, currentCall);
  const owner = useStore(phoneTab.state) === 'owner';
  const keep = call !== null && owner;
  useEffect(() => {
    if (!keep) return undefined;
    const ask = (event: BeforeUnloadEvent): void => event.preventDefault();
    window.addEventListener('beforeunload', ask);
    return () => window.removeEventListener('beforeunload', ask);
  }, [keep]);
}
