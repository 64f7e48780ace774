import { Menu, UnstyledButton } from '@mantine/core';
import { IconCheck, IconHelpCircle, IconKey, IconLanguage, IconLogout, IconMoon } from '@tabler/icons-react';
import { useState } from 'react';
import { useServices, useSignedIn, useText } from '../app/context.tsx';
import { initials } from '../ui/format.ts';
import { useStore } from '../ui/store.ts';
import { LeaveDialog, useLeave } from './LeaveDialog.tsx';
import { PasswordDialog } from './PasswordDialog.tsx';

export function UserMenu() {
  const t = useText();
  const { settings, router } = useServices();
  const leave = useLeave();
  const { user } = useSignedIn();
  const { language, scheme } = useStore(settings.store);
  const [password, setPassword] = useState(false);
  const tick = (on: boolean) => (on ? <IconCheck size={14} /> : <span style={{ width: 14 }} />);
  return (
    <>
      <Menu position="bottom-end" width={230}>
        <Menu.Target>
          <UnstyledButton className="pill ring" aria-label={`${t.menu.account}: ${user.name}`}>
            <span aria-hidden="true">{initials(user.name)}</span>
          </UnstyledButton>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Label>
            {user.name} · {t.roles[user.role]}
          </Menu.Label>
          <Menu.Item leftSection={<IconHelpCircle size={15} />} onClick={() => router.go('/inicio')}>
            {t.nav.start}
          </Menu.Item>
          <Menu.Item leftSection={<IconKey size={15} />} onClick={() => setPassword(true)}>
            {t.password.title}
          </Menu.Item>
          <Menu.Divider />
          <Menu.Label>
            <IconLanguage size={13} style={{ verticalAlign: -2 }} /> {t.menu.language}
          </Menu.Label>
          <Menu.Item
            leftSection={tick(language === 'pt-BR')}
            onClick={() => settings.change({ language: 'pt-BR' })}
          >
            Português
          </Menu.Item>
          <Menu.Item
            leftSection={tick(language === 'en')}
            onClick={() => settings.change({ language: 'en' })}
          >
            English
          </Menu.Item>
          <Menu.Label>
            <IconMoon size={13} style={{ verticalAlign: -2 }} /> {t.menu.scheme}
          </Menu.Label>
          {(['auto', 'light', 'dark'] as const).map((one) => (
            <Menu.Item
              key={one}
              leftSection={tick(scheme === one)}
              onClick={() => settings.change({ scheme: one })}
            >
              {t.menu.schemes[one]}
            </Menu.Item>
          ))}
          <Menu.Divider />
          <Menu.Item leftSection={<IconLogout size={15} />} onClick={leave.start}>
            {t.menu.logout}
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      <PasswordDialog opened={password} onClose={() => setPassword(false)} />
      <LeaveDialog leave={leave} />
    </>
  );
}
