import { z } from 'zod';

/** The YAML of a flow (contract.md, "Flows"). One kind of node per key; each node is checked on its own, so that faults have a place. */

const nodeName = z
  .string()
  .regex(/^[A-Za-z][A-Za-z0-9]{0,63}$/)
  .describe('Name of a node: letters and digits, begins with a letter.');
const prompt = z
  .string()
  .trim()
  .min(1)
  .max(1000)
  .describe('What the customer hears or reads; {names} in braces are filled in.');
const timeoutMs = z.number().int().min(500).max(60_000);
const attempts = z.number().int().min(1).max(5);
/** `audio/<name>.wav`; without it the node's own name in kebab case. */
const audio = z.string().regex(/^[a-z0-9][a-z0-9-]{0,80}$/);
const queueKey = z.string().regex(/^[a-z0-9][a-z0-9-]{0,63}$/);
const key = z.string().regex(/^[0-9*#]$/, 'a menu option is one of 0-9 * #');
const asName = z.string().regex(/^[a-z][A-Za-z0-9]{0,31}$/);

export const protocolType = z.enum(['request', 'complaint', 'information', 'cancellation']);

/** bargeIn: a key ends the prompt (default). */
export const say = z.strictObject({
  say: prompt,
  audio: audio.optional(),
  bargeIn: z.boolean().default(true),
  next: nodeName,
});

export const menu = z.strictObject({
  menu: prompt,
  audio: audio.optional(),
  /** Said instead of the whole menu from the second attempt on. */
  again: prompt.optional(),
  timeoutMs: timeoutMs.default(4000),
  attempts: attempts.default(2),
  options: z.record(key, nodeName),
  otherwise: nodeName,
});

export const collect = z.strictObject({
  collect: prompt,
  audio: audio.optional(),
  digits: z.union([
    z.enum(['cpf', 'protocol']),
    z.strictObject({ min: z.number().int().min(1).max(32), max: z.number().int().min(1).max(32) }),
  ]),
  /** Where the digits go: {name}. Default: the node's name. */
  as: asName.optional(),
  /** Between two keys. */
  timeoutMs: timeoutMs.default(5000),
  attempts: attempts.default(2),
  next: nodeName,
  /** Nothing, or nothing valid, after all attempts: the way to a human never depends on a document (RGC). */
  otherwise: nodeName,
});

export const lookup = z.strictObject({
  lookup: z.enum(['customer', 'erp', 'outage']),
  /** A collected value to look up by; without it the contact's address. */
  by: asName.optional(),
  timeoutMs: z.number().int().min(100).max(5000).default(1500),
  next: nodeName,
  /** Not found, failed or too slow; default: `next`. */
  otherwise: nodeName.optional(),
});

const plain = z.union([z.string(), z.number(), z.boolean()]);
export const branch = z.strictObject({
  branch: z.strictObject({
    when: z
      .array(
        z.strictObject({
          if: z.string().regex(/^[a-z][A-Za-z0-9]*(\.[a-z][A-Za-z0-9]*)?$/),
          equals: plain.optional(),
          in: z.array(plain).min(1).optional(),
          exists: z.boolean().optional(),
          next: nodeName,
        }),
      )
      .min(1),
    otherwise: nodeName,
  }),
});

export const queue = z.strictObject({
  queue: queueKey,
  priority: z.number().int().min(-100).max(100).default(0),
  skills: z.array(z.string().trim().toLowerCase().min(1).max(64)).default([]),
  type: protocolType.optional(),
});

export const survey = z.strictObject({
  survey: prompt,
  audio: audio.optional(),
  scale: z.strictObject({ min: z.number().int().min(0).max(9), max: z.number().int().min(1).max(9) }),
  timeoutMs: timeoutMs.default(5000),
  as: asName.optional(),
  next: nodeName,
});

export const hangup = z.strictObject({ hangup: z.union([z.literal(true), prompt]) });

/** Kinds by the key that names them, in the order in which the schema lists them. */
export const NODES = {
  say,
  menu,
  collect,
  lookup,
  branch,
  queue,
  survey,
  hangup,
} as const;
export type NodeKind = keyof typeof NODES;
export const NODE_KINDS = Object.keys(NODES) as readonly NodeKind[];
/** Named by the contract, not run yet (ADR 0025): refused when a flow is read, with what to write instead. */
export const LATER_KINDS = {
  callback: 'lead to a queue instead: whoever is lost there leaves a task to call back',
  transfer: 'lead to a queue instead: nobody is called from here yet',
  voicemail: 'lead to a queue or to a hangup instead',
  action: 'leave it out: an operator does it in the contact',
} as const;

export type FlowNode = {
  [K in NodeKind]: { readonly kind: K } & Readonly<z.infer<(typeof NODES)[K]>>;
}[NodeKind];
export type NodeOf<K extends NodeKind> = Extract<FlowNode, { kind: K }>;

const untouched = z
  .strictObject({ withinMs: z.number().int().min(3000).max(120_000), next: nodeName })
  .describe(
    'By voice: a caller who pressed nothing is sent to `next` this long after the answer, wherever he is.',
  );

export const flowHead = z.strictObject({
  flow: z.string().regex(/^[a-z][a-z0-9-]{0,63}$/),
  language: z
    .string()
    .regex(/^[a-z]{2}(-[A-Z]{2})?$/)
    .default('pt-BR'),
  start: nodeName,
  untouched: untouched.optional(),
  nodes: z.record(nodeName, z.unknown()),
});

/** The whole, for editors: ivr-flows/flow.schema.json is made from it. */
export const flowFile = flowHead.extend({ nodes: z.record(nodeName, z.union(Object.values(NODES))) });

export interface Flow {
  readonly name: string;
  readonly language: string;
  readonly start: string;
  readonly untouched: { readonly withinMs: number; readonly next: string } | undefined;
  readonly nodes: ReadonlyMap<string, FlowNode>;
}
