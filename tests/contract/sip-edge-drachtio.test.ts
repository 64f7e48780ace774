import { callSuite } from './sip-edge-calls.suite.ts';
import { endSuite } from './sip-edge-ends.suite.ts';
import { trunkSuite } from './sip-edge-trunk.suite.ts';
import { drachtio } from './sip-edge-engines.ts';
import { registrationSuite } from './sip-edge-registration.suite.ts';

// One file: a drachtio-server deals its calls in turn to all that are connected, so two edges at once would rob each other.
callSuite(drachtio);
endSuite(drachtio);
trunkSuite(drachtio);
registrationSuite(drachtio);
