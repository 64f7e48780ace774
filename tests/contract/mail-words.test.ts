import { describe, expect, it } from 'vitest';
import { en } from '../../softphone/src/i18n/en/index.ts';
import { pt } from '../../softphone/src/i18n/pt/index.ts';
import { MAIL_NOTICES } from '../../src/channels/email/mime/content.ts';
import { PARSE_FAULTS } from '../../src/channels/email/parser.ts';

describe('what the product says about mails that are hard to read', () => {
  it.each([
    ['pt', pt.mail],
    ['en', en.mail],
  ])('has words for every code: %s', (_language, { notices, aside }) => {
    for (const code of MAIL_NOTICES) expect(notices[code], code).toMatch(/\w{3}/);
    for (const code of [...PARSE_FAULTS, 'fromUnclear', 'mailboxGone'])
      expect(aside.reasons[code], code).toMatch(/\w{3}/);
  });
});
