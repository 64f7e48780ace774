import { z } from 'zod';
import { flowFile } from './domain/schema.ts';

/** JSON Schema for editors, shipped as ivr-flows/flow.schema.json. */
export function flowJsonSchema(): Record<string, unknown> {
  return {
    title: 'Ramal flow',
    ...z.toJSONSchema(flowFile, { io: 'input', target: 'draft-7' }),
  };
}
