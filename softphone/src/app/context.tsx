import { createContext, useContext, useMemo, type ReactNode } from 'react';
import { dictionaryOf, type Dictionary } from '../i18n/index.ts';
import { createFormats, type Formats } from '../ui/format.ts';
import { useStore } from '../ui/store.ts';
import type { Services, SignedIn } from './services.ts';

const ServicesContext = createContext<Services | null>(null);
const SignedInContext = createContext<SignedIn | null>(null);
const TextContext = createContext<{ t: Dictionary; format: Formats } | null>(null);

export function ServicesProvider({ services, children }: { services: Services; children: ReactNode }) {
  const { language } = useStore(services.settings.store);
  const text = useMemo(
    () => ({ t: dictionaryOf(language), format: createFormats(language, () => Date.now()) }),
    [language],
  );
  return (
    <ServicesContext value={services}>
      <TextContext value={text}>{children}</TextContext>
    </ServicesContext>
  );
}

export function SignedInProvider({ value, children }: { value: SignedIn; children: ReactNode }) {
  return <SignedInContext value={value}>{children}</SignedInContext>;
}

function present<T>(value: T | null, name: string): T {
  if (value === null) throw new Error(`${name} is used outside of its provider`);
  return value;
}

export const useServices = (): Services => present(useContext(ServicesContext), 'services');
export const useSignedIn = (): SignedIn => present(useContext(SignedInContext), 'signed-in services');
export const useText = (): Dictionary => present(useContext(TextContext), 'text').t;
export const useFormat = (): Formats => present(useContext(TextContext), 'text').format;
