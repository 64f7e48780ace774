import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { drawMermaid, drawTree } from './domain/tree.ts';
import { flowJsonSchema } from './json-schema.ts';
import { loadFlows } from './load.ts';
import { parseFlow } from './parse.ts';

const at = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const faults = (yaml: string) => parseFlow(yaml, 'x.yaml').faults.map((f) => `${f.line} ${f.reason}`);

describe('the checker', () => {
  it('names file, line and reason of each fault of one file', () => {
    const { flow, faults: found } = parseFlow(
      readFileSync(at('./fixtures/faulty.yaml'), 'utf8'),
      'faulty.yaml',
    );
    const lines = found.filter((f) => f.level === 'error').map((f) => `${f.line} ${f.reason}`);
    expect(flow).toBeUndefined();
    expect(lines).toEqual([
      '4 unknown variable {customer.nick}',
      '8 unknown node nowhere',
      expect.stringMatching(/^9 .*a menu option is one of 0-9 \* #/),
      '11 node ask is unreachable from hello',
      '12 dead end: no way from spin to a queue or any other end',
      '12 endless loop spin → turn → spin with no node that waits for the caller',
      '15 dead end: no way from turn to a queue or any other end',
      expect.stringMatching(/^16 node fax has no known type/),
      '16 node fax is unreachable from hello',
      expect.stringMatching(/^17 node mail: voicemail is not supported by this version; lead to a queue/),
      '17 node mail is unreachable from hello',
      '18 node lost is unreachable from hello',
    ]);
  });
  it('finds an unknown node at the line of the option that names it', () => {
    const yaml =
      'flow: a\nstart: m\nnodes:\n  m:\n    menu: "1"\n    options:\n      "1": gone\n    otherwise: q\n  q: { queue: x }\n';
    expect(faults(yaml)).toContain('7 unknown node gone');
  });
  it('accepts a loop that waits for the caller, and refuses one that does not', () => {
    const loop = (node: string) =>
      faults(`flow: a\nstart: m\nnodes:\n  m: ${node}\n  s: { say: x, next: m }\n  q: { queue: x }\n`).filter(
        (f) => f.includes('endless'),
      );
    expect(loop('{ menu: "atendente cancelar reclamar", options: { "1": s }, otherwise: q }')).toEqual([]);
    expect(
      loop('{ branch: { when: [{ if: channel, equals: voice, next: s }], otherwise: q } }'),
    ).toHaveLength(1);
  });
  it.each([
    ['', 'expected object'],
    ['flow: [', ''],
    ['flow: a\nflow: b\nstart: x\nnodes: {}', 'unique'],
    ['flow: a\nstart: s\nnodes: {}', 'a flow needs nodes'],
    ['flow: a\nstart: s\nnodes:\n  s: { say: "{oops", next: q }\n  q: { queue: x }', 'braces do not pair'],
    ['flow: a\nstart: s\nnodes:\n  s: { say: oi, nxt: q }\n  q: { queue: x }', 'unknown key nxt'],
    ['flow: a\nstart: s\nnodes:\n  s: { say: oi, menu: q }', 'several types'],
    ['flow: a\nstart: constructor\nnodes:\n  q: { queue: x }', 'unknown node constructor'],
  ])('never throws: %j', (yaml, reason) => {
    expect(faults(yaml).join('\n')).toContain(reason);
    expect(faults(yaml).length).toBeGreaterThan(0);
  });
  it.each([
    ['callback', '{ callback: suporte, say: "Ligamos já" }', /lead to a queue instead/],
    ['transfer', '{ transfer: "+551140004000" }', /lead to a queue instead/],
    ['voicemail', '{ voicemail: x }', /lead to a queue or to a hangup/],
    ['action', '{ action: pix, next: q }', /leave it out/],
  ])('refuses %s, which nothing runs, at its line and says what to write instead', (kind, node, instead) => {
    const flow = parseFlow(`flow: a\nstart: s\nnodes:\n  s: ${node}\n  q: { queue: x }\n`, 'x.yaml');
    expect(flow.flow).toBeUndefined();
    expect(flow.faults[0]).toMatchObject({ line: 4, level: 'error' });
    expect(flow.faults[0]?.reason).toContain(`node s: ${kind} is not supported by this version; `);
    expect(flow.faults[0]?.reason).toMatch(instead);
    const offered = parseFlow('flow: a\nstart: s\nnodes:\n  s: { fax: 1 }\n', 'x.yaml').faults[0]?.reason;
    expect(offered?.split('(')[1]).not.toContain(kind);
  });
  it('warns when the first menu hides what the law asks for', () => {
    const { flow, faults: found } = parseFlow(
      'flow: a\nstart: m\nnodes:\n  m: { menu: "Vendas, 1", options: { "1": q }, otherwise: q }\n  q: { queue: x }',
      'x',
    );
    expect(flow).toBeDefined();
    expect(found.map((f) => f.level)).toEqual(['warning', 'warning', 'warning']);
  });
  it('ships the demo without faults or warnings, and the JSON Schema made from the parser’s own', async () => {
    const folder = at('../../ivr-flows');
    const flows = await loadFlows(folder);
    const file = `${folder}/principal.yaml`;
    expect(parseFlow(readFileSync(file, 'utf8'), file).faults).toEqual([]);
    expect(drawTree(flows.get('principal')!)).toContain('[4] filaReclamacao: queue suporte (complaint)');
    expect(drawMermaid(flows.get('principal')!)).toContain('menu -->|"3"| filaRetencao');
    const shipped: unknown = JSON.parse(readFileSync(`${folder}/flow.schema.json`, 'utf8'));
    expect(shipped, 'npx tsx src/flows/schema.cli.ts').toEqual(flowJsonSchema());
  });
  it('loadFlows refuses a folder with a bad flow and tells every fault', async () => {
    await expect(loadFlows(at('./fixtures'))).rejects.toMatchObject({ code: 'flow.invalid', status: 422 });
  });
});
