import { describe, expect, it } from 'vitest';
import { presenceOf } from '../../../tests/e2e/desk-world.ts';
import { givenOf, peopleToChoose } from './transfer.ts';

describe('whom a contact can be given to', () => {
  const people = [
    presenceOf({ agentId: 'me', name: 'Ana' }),
    presenceOf({ agentId: 'b', name: 'Bruno', state: 'paused', reason: 'meal' }),
    presenceOf({ agentId: 'c', name: 'Carla', load: { text: 0, voice: true } }),
    presenceOf({ agentId: 'd', name: 'Davi', softphone: false }),
    presenceOf({ agentId: 'e', name: 'Elis' }),
    presenceOf({ agentId: 'f', name: 'Fábio', state: 'offline' }),
  ];
  const choices = (channel: 'voice' | 'email'): string[] =>
    peopleToChoose(people, givenOf({ channel }, undefined), 'me').map(
      ({ person, why }) => `${person.agentId}:${why ?? 'free'}`,
    );

  it('who can take it stands first, the others with the reason', () => {
    expect(choices('voice')).toEqual(['e:free', 'b:paused', 'c:onCall', 'd:noPhone', 'f:offline']);
    expect(choices('email')).toEqual(['d:free', 'e:free', 'b:paused', 'c:onCall', 'f:offline']);
  });

  it('a telephone that refuses calls is told apart from none, and takes no text away', () => {
    const undisturbed = presenceOf({ agentId: 'h', softphone: false, softphoneRefuses: true });
    const why = (channel: 'voice' | 'email') =>
      peopleToChoose([undisturbed], givenOf({ channel }, undefined), 'me')[0]?.why;
    expect(why('voice')).toBe('phoneRefuses');
    expect(why('email')).toBeNull();
  });

  it('a text goes to nobody whose hands are full; what a call weighs is nothing, and what is not known is left to the server', () => {
    const full = presenceOf({ agentId: 'g', name: 'Gil', load: { text: 90, voice: false } });
    const why = (channel: 'voice' | 'email', weights?: Record<string, number>) =>
      peopleToChoose([full], givenOf({ channel }, { weights }), 'me')[0]?.why;
    expect(why('email', { email: 15 })).toBe('full');
    expect(why('email', { email: 10 })).toBeNull();
    expect(why('email')).toBeNull();
    expect(why('voice', { email: 15 })).toBeNull();
  });
});
