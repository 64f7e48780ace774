import { z } from 'zod';
import { erpConnection, erpContract, erpInvoice, erpOutage, erpTicket } from '../../contracts/context.ts';
import { maskDocument } from '../../shared/br/documents.ts';
import { parsePhone } from '../../shared/br/phone.ts';
import type { ErpConnector, ErpSection, ErpSections, ErpSubscriber } from '../connector.ts';
import type { ErpHttp } from '../http-client.ts';

// Only the named fields pass: zod drops the rest (the sample answers a password in clear, as several real ERPs do).
const rawCustomer = z.object({
  codigo: z.string(),
  nome: z.string(),
  fantasia: z.string().optional(),
  documento: z.string(),
  tipo: z.enum(['PF', 'PJ']),
  telefones: z.array(z.string()),
  emails: z.array(z.string()),
  chaves: z.array(z.string()),
  endereco: z.string().optional(),
  bairro: z.string().optional(),
  clienteDesde: z.string().optional(),
});
type RawCustomer = z.infer<typeof rawCustomer>;

export function toSubscriber(raw: RawCustomer): ErpSubscriber {
  return {
    externalId: raw.codigo,
    name: raw.nome,
    ...(raw.fantasia === undefined ? {} : { tradeName: raw.fantasia }),
    document: raw.documento.toUpperCase().replace(/[\s./-]/g, ''),
    personType: raw.tipo,
    phones: raw.telefones.flatMap((text) => parsePhone(text)?.value ?? []),
    emails: raw.emails.map((email) => email.toLowerCase()),
    keys: raw.chaves,
    ...(raw.endereco === undefined ? {} : { address: raw.endereco }),
    ...(raw.bairro === undefined ? {} : { district: raw.bairro }),
    ...(raw.clienteDesde === undefined ? {} : { since: raw.clienteDesde }),
  };
}

function toSection(subscriber: ErpSubscriber): ErpSections['customer'] {
  return {
    externalId: subscriber.externalId,
    name: subscriber.name,
    documentMasked: maskDocument(subscriber.document),
    personType: subscriber.personType,
    phones: [...subscriber.phones],
    emails: [...subscriber.emails],
    ...(subscriber.since === undefined ? {} : { since: subscriber.since }),
    ...(subscriber.address === undefined ? {} : { address: subscriber.address }),
    ...(subscriber.district === undefined ? {} : { district: subscriber.district }),
  };
}

const PARAMETER = { phone: 'telefone', document: 'documento', email: 'email' } as const;

/** The demo's ERP (its own program, src/erp/sample/server.ts). */
export function createSampleConnector(http: ErpHttp): ErpConnector {
  const base = (id: string) => `/clientes/${encodeURIComponent(id)}`;
  const load: { [S in ErpSection]: (id: string, signal: AbortSignal) => Promise<ErpSections[S]> } = {
    customer: async (id, signal) => toSection(toSubscriber(await http.get(base(id), rawCustomer, signal))),
    contracts: (id, signal) => http.get(`${base(id)}/contratos`, z.array(erpContract), signal),
    invoices: (id, signal) => http.get(`${base(id)}/faturas`, z.array(erpInvoice), signal),
    connection: (id, signal) => http.get(`${base(id)}/conexoes`, z.array(erpConnection), signal),
    tickets: (id, signal) => http.get(`${base(id)}/chamados`, z.array(erpTicket), signal),
    outage: (id, signal) => http.get(`${base(id)}/falhas`, z.array(erpOutage), signal),
  };
  return {
    kind: 'sample',
    async find(by, value, signal) {
      const query = new URLSearchParams({ [PARAMETER[by]]: value });
      return (await http.get(`/clientes?${query.toString()}`, z.array(rawCustomer), signal)).map(
        toSubscriber,
      );
    },
    section: (name, id, signal) => load[name](id, signal),
  };
}
