import type { ReportFacts } from '../../src/channels/email/domain/report-facts.ts';

/** The address that daemons write by, unless a test says otherwise. */
export const DAEMON = 'mailer-daemon@mx.test';

/** Of a mail by a daemon with an empty return path that says nothing; `given` says what a test is about. */
export const reportFacts = ({
  headers = {},
  ...given
}: Partial<ReportFacts> & { readonly headers?: Readonly<Record<string, string>> }): ReportFacts => ({
  header: (name) => headers[name],
  envelopeFrom: '',
  from: DAEMON,
  subject: '',
  text: '',
  references: [],
  parts: [],
  ...given,
});
