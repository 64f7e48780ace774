import { useEffect } from 'react';
import { nameOf } from '../desk/names.ts';
import { unreadCount } from '../desk/unread.ts';
import type { Work } from '../desk/work.ts';
import type { Dictionary } from '../i18n/index.ts';
import { useStore } from '../ui/store.ts';
import { useSignedIn, useText } from './context.tsx';
import type { Page } from './router.ts';

/** "(2) Maria Souza · Atendimento · Ramal": what was not read, the contact, the page. */
export function titleOf(t: Dictionary, page: Page, work: Work, named: string | null): string {
  const count = unreadCount(work.unread);
  const contactId = page.name === 'contact' ? page.id : page.name === 'desk' ? work.selected : null;
  const contact = contactId === null ? undefined : work.interactions[contactId];
  const parts = [contact ? nameOf(t, contact) : named, nameOfPage(t, page), 'Ramal'];
  return `${count > 0 ? `(${String(count)}) ` : ''}${parts.filter((part) => part !== null).join(' · ')}`;
}

function nameOfPage(t: Dictionary, page: Page): string | null {
  switch (page.name) {
    case 'desk':
    case 'contact':
      return t.nav.desk;
    case 'contacts':
      return t.nav.contacts;
    case 'start':
      return t.nav.start;
    case 'board':
      return t.nav.board;
    case 'customers':
    case 'customer':
      return t.nav.customers;
    case 'admin':
      return t.nav.admin;
    case 'notFound':
      return t.common.notFoundTitle;
    // They say it themselves, also to who is not signed in.
    case 'firstAccess':
    case 'simulator':
      return null;
  }
}

/** The one hand on the title of the window; while something is offered it blinks. */
export function usePageTitle(page: Page): void {
  const t = useText();
  const { desk, pageName } = useSignedIn();
  const work = useStore(desk.work);
  const title = titleOf(t, page, work, useStore(pageName));
  const isOffered = work.offers.length > 0;
  const ringing = `☎ ${t.offer.title}`;
  useEffect(() => {
    document.title = title;
    if (!isOffered) return undefined;
    let lit = false;
    const timer = window.setInterval(() => {
      lit = !lit;
      document.title = lit ? ringing : title;
    }, 900);
    return () => window.clearInterval(timer);
  }, [title, isOffered, ringing]);
}

/** The title where nobody is signed in yet. */
export function useDoorTitle(name: string): void {
  useEffect(() => {
    document.title = `${name} · Ramal`;
    return () => void (document.title = 'Ramal');
  }, [name]);
}

/** A page that shows something with a name of its own says it. */
export function usePageName(name: string | null): void {
  const { pageName } = useSignedIn();
  useEffect(() => {
    pageName.set(name);
    return () => pageName.set(null);
  }, [name, pageName]);
}
