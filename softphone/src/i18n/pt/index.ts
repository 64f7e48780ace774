import { common } from './common.ts';
import { desk } from './desk.ts';
import { file } from './file.ts';
import { flow } from './flow.ts';
import { phone } from './phone.ts';
import { rest } from './rest.ts';

export const pt = { ...common, ...desk, ...file, ...flow, ...phone, ...rest };
