import { writeFileSync } from 'node:fs';
import { flowJsonSchema } from './json-schema.ts';

/** Writes ivr-flows/flow.schema.json anew after the schema of flows changed. */
writeFileSync('ivr-flows/flow.schema.json', `${JSON.stringify(flowJsonSchema(), null, 2)}\n`);
