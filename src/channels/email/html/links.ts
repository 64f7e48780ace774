import { unescaped } from '../../../shared/percent.ts';

/** Longer addresses are cut after the host: nobody reads them, and the original has them. */
const MAX_ADDRESS = 2000;

/** What stands behind the words of a link; undefined when the words say it already, or when it leads nowhere that a person could go. */
export function addressBehind(
  href: string,
  words: string,
  /** The address that relative ones begin with, as the mail says (`<base>`). */
  base?: string,
): string | undefined {
  const address = plain(href, base);
  if (address === undefined || bare(address) === bare(words)) return undefined;
  return address;
}

function plain(href: string, base: string | undefined): string | undefined {
  const given = absolute(href.trim(), base?.trim());
  if (/^(?:mailto|tel|sms):/i.test(given)) return reading(given.slice(given.indexOf(':') + 1));
  if (!/^https?:/i.test(given) && !given.startsWith('//')) return undefined;
  let url: URL;
  try {
    url = new URL(given.startsWith('//') ? `https:${given}` : given);
  } catch {
    return undefined;
  }
  const real = wrapped(url) ?? url;
  return real.href.length <= MAX_ADDRESS ? shown(real, given) : `${real.origin}/…`;
}

/** A place in the mail itself (`#…`) stays what it is. */
function absolute(given: string, base: string | undefined): string {
  if (base === undefined || !/^https?:\/\//i.test(base) || base.length > MAX_ADDRESS) return given;
  if (given === '' || given.startsWith('#') || given.startsWith('//') || /^[a-z][a-z\d+.-]*:/i.test(given))
    return given;
  try {
    return new URL(given.slice(0, 2 * MAX_ADDRESS), base).href;
  } catch {
    return given;
  }
}

/** As it was written, where that is an address without spaces; else as a browser would ask for it. */
const shown = (url: URL, given: string): string =>
  /^https?:[^\s<>"]+$/i.test(given) && sameHost(url, given) ? given : url.href;
const sameHost = (url: URL, given: string): boolean => {
  try {
    return new URL(given).href === url.href;
  } catch {
    return false;
  }
};

/** The number or address alone, without the subject and text that a link may bring along. */
function reading(rest: string): string | undefined {
  const [address = ''] = rest.split('?', 1);
  const clean = unescaped(address).replace(/\s+/g, ' ').trim();
  return clean === '' || clean.length > 320 ? undefined : clean;
}

/** Mail programs wrap links to look at who follows them: what is behind is what the reader wants to know. */
const WRAPPERS: readonly { readonly host: RegExp; readonly path?: string; readonly parameter: string }[] = [
  { host: /(?:^|\.)safelinks\.protection\.outlook\.com$/, parameter: 'url' },
  { host: /^www\.google\.(?:com|com\.br)$/, path: '/url', parameter: 'q' },
];

function wrapped(url: URL): URL | undefined {
  const wrapper = WRAPPERS.find(
    ({ host, path }) => host.test(url.hostname) && (path === undefined || url.pathname === path),
  );
  const target = wrapper === undefined ? null : url.searchParams.get(wrapper.parameter);
  if (target === null || !/^https?:/i.test(target)) return undefined;
  try {
    return new URL(target);
  } catch {
    return undefined;
  }
}

/** For comparing: without the scheme, `www.`, the last slash, and the signs inside a telephone number. */
function bare(address: string): string {
  const short = address
    .trim()
    .toLowerCase()
    .replace(/^(?:https?:\/\/|mailto:|tel:)/, '')
    .replace(/^www\./, '')
    .replace(/\/$/, '');
  return /^\+?[\d\s().-]+$/.test(short) ? short.replace(/[\s().-]/g, '') : short;
}
