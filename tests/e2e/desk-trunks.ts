import { ago, ahead } from './desk-time.ts';

/** One that registers, one that is refused, one known by its address and one out of use. */
export function trunksOf(): object[] {
  const registration = { registrar: 'sip:operadora.exemplo', username: '551140004000', expiresS: 600 };
  return [
    {
      ...{ id: 't1', name: 'Operadora Um', active: true, direction: 'both', channels: 30, peers: [] },
      ...{ proxy: 'sip:sbc.operadora.exemplo', callerId: '+551140004000', order: 1, reserve: 4 },
      ...{ callerIds: ['+551140004000', '08001234567'], transports: ['udp'], userPhone: true },
      registration: { ...registration, hasPassword: true },
      prefixes: [
        { prefix: '+55', strip: 3, prepend: '0' },
        { prefix: '+', strip: 1, prepend: '00' },
      ],
    },
    {
      ...{ id: 't2', name: 'Operadora Dois', active: true, direction: 'outbound', channels: 10, peers: [] },
      registration: { ...registration, username: '551130002000', hasPassword: true },
    },
    {
      ...{ id: 't3', name: 'Central antiga', active: true, direction: 'inbound', channels: 60 },
      ...{ peers: ['200.160.2.3', '200.160.2.4'], trustsAssertedIdentity: true },
    },
    {
      id: 't4',
      name: 'Operadora de 2024',
      active: false,
      direction: 'both',
      channels: 4,
      peers: ['10.0.0.5'],
    },
  ];
}

export function trunkStates(): object[] {
  return [
    {
      ...{ id: 't1', used: 7, channels: 30 },
      registration: { state: 'registered', since: ago(7200), expiresAt: ahead(420) },
    },
    {
      ...{ id: 't2', used: 0, channels: 10 },
      registration: {
        ...{ state: 'failed', since: ago(900), status: 403, reason: 'Forbidden', retryAt: ahead(240) },
      },
    },
    { id: 't3', used: 12, channels: 60, registration: null },
  ];
}
