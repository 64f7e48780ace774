import { type Access, createAccess, createKeyCheck, wrongKey } from '../access/index.ts';
import { type CompanyRoom, createCompanyRoom } from '../company/index.ts';
import { AppError } from '../shared/errors.ts';
import { SIP_REALM } from './engines.ts';
import type { Platform } from './platform.ts';

/** Who may come in, and what the companies have set. */
export interface Settings {
  readonly access: Access;
  readonly company: CompanyRoom;
}

/** Reads them once. Errors: those of a SECRET_KEY that does not open the store. */
export async function createSettings(platform: Platform): Promise<Settings> {
  const { config, clock, random, secrets, logger, store } = platform;
  const key = createKeyCheck(store.connection, secrets);
  await key.verify();
  const faults: unknown[] = [];
  const company = await createCompanyRoom({
    connection: store.connection,
    clock,
    random,
    secrets,
    onFault: (error) => {
      faults.push(error);
      logger.error({ err: error }, 'settings could not be read');
    },
  });
  // Data older than the check: a trunk whose password does not open tells the same.
  if (faults.some((fault) => fault instanceof AppError && fault.code === 'secrets.unreadable')) {
    company.stop();
    throw wrongKey();
  }
  await key.plant();
  const { sip } = config;
  const access = createAccess({
    connection: store.connection,
    clock,
    random,
    secrets,
    companies: company,
    softphone: {
      realm: SIP_REALM,
      sipDomain: () => (sip.port === 5060 ? sip.advertiseAddress : `${sip.advertiseAddress}:${sip.port}`),
      wsUrl: () => `${config.publicUrl.replace(/^http/, 'ws')}/sip`,
      iceServers: [],
    },
  });
  platform.health.register({ name: 'login', check: () => access.health() });
  return { access, company };
}
