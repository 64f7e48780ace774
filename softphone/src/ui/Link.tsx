import type { AnchorHTMLAttributes, MouseEvent } from 'react';
import { useServices } from '../app/context.tsx';

/** A true link (middle click, copy address) that changes the page without loading it again. */
export function Link({
  to,
  ...rest
}: { to: string } & Omit<AnchorHTMLAttributes<HTMLAnchorElement>, 'href'>) {
  const { router } = useServices();
  const follow = (event: MouseEvent): void => {
    if (event.ctrlKey || event.metaKey || event.shiftKey || event.button !== 0) return;
    event.preventDefault();
    router.go(to);
  };
  return <a {...rest} href={to} onClick={follow} />;
}
