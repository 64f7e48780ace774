import type { Interaction } from '../../src/interactions/index.ts';
import type { CompanyId, InteractionId, ProtocolNumber } from '../../src/shared/ids.ts';

/** A call that has just come in, at `at`; `more` says what is otherwise. */
export const arrivingContact = (at: Date, more: Partial<Interaction> = {}): Interaction => ({
  id: 'i1' as InteractionId,
  companyId: 'c1' as CompanyId,
  version: 1,
  channel: 'voice',
  direction: 'inbound',
  contact: { address: '+5511987654321' },
  to: null,
  subject: null,
  thread: null,
  customer: null,
  identity: 'unknown',
  protocol: '2026110000000001' as ProtocolNumber,
  protocolType: null,
  preferredAgent: null,
  state: { name: 'arriving' },
  queue: null,
  priority: 0,
  agent: null,
  segments: [],
  timestamps: { arrivedAt: at, queuedAt: null, offeredAt: null, acceptedAt: null, closedAt: null },
  disposition: null,
  recording: false,
  holdMs: 0,
  heldSince: null,
  voided: [],
  ...more,
});
