export { type ContextService, type ContextSubject, createContexts } from './context.ts';
export type { ErpConnector, ErpSubscriber, LookupKey } from './connector.ts';
export { createErpHttp } from './http-client.ts';
export { createSampleConnector, toSubscriber } from './sample/connector.ts';
export { sampleSubscribers } from './sample/data.ts';
export { createSections, type Sections } from './sections.ts';
