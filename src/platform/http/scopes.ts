import type { Route } from './route.ts';

/**
 * What an API key can be good for: the scopes that the doors themselves name, sorted. There is no second list that could
 * offer what opens nothing, or keep back what a route asks for.
 */
export function scopesOf(doors: Iterable<Pick<Route, 'scope'>>): readonly string[] {
  const named = new Set<string>();
  for (const { scope } of doors) if (scope !== undefined) named.add(scope);
  return [...named].sort();
}
