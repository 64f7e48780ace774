import { kebab, promptParts, type PromptPart } from './domain/prompt.ts';
import type { Flow, FlowNode } from './domain/schema.ts';
import { parseTemplate, type Vars } from './domain/template.ts';
import { isDigits } from './domain/prompt.ts';

/** The parts of a flow's prompts that are the same for every caller of this company: what a start should have spoken already. */
export function fixedParts(flow: Flow, company?: string): PromptPart[] {
  const known: Vars = company === undefined ? {} : { 'company.name': company };
  return [...flow.nodes].flatMap(([name, node]) =>
    promptsOf(name, node).flatMap(({ text, recording }) => {
      const personal = parseTemplate(text).some(
        (p) => p.kind === 'variable' && !isDigits(p.name) && known[p.name] === undefined,
      );
      return personal ? [] : promptParts(text, known, recording).filter((p) => p.kind !== 'digits');
    }),
  );
}

interface Prompt {
  readonly text: string;
  readonly recording: string;
}

function promptsOf(name: string, node: FlowNode): Prompt[] {
  const recording = ('audio' in node ? node.audio : undefined) ?? kebab(name);
  const one = (text: string | undefined): Prompt[] => (text === undefined ? [] : [{ text, recording }]);
  switch (node.kind) {
    case 'menu': {
      const again = node.again === undefined ? [] : [{ text: node.again, recording: `${kebab(name)}-again` }];
      return [...one(node.menu), ...again];
    }
    case 'collect':
      return one(node.collect);
    case 'survey':
      return one(node.survey);
    case 'say':
      return one(node.say);
    case 'hangup':
      return typeof node.hangup === 'string' ? one(node.hangup) : [];
    case 'lookup':
    case 'branch':
    case 'queue':
      return [];
  }
}
