import type { Contacts, Operators } from './ports.ts';

/** What transitions of contacts ask of the operators' records. Each is idempotent by the hold's token. */
export function bindAgentEffects(contacts: Contacts, operators: Operators): void {
  operators.judgeHolds(async ({ companyId }, work) => {
    const result = await contacts.apply(companyId, work.interactionId, {
      type: 'holdVoided',
      hold: work.token,
    });
    return !result.ok && result.error.code !== 'interaction.notFound';
  });
  contacts.onEffect('agent.release', (effect, { companyId }) =>
    operators.release(companyId, effect.agentId, effect.hold, effect.callLost),
  );
  contacts.onEffect('agent.noAnswer', (effect, { companyId }) =>
    operators.noAnswer(companyId, effect.agentId, effect.hold),
  );
  contacts.onEffect('agent.load', (effect, { companyId }) =>
    operators.setCounts(companyId, effect.agentId, effect.hold, effect.counts),
  );
  contacts.onEffect('agent.confirm', async (effect, { companyId, channel }) => {
    await operators.confirm(companyId, effect.agentId, effect.hold);
    if (channel !== 'voice') return;
    // On a call now: what else was ringing goes to somebody who can look at it, and nobody is paused for not answering.
    const others = operators.get(companyId, effect.agentId)?.work ?? [];
    for (const work of others)
      if (work.phase === 'hold' && work.token !== effect.hold)
        await contacts.apply(companyId, work.interactionId, {
          type: 'offerRevoked',
          hold: work.token,
          reason: 'onCall',
        });
  });
}
