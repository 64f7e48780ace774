export const phone = {
  call: {
    region: 'Call',
    mute: 'Mute',
    unmute: 'Unmute',
    muted: 'muted',
    mutedBefore: 'muted, as before',
    hold: 'Hold',
    resume: 'Resume',
    onHold: 'on hold',
    keypad: 'Keypad',
    transfer: 'Transfer',
    hangUp: 'Hang up',
    hangUpAgain: 'Hang up: press again',
    connecting: 'connecting sound…',
    ringing: 'calling the customer…',
    noSound: 'no sound',
    copyProtocol: 'Copy the protocol',
    sentDigits: 'Digits sent',
    digit: (digit: string) => `Key ${digit === '*' ? 'star' : digit === '#' ? 'hash' : digit}`,
  },
  device: {
    title: 'Audio',
    speak: 'Speak through',
    listen: 'Listen through',
    ring: 'Ring on',
    volume: 'Volume of the ring',
    test: 'Ring once',
    system: 'System default',
    gone: 'Unplugged',
    unnamed: (index: number) => `Device ${index}`,
    level: 'Microphone level',
    ready: 'Phone ready',
    otherTab: 'In another tab',
    line: { off: 'Phone off', connecting: 'Registering…', ready: 'No microphone', lost: 'Reconnecting…' },
  },
  notices: {
    queueMissing: (queue: string, instead: string | undefined) =>
      `A contact was sent to the queue “${queue}”, which does not exist or is inactive, and ${instead === undefined ? 'there is no other queue' : `went to “${instead}”`}. Look at numbers and mailboxes.`,
    undelivered: (who: string, protocol: string) =>
      `A reply to ${who} (protocol ${protocol}) was not delivered, and the contact is closed already.`,
    moreUndelivered: (n: number) =>
      n === 1 ? 'There is 1 more undelivered reply.' : `There are ${n} more undelivered replies.`,
    allUndelivered: (n: number) => `${n} replies were not delivered.`,
    showAll: 'Show all',
    fewer: 'Show fewer',
    known: 'I know',
    knownSure: 'Known to all?',
    openContact: 'Open the contact',
    alert: { info: 'Notice', warning: 'Attention', critical: 'Urgent' },
    offline: 'No connection to the server. What you write is kept in this browser.',
    offlineOnCall:
      'No connection to the server. What you write is kept; if the call still exists when it is back, the sound comes back with it.',
    forced: {
      paused: (who: string, why: string, at: string) =>
        `${who} paused you at ${at}${why === '' ? '' : `: ${why}`}. To come back, become available in the upper left corner.`,
      offline: (who: string, why: string, at: string) =>
        `${who} ended your shift at ${at}${why === '' ? '' : `: ${why}`}.`,
    },
    deskLost: (seconds: number | null, at: string) =>
      `Your desk had no connection for ${seconds === null ? 'too long' : `more than ${seconds} seconds`} and you are offline since ${at}.`,
    returned: (count: number) =>
      count === 1
        ? 'The conversation in which the customer waited for you went back to the queue.'
        : `The ${count} conversations in which the customer waited for you went back to the queue.`,
    callReturned: (at: string) =>
      `Your phone was lost during a call, and the customer went back to the queue at ${at}.`,
    noAnswer: (at: string) => `A contact rang and was not answered: you are paused since ${at}.`,
    phoneRefuses:
      'Your phone refuses calls: see whether “do not disturb” is on. They go to other people; it is called again within 2 minutes.',
    notLoaded: 'A part of the desk did not load.',
    otherTab: 'The phone is in another tab. Calls ring there.',
    useHere: 'Use it here',
    lineLost: (seconds: number) =>
      `The phone is not registered and calls do not arrive. Next attempt in ${seconds} s.`,
    tryNow: 'Try now',
    microphone: {
      denied: 'The browser blocks the microphone. Click the lock beside the address and allow it.',
      missing: 'No microphone found. Plug in the headset.',
      busy: 'Another program uses the microphone.',
      insecure: 'Browsers give the microphone to secure pages (https) only.',
      unknown: 'The microphone did not open.',
    },
    customerSilent: 'No sound comes from the customer. The line is open: wait, speak or hang up.',
    carrierUnheard: 'While it rings, what the carrier says (announcements, voicemail) cannot be heard here.',
    unplugged: 'A chosen audio device was unplugged.',
    useDefault: 'Use the default',
    silent: 'No sound from your microphone for some seconds. Look at the switch on the headset’s cable.',
  },
};
