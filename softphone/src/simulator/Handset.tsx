import { Button, Select, TextInput } from '@mantine/core';
import { IconPhone, IconPhoneOff } from '@tabler/icons-react';
import { useState } from 'react';
import { useText } from '../app/context.tsx';
import { Keypad } from '../phone/Keypad.tsx';
import { phoneText } from '../ui/format.ts';
import { useStore } from '../ui/store.ts';
import { clockSpan, useNow } from '../ui/time.ts';
import { inCall, type SimCall } from './call-state.ts';
import type { SimPhone } from './sim-phone.ts';

const maria = '+5511987654321';
const stranger = '+5511912340000';

export function Handset({ phone }: { phone: SimPhone }) {
  const t = useText();
  const call = useStore(phone.call);
  const now = useNow(500);
  const [who, setWho] = useState<string>(maria);
  const [other, setOther] = useState('+55');
  const busy = inCall(call);
  const caller = who === 'other' ? other : who;
  return (
    <section className="panel handset" aria-label={t.simulator.phone}>
      <div style={{ width: '100%' }} className="col">
        <Select
          label={t.simulator.caller}
          allowDeselect={false}
          disabled={busy}
          value={who}
          onChange={(value) => setWho(value ?? maria)}
          data={[
            { value: maria, label: `${t.simulator.callers.maria} · ${phoneText(maria)}` },
            { value: stranger, label: `${t.simulator.callers.stranger} · ${phoneText(stranger)}` },
            { value: 'other', label: t.simulator.callers.other },
          ]}
        />
        {who === 'other' ? (
          <TextInput
            size="xs"
            aria-label={t.simulator.number}
            value={other}
            onChange={(event) => setOther(event.currentTarget.value)}
          />
        ) : null}
      </div>
      <div
        style={{ textAlign: 'center', minHeight: 66 }}
        role="status"
        data-testid="sim-status"
        data-call={call.kind}
      >
        <div style={{ fontSize: 16, fontWeight: 600 }}>{t.simulator.states[call.kind]}</div>
        <div className="dim num" style={{ fontSize: 20 }}>
          {clockOf(call, now)}
        </div>
        {call.kind === 'failed' ? <div className="bad">{t.simulator.causes[call.cause]}</div> : null}
        {call.kind === 'calling' || call.kind === 'live' ? (
          <div className="dim3 num">{t.simulator.dialing(phoneText(call.did))}</div>
        ) : null}
      </div>
      <Keypad large onDigit={phone.press} />
      {busy ? (
        <Button
          size="md"
          color="red.8"
          fullWidth
          leftSection={<IconPhoneOff size={18} />}
          onClick={() => void phone.hangUp()}
          data-testid="sim-hangup"
        >
          {t.simulator.hangUp}
        </Button>
      ) : (
        <Button
          size="md"
          fullWidth
          leftSection={<IconPhone size={18} />}
          onClick={() => void phone.dial(caller)}
          data-testid="sim-call"
        >
          {t.simulator.call}
        </Button>
      )}
      <p className="dim" style={{ margin: 0, fontSize: 12 }}>
        {t.simulator.hint}
      </p>
    </section>
  );
}

function clockOf(call: SimCall, now: number): string {
  if (call.kind === 'live') return clockSpan(now - call.since);
  return call.kind === 'ended' ? clockSpan(call.lastedMs) : ' ';
}
