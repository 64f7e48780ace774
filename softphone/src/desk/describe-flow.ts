import type { Dictionary } from '../i18n/index.ts';

/** What a sentence may need of its entry. */
export interface Facts {
  who: string;
  /** The operator that the entry is about, or an empty text. */
  agent: string;
  /** The first of these members that is told, or an empty text. */
  data: (...names: string[]) => string;
  /** Only what is told to be false is false. */
  isFalse: (name: string) => boolean;
  isTrue: (name: string) => boolean;
  to: string;
  /** The customer came to us. */
  byCustomer: boolean;
}
export type Sentence = (t: Dictionary, facts: Facts) => string;

const chosen: Sentence = ({ flow }, { data, isFalse }) => {
  const choice = data('queue', 'label', 'digit', 'option', 'key', 'choice');
  if (!isFalse('valid')) return flow.menu.chosen(choice);
  return choice === '' ? flow.menu.silent : flow.menu.wrong(choice);
};

const typed: Sentence = ({ flow }, { data, isFalse }) => {
  if (!isFalse('valid')) return flow.collect.typed;
  return data('length') === '0' ? flow.collect.silent : flow.collect.wrong;
};

const started: Sentence = ({ flow }, { data }) => flow.started(flowTitle(data('flow')));

const heard: Sentence = ({ flow }, { data }) => {
  const what = spaced(data('node'));
  if (data('outcome') === 'interrupted') return flow.sayCut(what);
  return data('outcome') === 'skipped' ? flow.saySkipped(what) : flow.say(what);
};

/** The automatic service as its customer lived it. Nodes are named by whoever wrote the flow, for a machine. */
export const flowSentences: Readonly<Record<string, Sentence>> = {
  flowStarted: started,
  'flow.started': started,
  'flow.say': heard,
  'flow.menu': chosen,
  'flow.choice': chosen,
  'flow.collect': typed,
  'flow.collected': typed,
  'flow.lookup': ({ flow }, { data }) =>
    flow.lookup(flow.lookups[data('what')] ?? '', flow.outcomes[data('outcome')] ?? data('outcome')),
  'flow.branch': ({ flow }) => flow.branch,
  'flow.queue': ({ flow }, { data }) => flow.queue(data('queue')),
  'flow.survey': ({ flow }, { data }) => flow.survey(data('score')),
  'flow.callback': ({ flow }) => flow.callback,
  'flow.transfer': ({ flow }) => flow.transfer,
  'flow.hangup': ({ flow }) => flow.hangup,
  'flow.untouched': ({ flow }) => flow.untouched,
  'flow.fault': ({ flow }) => flow.fault,
};

/** "ivr-flows/principal.yaml" → "principal". */
const flowTitle = (file: string): string => spaced((file.split('/').at(-1) ?? file).replace(/\.ya?ml$/i, ''));

/** "boasVindas" and "boas-vindas" → "boas vindas". */
export function spaced(name: string): string {
  return name
    .replace(/([\p{Ll}\d])(\p{Lu})/gu, '$1 $2')
    .replace(/[-_]+/g, ' ')
    .toLowerCase()
    .trim();
}
