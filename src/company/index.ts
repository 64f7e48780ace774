export { type CompanyDeps, type CompanyRoom, createCompanyRoom } from './company.ts';
export {
  DEMO_COMPANY,
  DEMO_DID,
  DEMO_MAILBOX,
  type DemoSeed,
  type DemoSeedDeps,
  demoPassword,
  seedDemo,
} from './demo-seed.ts';
export type { Directory } from './directory.ts';
export { isOpen, nextOpening } from './domain/calendar.ts';
export { brazilHolidays } from './holidays.ts';
export { companyRoutes, type CompanyRouteDeps } from './http.ts';
export type { Calendar, Company, Did, OpenTrunk, Regime, Trunk } from './types.ts';
