import { Menu, UnstyledButton } from '@mantine/core';
import { IconHelpCircle, IconKey, IconLanguage, IconLogout, IconMoon } from '@tabler/icons-react';
import { useState } from 'react';
import { useServices, useSignedIn, useText } from '../app/context.tsx';
import { initials } from '../ui/format.ts';
import { useStore } from '../ui/store.ts';
import { LeaveDialog, useLeave } from './LeaveDialog.tsx';
import { PasswordDialog } from './PasswordDialog.tsx';

const schemes = ['auto', 'light', 'dark'] as const;

export function UserMenu() {
  const t = useText();
  const { settings, router } = useServices();
  const leave = useLeave();
  const { user, result } = useSignedIn();
  const { language, scheme } = useStore(settings.store);
  const [password, setPassword] = useState(false);
  return (
    <>
      <Menu position="bottom-end" width={230} withInitialFocusPlaceholder={false}>
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
          <Menu.RadioGroup
            value={language}
            onChange={(next) => settings.change({ language: next === 'en' ? 'en' : 'pt-BR' })}
          >
            <Menu.RadioItem value="pt-BR">Português</Menu.RadioItem>
            <Menu.RadioItem value="en">English</Menu.RadioItem>
          </Menu.RadioGroup>
          <Menu.Label>
            <IconMoon size={13} style={{ verticalAlign: -2 }} /> {t.menu.scheme}
          </Menu.Label>
          <Menu.RadioGroup
            value={scheme}
            onChange={(next) => settings.change({ scheme: schemes.find((one) => one === next) ?? 'auto' })}
          >
            {schemes.map((one) => (
              <Menu.RadioItem key={one} value={one}>
                {t.menu.schemes[one]}
              </Menu.RadioItem>
            ))}
          </Menu.RadioGroup>
          <Menu.Divider />
          <Menu.Item leftSection={<IconLogout size={15} />} onClick={leave.start}>
            {t.menu.logout}
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      <PasswordDialog
        opened={password}
        onClose={() => setPassword(false)}
        onChanged={() => result.tell(t.password.changed)}
      />
      <LeaveDialog leave={leave} />
    </>
  );
}
