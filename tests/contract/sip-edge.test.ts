import { callSuite } from './sip-edge-calls.suite.ts';
import { embedded } from './sip-edge-engines.ts';
import { registrationSuite } from './sip-edge-registration.suite.ts';

callSuite(embedded);
registrationSuite(embedded);
