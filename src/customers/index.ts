export { createCustomers, type CustomerFacts, type Customers, type Identification } from './customers.ts';
export { type CustomerRoutesDeps, customerRoutes } from './http.ts';
export { type Customer, createCustomerStore } from './store.ts';
export { type CustomerFiles, createCustomerFiles, type FileContact } from './files.ts';
export { createCustomerLink } from './link.ts';
