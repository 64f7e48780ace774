import { ActionIcon, Tooltip } from '@mantine/core';
import {
  IconAddressBook,
  IconHeadset,
  IconKeyboard,
  IconLayoutDashboard,
  IconListDetails,
  IconSettings,
} from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { SearchBox } from '../customers/SearchBox.tsx';
import { PresenceMenu } from '../desk/PresenceMenu.tsx';
import { DeviceMenu } from '../phone/DeviceMenu.tsx';
import { UserMenu } from '../session/UserMenu.tsx';
import { Brand } from '../ui/Brand.tsx';
import { Link } from '../ui/Link.tsx';
import { useSignedIn, useText } from './context.tsx';
import type { Page } from './router.ts';

export function TopBar({ page, onKeys }: { page: Page; onKeys: () => void }) {
  const t = useText();
  const { user } = useSignedIn();
  const item = (to: string, names: readonly Page['name'][], icon: ReactNode, label: string) => (
    <Link to={to} title={label} aria-current={names.includes(page.name) ? 'page' : undefined}>
      {icon}
      <span className="nav-text">{label}</span>
    </Link>
  );
  return (
    <header className="top">
      <PresenceMenu />
      <DeviceMenu />
      <nav className="nav" aria-label={t.nav.label}>
        {item('/', ['desk'], <IconHeadset size={16} />, t.nav.desk)}
        {item('/contatos', ['contacts', 'contact'], <IconListDetails size={16} />, t.nav.contacts)}
        {item('/clientes', ['customers', 'customer'], <IconAddressBook size={16} />, t.nav.customers)}
        {user.role === 'operator'
          ? null
          : item('/painel', ['board'], <IconLayoutDashboard size={16} />, t.nav.board)}
        {user.role === 'admin'
          ? item('/administracao/usuarios', ['admin'], <IconSettings size={16} />, t.nav.admin)
          : null}
      </nav>
      <div className="grow search">
        <SearchBox />
      </div>
      <Tooltip label={`${t.keys.title} (?)`}>
        <ActionIcon color="slate" onClick={onKeys} aria-label={t.keys.title}>
          <IconKeyboard size={18} />
        </ActionIcon>
      </Tooltip>
      <UserMenu />
      <Link to="/inicio" aria-label={t.nav.start} style={{ textDecoration: 'none' }}>
        <Brand size={22} />
      </Link>
    </header>
  );
}
