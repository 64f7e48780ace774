import { common } from './common.ts';
import { companies } from './companies.ts';
import { contacts } from './contacts.ts';
import { desk } from './desk.ts';
import { engines } from './engines.ts';
import { file } from './file.ts';
import { flow } from './flow.ts';
import { mail } from './mail.ts';
import { phone } from './phone.ts';
import { rest } from './rest.ts';
import { security } from './security.ts';
import { trunks } from './trunks.ts';

export const pt = {
  ...common,
  ...companies,
  ...contacts,
  ...desk,
  engines,
  ...file,
  ...flow,
  mail,
  ...phone,
  ...rest,
  ...security,
  trunks,
};
