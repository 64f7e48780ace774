import { kebab, promptParts, type PromptPart } from './domain/prompt.ts';
import type { Flow, FlowNode } from './domain/schema.ts';
import { parseTemplate } from './domain/template.ts';
import { isDigits } from './domain/prompt.ts';

/** The parts of a flow's prompts that are the same for every caller: what a start should have spoken already. */
export function fixedParts(flow: Flow): PromptPart[] {
  return [...flow.nodes].flatMap(([name, node]) =>
    promptsOf(name, node).flatMap(({ text, recording }) => {
      const personal = parseTemplate(text).some((p) => p.kind === 'variable' && !isDigits(p.name));
      return personal ? [] : promptParts(text, {}, recording).filter((p) => p.kind !== 'digits');
    }),
  );
}

function promptsOf(name: string, node: FlowNode): { text: string; recording: string }[] {
  const own = { recording: ('audio' in node ? node.audio : undefined) ?? kebab(name) };
  switch (node.kind) {
    case 'say':
      return [{ text: node.say, ...own }];
    case 'menu': {
      const again = node.again === undefined ? [] : [{ text: node.again, recording: `${kebab(name)}-again` }];
      return [{ text: node.menu, ...own }, ...again];
    }
    case 'collect':
      return [{ text: node.collect, ...own }];
    case 'survey':
      return [{ text: node.survey, ...own }];
    case 'callback':
    case 'transfer':
      return node.say === undefined ? [] : [{ text: node.say, ...own }];
    case 'hangup':
      return typeof node.hangup === 'string' ? [{ text: node.hangup, ...own }] : [];
    case 'lookup':
    case 'branch':
    case 'queue':
      return [];
  }
}
