import type { Directory } from '../company/index.ts';
import type { Customers } from '../customers/index.ts';
import type { Flow, FlowLookup, Vars } from '../flows/index.ts';
import type { Interaction, Interactions } from '../interactions/index.ts';
import type { CompanyId, CustomerId, InteractionId } from '../shared/ids.ts';
import type { Speech } from '../speech/index.ts';
import type { FlowRuntime } from '../voice/index.ts';
import type { Erps } from './erp.ts';

interface Deps {
  readonly flows: ReadonlyMap<string, Flow>;
  readonly speech: Speech;
  readonly directory: Directory;
  readonly interactions: Interactions;
  readonly customers: Customers;
  readonly erps: Erps;
}

type Found = Awaited<ReturnType<FlowLookup>>;

/** A DID names its flow by file (principal.yaml); flows are known by name. */
export const flowName = (file: string): string => file.replace(/\.ya?ml$/, '');

function varsOf(contact: Interaction, company: string): Vars {
  const { protocol, channel, customer } = contact;
  return {
    'protocol.number': protocol,
    'protocol.spoken': protocol,
    'company.name': company,
    channel,
    'caller.number': contact.contact.address,
    'called.number': contact.to ?? '',
    'customer.found': customer !== null,
    'customer.name': customer?.name ?? '',
  };
}

/** Variables and look-ups that flows use, by voice and by text. */
export function createFlowRuntime({
  flows,
  speech,
  directory,
  interactions,
  customers,
  erps,
}: Deps): FlowRuntime {
  const contactOf = (companyId: string, id: string) =>
    interactions.get(companyId as CompanyId, id as InteractionId);

  async function identifyByDocument(companyId: string, id: string, document: string): Promise<Found> {
    let found = await customers.byDocument(companyId, document);
    if (found.candidates.length === 0) {
      const asked = (await erps.ask(companyId, 'document', document)) ?? [];
      for (const facts of asked) await customers.upsert(companyId, 'sample', facts);
      found = await customers.byDocument(companyId, document);
    }
    if (found.customer === null) return undefined;
    const { _id, name } = found.customer;
    await interactions.identify(companyId as CompanyId, id as InteractionId, {
      customer: { id: _id as CustomerId, name },
      identity: 'confirmed',
    });
    return { 'customer.found': true, 'customer.name': name };
  }

  async function askErp(companyId: string, id: string): Promise<Found> {
    const contact = await contactOf(companyId, id);
    const customer = contact?.customer == null ? null : await customers.get(companyId, contact.customer.id);
    const sections = erps.sectionsOf(companyId);
    if (customer === null || sections === undefined) return undefined;
    const [contracts, invoices, outage] = await Promise.all([
      sections.load('contracts', customer.externalId),
      sections.load('invoices', customer.externalId),
      sections.load('outage', customer.externalId),
    ]);
    return {
      'erp.found': contracts.data !== undefined,
      'erp.blocked': contracts.data?.some((c) => c.status === 'blocked') ?? false,
      'erp.overdue': invoices.data?.some((i) => i.status === 'overdue') ?? false,
      'outage.active': (outage.data?.length ?? 0) > 0,
      'outage.message': outage.data?.[0]?.message ?? '',
    };
  }

  return {
    flow: (_companyId, name) => flows.get(flowName(name)),
    files: (parts, language) => speech.files(parts, language),
    async vars(companyId, id) {
      const contact = await contactOf(companyId, id);
      return contact === null ? {} : varsOf(contact, directory.company(companyId)?.name ?? '');
    },
    lookup(companyId, id): FlowLookup {
      return (what, { by, vars }) => {
        const key = by === undefined ? undefined : vars[by];
        if (what !== 'customer') return askErp(companyId, id);
        return typeof key === 'string' && key !== ''
          ? identifyByDocument(companyId, id, key)
          : Promise.resolve(undefined);
      };
    },
  };
}
