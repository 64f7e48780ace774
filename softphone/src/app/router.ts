import { unescaped } from '../../../src/shared/percent.ts';
import { createStore, type ReadStore } from '../ui/store.ts';

export interface Place {
  path: string;
  query: string;
}

/** Addresses over the History API: the server answers index.html for every page of the desk. */
export interface Router {
  place: ReadStore<Place>;
  go: (to: string) => void;
  replace: (to: string) => void;
  stop: () => void;
}

export function createRouter(win: Window): Router {
  const read = (): Place => ({ path: win.location.pathname, query: win.location.search });
  const place = createStore(read());
  const sync = (): void => place.set(read());
  win.addEventListener('popstate', sync);
  return {
    place,
    go: (to) => {
      if (to === win.location.pathname + win.location.search) return;
      win.history.pushState(null, '', to);
      sync();
    },
    replace: (to) => {
      win.history.replaceState(null, '', to);
      sync();
    },
    stop: () => win.removeEventListener('popstate', sync),
  };
}

export type Page =
  | { name: 'desk' }
  | { name: 'start' }
  | { name: 'firstAccess' }
  | { name: 'simulator' }
  | { name: 'board'; wall: boolean }
  | { name: 'customers' }
  | { name: 'customer'; id: string }
  | { name: 'contacts' }
  | { name: 'contact'; id: string }
  | { name: 'admin'; section: string }
  | { name: 'notFound' };

/** What people type out of habit; the sign-in form stands on every page until one is in. */
const SIGN_IN = /^(?:login|entrar)$/;

/** Portuguese addresses, because people read and share them. */
export function pageOf(path: string): Page {
  const [start = '', second, third] = path.split('/').filter(Boolean).map(unescaped);
  const first = start.replace(SIGN_IN, '');
  if (third !== undefined) return { name: 'notFound' };
  switch (first) {
    case '':
      return second === undefined ? { name: 'desk' } : { name: 'notFound' };
    case 'inicio':
      return { name: 'start' };
    case 'primeiro-acesso':
      return { name: 'firstAccess' };
    case 'simulador':
      return { name: 'simulator' };
    case 'painel':
      return { name: 'board', wall: second === 'tv' };
    case 'clientes':
      return second === undefined ? { name: 'customers' } : { name: 'customer', id: second };
    case 'contatos':
      return second === undefined ? { name: 'contacts' } : { name: 'contact', id: second };
    case 'administracao':
      return { name: 'admin', section: second ?? 'usuarios' };
    default:
      return { name: 'notFound' };
  }
}
