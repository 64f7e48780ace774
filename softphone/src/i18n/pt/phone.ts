export const phone = {
  call: {
    region: 'Chamada',
    mute: 'Mudo',
    unmute: 'Falar',
    muted: 'microfone fechado',
    mutedBefore: 'microfone fechado, como antes',
    hold: 'Espera',
    resume: 'Retomar',
    onHold: 'em espera',
    keypad: 'Teclado',
    transfer: 'Transferir',
    hangUp: 'Desligar',
    hangUpAgain: 'Desligar: aperte de novo',
    connecting: 'ligando o áudio…',
    ringing: 'chamando o cliente…',
    noSound: 'sem áudio',
    copyProtocol: 'Copiar protocolo',
    sentDigits: 'Dígitos enviados',
    digit: (digit: string) => `Tecla ${digit === '*' ? 'asterisco' : digit === '#' ? 'cerquilha' : digit}`,
  },
  device: {
    title: 'Áudio',
    speak: 'Falar por',
    listen: 'Ouvir por',
    ring: 'Tocar em',
    volume: 'Volume do toque',
    test: 'Tocar uma vez',
    system: 'Padrão do sistema',
    gone: 'Desconectado',
    unnamed: (index: number) => `Dispositivo ${index}`,
    level: 'Nível do microfone',
    ready: 'Ramal pronto',
    otherTab: 'Em outra aba',
    line: {
      off: 'Ramal desligado',
      connecting: 'Registrando…',
      ready: 'Sem microfone',
      lost: 'Reconectando…',
    },
  },
  notices: {
    queueMissing: (queue: string, instead: string | undefined) =>
      `Um contato ia para a fila “${queue}”, que não existe ou está desativada, e ${instead === undefined ? 'não há outra fila' : `foi para “${instead}”`}. Confira números e caixas de e-mail.`,
    undelivered: (who: string, protocol: string) =>
      `Uma resposta a ${who} (protocolo ${protocol}) não foi entregue, e o atendimento já está encerrado.`,
    moreUndelivered: (n: number) =>
      n === 1 ? 'Há mais 1 resposta não entregue.' : `Há mais ${n} respostas não entregues.`,
    allUndelivered: (n: number) => `${n} respostas não entregues.`,
    showAll: 'Ver todas',
    fewer: 'Ver menos',
    known: 'Dar ciência',
    knownSure: 'Ciência por todos?',
    openContact: 'Abrir o contato',
    alert: { info: 'Aviso', warning: 'Atenção', critical: 'Urgente' },
    offline: 'Sem conexão com o servidor. O que você escreve fica guardado neste navegador.',
    offlineOnCall:
      'Sem conexão com o servidor. O que você escreve fica guardado; se a chamada ainda existir quando ele voltar, o áudio volta com ele.',
    forced: {
      paused: (who: string, why: string, at: string) =>
        `${who} pôs você em pausa às ${at}${why === '' ? '' : `: ${why}`}. Para voltar, fique disponível no canto superior esquerdo.`,
      offline: (who: string, why: string, at: string) =>
        `${who} encerrou seu turno às ${at}${why === '' ? '' : `: ${why}`}.`,
    },
    deskLost: (seconds: number | null, at: string) =>
      `Seu atendimento ficou sem conexão por ${seconds === null ? 'tempo demais' : `mais de ${seconds} segundos`} e você está Fora desde ${at}.`,
    returned: (count: number) =>
      count === 1
        ? 'A conversa em que o cliente esperava você voltou para a fila.'
        : `As ${count} conversas em que o cliente esperava você voltaram para a fila.`,
    callReturned: (at: string) =>
      `Seu telefone caiu durante uma ligação, e o cliente voltou para a fila às ${at}.`,
    noAnswer: (at: string) => `Um contato tocou e não foi atendido: você está em pausa desde ${at}.`,
    phoneRefuses:
      'Seu telefone recusa chamadas: veja se o “não perturbe” está ligado. Elas vão para outras pessoas; ele é chamado de novo em até 2 minutos.',
    notLoaded: 'Parte do atendimento não carregou.',
    otherTab: 'O telefone está em outra aba. As chamadas tocam lá.',
    useHere: 'Usar aqui',
    lineLost: (seconds: number) =>
      `O ramal perdeu o registro e chamadas não chegam. Nova tentativa em ${seconds} s.`,
    tryNow: 'Tentar agora',
    microphone: {
      denied: 'O microfone está bloqueado no navegador. Clique no cadeado ao lado do endereço e permita.',
      missing: 'Nenhum microfone encontrado. Conecte o headset.',
      busy: 'Outro programa está usando o microfone.',
      insecure: 'O navegador só libera o microfone em página segura (https).',
      unknown: 'O microfone não abriu.',
    },
    customerSilent: 'Nenhum som chega do cliente. A linha está aberta: espere, fale ou desligue.',
    carrierUnheard: 'Enquanto chama, o que a operadora diz (avisos, caixa postal) não é ouvido aqui.',
    unplugged: 'Um dispositivo de áudio escolhido foi desconectado.',
    useDefault: 'Usar o padrão',
    silent: 'Nenhum som do seu microfone há alguns segundos. Veja a chave no cabo do headset.',
  },
};
