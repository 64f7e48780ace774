import { completeCnpj, completeCpf } from '../../shared/br/documents.ts';

/** A subscriber of the sample ERP, as it keeps and answers it (Portuguese names, masked documents and phones). */
export interface SampleSubscriber {
  readonly codigo: string;
  readonly nome: string;
  readonly fantasia?: string;
  readonly documento: string;
  readonly tipo: 'PF' | 'PJ';
  readonly telefones: readonly string[];
  readonly emails: readonly string[];
  readonly chaves: readonly string[];
  readonly endereco: string;
  readonly bairro: string;
  readonly clienteDesde: string;
  /** Real ERPs answer such fields too; the connector must not let it through. */
  readonly senha: string;
  readonly contratos: readonly SampleContract[];
}
export interface SampleContract {
  readonly id: string;
  readonly plano: string;
  readonly status: 'active' | 'blocked';
  readonly login: string;
  readonly valorCents: number;
  readonly vencidas: number;
  readonly online: boolean;
}

const FIRST = [
  'Ana',
  'Bruno',
  'Carla',
  'Diego',
  'Elisa',
  'Fábio',
  'Gabriela',
  'Heitor',
  'Inês',
  'João',
  'Kátia',
  'Luís',
  'Márcia',
  'Nélson',
  'Olívia',
  'Paulo',
  'Quitéria',
  'Rafael',
  'Sônia',
  'Tiago',
];
const LAST = [
  'Almeida',
  'Barbosa',
  'Conceição',
  'Dias',
  'Esteves',
  'Ferreira',
  'Gonçalves',
  'Henriques',
  'Izidoro',
  'Lima',
];
const DISTRICTS = ['Centro', 'Jardim América', 'Vila Nova', 'Boa Vista', 'Santa Luzia'];
const PLANS = [
  { plano: 'Fibra 300', valorCents: 8990 },
  { plano: 'Fibra 600', valorCents: 10990 },
  { plano: 'Fibra 1 Giga', valorCents: 14990 },
];

const at = <T>(list: readonly T[], i: number): T => {
  const item = list[i % list.length];
  if (item === undefined) throw new Error('empty list');
  return item;
};

function maskCpf(cpf: string): string {
  return `${cpf.slice(0, 3)}.${cpf.slice(3, 6)}.${cpf.slice(6, 9)}-${cpf.slice(9)}`;
}

function maskCnpj(cnpj: string): string {
  return `${cnpj.slice(0, 2)}.${cnpj.slice(2, 5)}.${cnpj.slice(5, 8)}/${cnpj.slice(8, 12)}-${cnpj.slice(12)}`;
}

const MARIA: SampleSubscriber = {
  codigo: '1001',
  nome: 'Maria Souza',
  documento: '529.982.247-25',
  tipo: 'PF',
  telefones: ['(11) 98765-4321'],
  emails: ['maria@cliente.test'],
  chaves: ['maria.souza', 'C-1001-1', 'C-1001-2', 'ALCL0000A001'],
  endereco: 'Rua das Acácias, 120, Centro, São Paulo/SP',
  bairro: 'Centro',
  clienteDesde: '2019-04-12',
  senha: 'nao-mostrar',
  contratos: [
    {
      id: 'C-1001-1',
      plano: 'Fibra 600',
      status: 'active',
      login: 'maria.souza',
      valorCents: 10990,
      vencidas: 1,
      online: true,
    },
    {
      id: 'C-1001-2',
      plano: 'Fibra 300',
      status: 'active',
      login: 'maria.souza.loja',
      valorCents: 8990,
      vencidas: 0,
      online: true,
    },
  ],
};

function person(i: number): SampleSubscriber {
  const nome = `${at(FIRST, i)} ${at(LAST, Math.floor(i / 20) + i)}`;
  const login = `cliente${1001 + i}`;
  const firm = i % 10 === 7;
  const root = String(12345000 + i);
  // Every fifth firm has letters in its CNPJ, as new ones may since July 2026.
  const twelve = i % 50 === 7 ? `12ABC${String(100 + i)}0001`.slice(0, 12) : `${root}0001`;
  const plan = at(PLANS, i);
  const line = String(70000000 + i * 3571).slice(0, 8);
  return {
    codigo: String(1001 + i),
    nome: firm ? `${nome} Comércio Ltda` : nome,
    ...(firm ? { fantasia: `Loja ${at(LAST, i)}` } : {}),
    documento: firm
      ? maskCnpj(completeCnpj(twelve))
      : maskCpf(completeCpf(String(100200300 + i * 7919).slice(0, 9))),
    tipo: firm ? 'PJ' : 'PF',
    // 41 and 42 share a mobile: a couple on one phone, shown and never guessed.
    telefones: [`(11) 9${i === 42 ? String(70000000 + 41 * 3571) : line}`.replace(/(\d{4})$/, '-$1')],
    emails: [`${login}@cliente.test`],
    chaves: [login, `C-${1001 + i}-1`, `ALCL0000${(0xa001 + i).toString(16).toUpperCase()}`],
    endereco: `Rua ${at(LAST, i + 3)}, ${10 + i}, ${at(DISTRICTS, i)}, São Paulo/SP`,
    bairro: at(DISTRICTS, i),
    clienteDesde: `20${String(12 + (i % 13)).padStart(2, '0')}-0${1 + (i % 9)}-15`,
    senha: 'nao-mostrar',
    contratos: [
      {
        id: `C-${1001 + i}-1`,
        ...plan,
        status: i % 12 === 5 ? 'blocked' : 'active',
        login,
        vencidas: i % 12 === 5 ? 2 : 0,
        online: i % 9 !== 4,
      },
    ],
  };
}

/** The 200 subscribers of the demo; the same at every start. */
export function sampleSubscribers(): SampleSubscriber[] {
  return [MARIA, ...Array.from({ length: 199 }, (_, i) => person(i + 1))];
}
