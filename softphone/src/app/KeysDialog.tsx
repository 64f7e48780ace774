import { Modal, Switch } from '@mantine/core';
import { Fragment } from 'react';
import { useStore } from '../ui/store.ts';
import { useServices, useText } from './context.tsx';
import { bindings, type Binding, type KeyAction } from './keys.ts';

export function KeysDialog({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  const t = useText();
  const { settings } = useServices();
  const { letterKeys } = useStore(settings.store);
  const actions = [...new Set(bindings.map((one) => one.action))];
  return (
    <Modal opened={opened} onClose={onClose} title={t.keys.title} size="lg">
      <dl className="keys" style={{ columns: 2, columnGap: 28, margin: 0 }}>
        {actions.map((action) => (
          <KeyLine key={action} action={action} />
        ))}
      </dl>
      <Switch
        mt="md"
        size="sm"
        label={t.keys.letters}
        description={t.keys.lettersWhy}
        checked={letterKeys}
        onChange={(event) => settings.change({ letterKeys: event.currentTarget.checked })}
      />
    </Modal>
  );
}

function KeyLine({ action }: { action: KeyAction }) {
  const t = useText();
  return (
    <div className="row between" style={{ padding: '4px 0', breakInside: 'avoid' }}>
      <dt>{t.keys.actions[action]}</dt>
      <dd className="row tight wrap" style={{ margin: 0, justifyContent: 'flex-end', rowGap: 3 }}>
        {bindings
          .filter((one) => one.action === action)
          .map((one, index) => (
            <Fragment key={keyText(one)}>
              {index > 0 ? <span className="dim3">{t.keys.or}</span> : null}
              <kbd>{keyText(one)}</kbd>
            </Fragment>
          ))}
      </dd>
    </div>
  );
}

export function keyText(binding: Binding): string {
  const names: Readonly<Record<string, string>> = { enter: 'Enter', arrowdown: '↓', arrowup: '↑' };
  const key = names[binding.key] ?? binding.key.toUpperCase();
  return `${binding.ctrl === true ? 'Ctrl+' : ''}${binding.alt === true ? 'Alt+' : ''}${binding.shift === true ? 'Shift+' : ''}${key}`;
}
