import { describe, expect, it } from 'vitest';
import { simMail } from './mail.ts';

describe('a mail of the simulator', () => {
  const mail = {
    id: 'm1',
    from: 'suporte@exemplo.test',
    to: ['maria@cliente.test'],
    at: '2026-11-28T09:00:00Z',
  };

  it('names who else got it', () => {
    expect(simMail.parse({ ...mail, cc: ['joao@cliente.test', 'rita@cliente.test'] }).cc).toEqual([
      'joao@cliente.test',
      'rita@cliente.test',
    ]);
    expect(simMail.parse(mail).cc).toEqual([]);
  });
});
