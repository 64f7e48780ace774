import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { usernameField } from '../../src/access/views.ts';
import { emailRoutes } from '../../src/channels/email/http.ts';
import { companyRoutes } from '../../src/company/index.ts';
import { mailAddress } from '../../src/contracts/common.ts';
import { inPortuguese } from '../../src/contracts/field-words.ts';
import type { Route } from '../../src/platform/http/index.ts';
import { requestError } from '../../src/platform/http/problems.ts';
import { wordsFor } from '../../src/platform/http/words.ts';
import { filesOf } from '../support/files.ts';

const src = join(import.meta.dirname, '../../src');
/** Read in the terminal and in its own language, not by who fills in a field. */
const ELSEWHERE = ['config.ts', 'flows/domain/schema.ts'];
/** zod has no words for these: what does not fit a pattern, or a rule of ours. */
const NEED_WORDS = ['regex', 'refine'];
/** Names of zod's checks, whose last argument is what they say. */
const CHECKS =
  /^(regex|refine|superRefine|min|max|length|nonempty|int|positive|nonnegative|gt|gte|lt|lte|multipleOf|startsWith|endsWith|includes|email|url|uuid|datetime|date|addIssue|custom|string|number|enum|literal)$/;

/** Checks of a file that say a sentence of their own, or nothing where zod would show a pattern. */
function unsaid(file: string, text: string): string[] {
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
  const found: string[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isCallExpression(node) && ts.isPropertyAccessExpression(node.expression)) {
      const name = node.expression.name.text;
      if (CHECKS.test(name) && isUnsaid(name, node.arguments))
        found.push(
          `${file}:${source.getLineAndCharacterOfPosition(node.expression.name.pos).line + 1} ${name}`,
        );
    } else if (ts.isNewExpression(node) && node.expression.getText() === 'RequestError') {
      if (/message: *['"`]/.test(node.getText())) found.push(`${file} RequestError`);
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

function isUnsaid(name: string, given: ts.NodeArray<ts.Expression>): boolean {
  const words = given.at(-1);
  if (NEED_WORDS.includes(name) && given.length < 2) return true;
  if (words === undefined) return false;
  if (ts.isObjectLiteralExpression(words))
    return words.properties.some(
      (one) =>
        ts.isPropertyAssignment(one) &&
        ['message', 'error'].includes(one.name.getText()) &&
        ts.isStringLiteralLike(one.initializer),
    );
  // One text alone may be what is looked for: includes('@'), literal('up').
  return given.length > 1 && ts.isStringLiteralLike(words);
}

const portuguese = wordsFor({ acceptsLanguages: () => 'pt' } as never);
const english = wordsFor({ acceptsLanguages: () => 'en' } as never);
const told = (schema: z.ZodType, value: unknown, words = portuguese) => {
  const { error } = schema.safeParse(value, { error: words.of });
  return error === undefined ? [] : requestError('body', error, words).errors;
};
const bodyOf = (routes: readonly Route[], path: string): z.ZodType =>
  routes.find((one) => one.method === 'post' && one.path === `/api/v1/admin/${path}`)?.body ?? z.never();

describe('why a field is refused', () => {
  it('is said by every schema in words that stand in both languages', () => {
    const files = filesOf(src, /(?<!\.test)\.ts$/).filter((file) => !ELSEWHERE.includes(file));
    const texts = files.map((file) => ({ file, text: readFileSync(join(src, file), 'utf8') }));
    const spoken = texts.filter(({ text }) => /from 'zod'|RequestError\(/.test(text));
    expect(spoken.length).toBeGreaterThan(25);
    expect(spoken.flatMap(({ file, text }) => unsaid(file, text))).toEqual([]);
  });

  it('is missed by no form of a check', () => {
    const of = (text: string) => unsaid('x.ts', text).length;
    expect(of('z.string().regex(/a/)')).toBe(1);
    expect(of("z.string().regex(/a/, 'Only a')")).toBe(1);
    expect(of("z.string().min(1, { error: 'One', abort: true })")).toBe(1);
    expect(of("context.addIssue({ code: 'custom', message: 'No' })")).toBe(1);
    expect(of("new RequestError([{ path: 'body', message: 'No' }], words.invalid)")).toBe(1);
    expect(
      of("z.string().regex(/a/, fault('key')).min(1).refine((t) => t.includes('@'), fault('key'))"),
    ).toBe(0);
  });

  it('has a sentence of its own in Portuguese', () => {
    for (const [en, pt] of inPortuguese) {
      expect(pt).not.toBe(en);
      expect(portuguese.own(en)).toBe(pt);
      expect(english.own(en)).toBe(en);
    }
  });

  it.each([
    [usernameField, 'joão', /^Letras sem acento/, /^Letters/],
    [mailAddress, 'ana', /endereço de e-mail/, /mail address/],
  ])('is in the language of who asks', (schema, value, pt, en) => {
    expect(told(schema, value)[0]?.message).toMatch(pt);
    expect(told(schema, value, english)[0]?.message).toMatch(en);
  });

  it('asks for a choice where none was made, and says nothing else', () => {
    const company = { dids: {}, trunks: {}, calendars: {}, directory: {} };
    const dids = bodyOf(companyRoutes({ company: company as never, flowExists: () => false }), 'dids');
    const mailboxes = bodyOf(emailRoutes({ email: {} as never, simulator: false }), 'mailboxes');
    const chosen = (path: string) => [{ path: `body.${path}`, message: 'Escolha uma opção' }];
    expect(told(dids, { number: '(11) 4000-4000', flow: '' })).toEqual(chosen('flow'));
    expect(told(mailboxes, { address: 'a@b.test', queue: '' })).toEqual(chosen('queue'));
    const wrong = (flow: string) => told(dids, { number: '(11) 4000-4000', flow }).map((one) => one.message);
    expect(wrong('nada.yaml')).toEqual(['Este fluxo não existe']);
    expect(wrong('../x')).toEqual(['Um arquivo de ivr-flows, por exemplo principal.yaml']);
  });
});
