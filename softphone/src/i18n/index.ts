import { en } from './en/index.ts';
import { pt } from './pt/index.ts';

export type Language = 'pt-BR' | 'en';
/** Portuguese is the measure: English has the same keys or does not compile. */
export type Dictionary = typeof pt;

export function dictionaryOf(language: Language): Dictionary {
  return language === 'en' ? en : pt;
}
