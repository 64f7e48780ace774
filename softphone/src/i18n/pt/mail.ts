/** Mails on the desk, and the page of the mails set aside. */
export const mail = {
  otherText: 'Outra versão do texto, que veio no mesmo e-mail',
  showQuote: 'Mostrar mensagens anteriores',
  hideQuote: 'Ocultar mensagens anteriores',
  from: (address: string) => `Escrito por ${address}`,
  via: (address: string) => `Recebido por meio de ${address}; a resposta vai a quem escreveu`,
  alsoTo: (list: string) => `Também para: ${list}`,
  cc: (list: string) => `Cópia: ${list}`,
  sendAgain: 'Reenviar',
  sendNow: 'Tentar agora',
  recipients: 'Destinatários',
  to: 'Para',
  ccLabel: 'Cópia',
  remove: (address: string) => `Tirar ${address} da cópia`,
  replyAll: 'Responder a todos',
  addCopy: 'Cópia para…',
  copyPlaceholder: 'nome@empresa.com.br',
  notAnAddress: 'Isto não parece um endereço de e-mail',
  bounced: (who: string, why: string) =>
    `O e-mail voltou${who === '' ? '' : ` de ${who}`}: não foi entregue${why === '' ? '' : ` (${why})`}`,
  delayed: (who: string) =>
    `A entrega do e-mail${who === '' ? '' : ` a ${who}`} está atrasada; o servidor continua tentando`,
  delivered: (who: string) => `O e-mail foi entregue${who === '' ? '' : ` a ${who}`}`,
  relayed: (who: string) =>
    `O e-mail foi encaminhado${who === '' ? '' : ` a ${who}`}; aquele servidor não avisa se entregou`,
  receipts: {
    displayed: 'Confirmação de leitura: o e-mail foi aberto',
    deleted: 'Confirmação: o e-mail foi apagado sem ser lido',
    denied: 'O destinatário não confirma a leitura',
    other: 'Chegou uma confirmação do e-mail',
  } as Readonly<Record<string, string>>,
  automatic: (words: string) =>
    `Chegou uma resposta automática, que não pede atendimento${words === '' ? '' : `: “${words}”`}`,
  copyRefused: (who: string) => `A cópia para ${who} foi recusada pelo servidor`,
  notices: {
    unexplained: 'A estrutura deste e-mail está quebrada: o trecho sem lugar nela aparece como veio.',
    notBase64:
      'Uma parte dizia estar codificada e não estava, ou veio codificada de um modo que não se pôde ler: aparece como veio.',
    tooManyParts: 'O e-mail tem partes demais: as últimas estão num arquivo só.',
    tooDeep: 'O e-mail tem partes dentro de partes demais: as mais fundas estão num arquivo só.',
    tnef: 'Os anexos vieram dentro de winmail.dat, um formato próprio do Outlook.',
    fromUnclear:
      'O remetente não pôde ser lido: a resposta vai ao endereço do envelope. Confira antes de responder.',
    severalFrom:
      'O e-mail tem mais de um campo De (From): a resposta vai ao primeiro. Confira quem escreveu antes de responder.',
    replyToUnclear:
      'O campo Responder para (Reply-To) não diz a quem responder: a resposta vai ao endereço de envio. Confira antes de responder.',
    misnamed:
      'O nome de quem escreveu traz outro endereço, que ficou de fora: a resposta vai ao endereço que aparece. Confira antes de responder.',
    crowd:
      'O e-mail foi escrito a mais de 50 pessoas: a resposta vai só a quem escreveu, salvo se você puser cópias.',
    textCut: 'O texto é mais longo do que o que aparece; o original está arquivado.',
    picturesLeft: 'Algumas imagens de dentro do texto são grandes ou numerosas demais e ficaram de fora.',
    notWhole: 'O formato deste e-mail está defeituoso: o texto aparece como veio; o original está arquivado.',
    noText: 'O e-mail veio sem texto.',
    filesLeft: 'O e-mail tem mais anexos do que o limite; os outros estão no original, que está arquivado.',
    renderingsDiffer:
      'O e-mail trouxe duas versões do texto que dizem coisas diferentes: as duas aparecem, uma abaixo da outra.',
    other: 'Uma parte deste e-mail não pôde ser lida; o original está arquivado.',
  } as Readonly<Record<string, string>>,
  original: {
    show: 'Ver original',
    title: 'E-mail como veio',
    lead: (more: boolean): string =>
      more
        ? 'O começo do texto que o servidor recebeu; o arquivo tem tudo.'
        : 'O texto que o servidor recebeu, com todos os cabeçalhos.',
    save: 'Baixar (.eml)',
  },
  aside: {
    title: 'E-mails separados',
    lead: 'Chegaram e não viraram contato: parecem automáticos, ou não puderam ser lidos. Nada foi respondido. O que for de uma pessoa, envie à fila.',
    empty: 'Nenhum e-mail separado',
    list: 'E-mails separados, do mais novo ao mais antigo',
    noSender: '(sem remetente)',
    noSubject: '(sem assunto)',
    choose: 'Escolha um e-mail da lista para ver o conteúdo.',
    more: 'Mostrar mais',
    why: 'Por que está aqui',
    from: 'De',
    replyTo: 'Responder a',
    to: 'Para',
    mailbox: 'Caixa',
    files: 'Anexos',
    broken: 'A estrutura deste e-mail está quebrada: o texto abaixo é o que veio, sem tratamento.',
    original: 'Baixar original (.eml)',
    toQueue: 'Enviar à fila',
    queued: 'O e-mail está na fila, sem resposta automática.',
    openContact: 'Abrir o contato',
    noText: '(sem texto)',
    reasons: {
      autoReply: 'Resposta automática (férias, ausência ou sistema)',
      bulk: 'Envio em massa',
      self: 'Enviado por uma caixa da própria empresa',
      bounce: 'Aviso de e-mail não entregue, de conversa desconhecida',
      delayed: 'Aviso de entrega atrasada, de conversa desconhecida',
      delivered: 'Aviso de entrega, de conversa desconhecida',
      relayed: 'Aviso de encaminhamento, de conversa desconhecida',
      receipt: 'Confirmação de leitura, de conversa desconhecida',
      complaint: 'Denúncia de e-mail indesejado',
      mailboxGone: 'A caixa de e-mail não existe mais',
      fromUnclear: 'O campo De (From) não diz com clareza quem escreveu',
      parserDeadline: 'Levaria tempo demais para ser lido; baixe o original',
      parserMemory: 'Precisaria de memória demais para ser lido; baixe o original',
      parserFailed: 'A leitura falhou; baixe o original',
      unreadable: 'Não pôde ser lido',
      other: 'Não pôde ser tratado automaticamente',
    } as Readonly<Record<string, string>>,
  },
};
