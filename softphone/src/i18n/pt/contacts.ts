/** The list of contacts, with its filters. */
export const contacts = {
  contacts: {
    day: 'Dia',
    agent: 'Pessoa',
    queue: 'Fila',
    disposition: 'Motivo',
    channel: 'Canal',
    state: 'Estado',
    direction: 'Sentido',
    any: 'Qualquer',
    clear: 'Limpar filtros',
    arrived: 'Chegou',
    who: 'Cliente',
    directions: { inbound: 'Recebido', outbound: 'Feito por nós' },
    all: (count: number) => (count === 1 ? '1 contato' : `${String(count)} contatos, todos à vista`),
    nothingTitle: 'Nenhum contato assim',
    nothing: 'Tire um dos filtros ou escolha outro dia.',
  },
};
