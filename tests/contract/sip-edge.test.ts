import { callSuite } from './sip-edge-calls.suite.ts';
import { endSuite } from './sip-edge-ends.suite.ts';
import { trunkSuite } from './sip-edge-trunk.suite.ts';
import { embedded } from './sip-edge-engines.ts';
import { registrationSuite } from './sip-edge-registration.suite.ts';

callSuite(embedded);
endSuite(embedded);
trunkSuite(embedded);
registrationSuite(embedded);
