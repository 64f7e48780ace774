export { companiesRoutes, type CompaniesRouteDeps } from './companies.http.ts';
export { type CompanyDeps, type CompanyRoom, createCompanyRoom } from './company.ts';
export {
  DEMO_COMPANY,
  DEMO_DID,
  type DemoSeed,
  type DemoSeedDeps,
  seedDemo,
} from './demo-seed.ts';
export type { Directory } from './directory.ts';
export { companyRoutes, type CompanyRouteDeps } from './http.ts';
export type { Calendar, Company, Did, OpenTrunk, Regime, Trunk } from './types.ts';
