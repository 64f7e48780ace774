import { useEffect, useState } from 'react';
import { ContactPage } from '../desk/ContactPage.tsx';
import { ContactsPage } from '../desk/ContactsPage.tsx';
import { CustomerPage } from '../customers/CustomerPage.tsx';
import { CustomersPage } from '../customers/CustomersPage.tsx';
import { DeskPage } from '../desk/DeskPage.tsx';
import { Offers } from '../desk/Offers.tsx';
import { AdminPage } from '../admin/AdminPage.tsx';
import { CallBar } from '../phone/CallBar.tsx';
import { PhoneNotices } from '../phone/PhoneNotices.tsx';
import { useKeepCall } from '../session/LeaveDialog.tsx';
import { BoardPage } from '../supervisor/BoardPage.tsx';
import { Empty, NoPermission } from '../ui/states.tsx';
import { useStore } from '../ui/store.ts';
import { TopResult } from '../ui/TopResult.tsx';
import { useActions, listenToKeys } from './actions.ts';
import { Alerts } from './Alerts.tsx';
import { useServices, useSignedIn, useText } from './context.tsx';
import { KeysDialog } from './KeysDialog.tsx';
import { keepFocus } from './landing-page.ts';
import { pageOf, type Page } from './router.ts';
import { ServerNotices } from './ServerNotices.tsx';
import { StartPage } from './StartPage.tsx';
import { usePageTitle } from './title.ts';
import { TopBar } from './TopBar.tsx';
import { Undelivered } from './Undelivered.tsx';

export function Shell() {
  const t = useText();
  const { router, settings } = useServices();
  const { actions } = useSignedIn();
  const { path } = useStore(router.place);
  const page = pageOf(path);
  const [keys, setKeys] = useState(false);
  useEffect(
    () => listenToKeys(actions, () => settings.store.get().letterKeys, document),
    [actions, settings],
  );
  useEffect(() => keepFocus(document), []);
  useActions(actions, { help: () => setKeys(true) });
  useFirstStart();
  useKeepCall();
  usePageTitle(page);
  const wall = page.name === 'board' && page.wall;
  return (
    <div className="shell">
      <a className="skip" href="#body">
        {t.common.skip}
      </a>
      {wall ? <span /> : <TopBar page={page} onKeys={() => setKeys(true)} />}
      <div className="bars">
        {wall ? null : (
          <>
            <ServerNotices />
            <Alerts />
            <Undelivered />
            <TopResult />
            <CallBar />
            <PhoneNotices />
          </>
        )}
        <Offers />
      </div>
      <main className="body" id="body" tabIndex={-1}>
        <PageBody page={page} />
      </main>
      <KeysDialog opened={keys} onClose={() => setKeys(false)} />
    </div>
  );
}

/** The very first time in this browser the desk opens on the page that tells what to click; an address asked for wins. */
function useFirstStart(): void {
  const { router, settings } = useServices();
  useEffect(() => {
    if (settings.store.get().started) return;
    settings.change({ started: true });
    if (router.place.get().path === '/') router.replace('/inicio');
  }, [router, settings]);
}

function PageBody({ page }: { page: Page }) {
  const t = useText();
  const { user } = useSignedIn();
  switch (page.name) {
    case 'desk':
      return <DeskPage />;
    case 'start':
      return <StartPage />;
    case 'board':
      return user.role === 'operator' ? <NoPermission /> : <BoardPage wall={page.wall} />;
    case 'customers':
      return <CustomersPage />;
    case 'customer':
      return <CustomerPage key={page.id} id={page.id} />;
    case 'contacts':
      return <ContactsPage />;
    case 'contact':
      return <ContactPage key={page.id} id={page.id} />;
    case 'admin':
      return user.role === 'admin' ? <AdminPage section={page.section} /> : <NoPermission />;
    case 'firstAccess':
    case 'simulator':
    case 'notFound':
      return <Empty title={t.common.notFoundTitle}>{t.common.notFound}</Empty>;
  }
}
