import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Field, type Operation, operationsOf, requestFor } from '../support/api-fields.ts';
import { sendMail } from '../support/mail.ts';
import { eventually, type Product, startProduct } from '../support/product.ts';

interface Documented {
  readonly paths: Readonly<
    Record<string, Readonly<Record<string, { readonly responses?: Readonly<Record<string, unknown>> }>>>
  >;
}
interface Refusal {
  readonly code?: string;
  readonly errors?: readonly { readonly path: string; readonly message: string }[];
}

/** Never shown and never sent: what is hashed, sealed or read before it is dialled, and names of what must be there already. */
const UNSEEN =
  /password|body:(current|next|token|username)$|\/calls body:(to|from|queue)$|body:(scopes\.|attachments\.|customerId|agent$|calendar)/;

describe('what every route says of texts and cursors', () => {
  let product: Product;
  let token: string;
  let document: Documented;
  let contact: string;

  const ask = async (
    method: string,
    path: string,
    body?: unknown,
    language = 'pt-BR',
  ): Promise<Refusal & { status: number }> => {
    const answer = await fetch(product.url + path, {
      method: method.toUpperCase(),
      headers: {
        authorization: `Bearer ${token}`,
        'content-type': 'application/json',
        'accept-language': language,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    return { ...((await answer.json().catch(() => ({}))) as Refusal), status: answer.status };
  };

  beforeAll(async () => {
    product = await startProduct();
    token = await product.token('admin');
    document = await product.api<Documented>('admin', 'GET', '/api/openapi.json');
    await sendMail(product, { from: 'maria@cliente.test', subject: 'Sem sinal' });
    const { items } = await eventually(
      'a contact',
      () => product.api<{ items: { id: string }[] }>('admin', 'GET', '/api/v1/interactions'),
      (answer) => answer.items.length > 0,
    );
    contact = items[0]!.id;
  }, 60_000);
  afterAll(() => product.end());

  it('a cursor that no page gave is refused by every list', async () => {
    const lists = Object.entries(document.paths)
      .filter(([, { get }]) => JSON.stringify(get?.responses ?? {}).includes('nextCursor'))
      // A search wants words, too; a list knows no words and would name them first.
      .map(([path, { get }]) => [path, JSON.stringify(get).includes('"name":"q"') ? 'q=a&' : ''] as const);
    expect(lists.length).toBeGreaterThan(15);
    const taken: string[] = [];
    for (const [list, words] of lists)
      for (const cursor of ['xx', '', '~', contact.toLowerCase(), `${contact}0`]) {
        const path = list.replace(/\{\w+\}/, contact);
        const { status, code, errors } = await ask('get', `${path}?${words}cursor=${cursor}`);
        const said = `${status} ${code ?? ''} ${errors?.[0]?.path ?? ''} ${errors?.[0]?.message ?? ''}`;
        if (said !== '400 request.invalid query.cursor Não é um cursor desta lista')
          taken.push(`${list} ${cursor}: ${said}`);
      }
    expect(taken).toEqual([]);
  });

  it('a note that is sent again with its key is written once, and without one each time', async () => {
    const note = (text: string, key?: string): Promise<number> =>
      fetch(`${product.url}/api/v1/interactions/${contact}/notes`, {
        method: 'POST',
        headers: {
          authorization: `Bearer ${token}`,
          'content-type': 'application/json',
          ...(key === undefined ? {} : { 'idempotency-key': key }),
        },
        body: JSON.stringify({ text }),
      }).then(({ status }) => status);
    expect(await Promise.all([note('um', 'k1'), note('um', 'k1'), note('um', 'k2')])).toEqual([
      201, 201, 201,
    ]);
    await note('dois');
    await note('dois');
    const { timeline } = await product.api<{ timeline: { kind: string; data: { text?: string } }[] }>(
      'admin',
      'GET',
      `/api/v1/interactions/${contact}`,
    );
    const notes = timeline.filter(({ kind }) => kind === 'note').map(({ data }) => data.text);
    expect(notes.toSorted()).toEqual(['dois', 'dois', 'um', 'um']);
  });

  it('a control character is refused in every text that is shown or sent', async () => {
    const taken: string[] = [];
    const sent = operationsOf(document as never).flatMap((operation: Operation) =>
      operation.fields
        .filter(({ where }) => where === 'body')
        .map((field: Field) => ({ operation, field, name: `body:${field.path.join('.')}` })),
    );
    for (const { operation, field, name } of sent) {
      const where = `${operation.method} ${operation.path} ${name}`;
      if (UNSEEN.test(where)) continue;
      const { path, body } = requestFor(operation, field, 'a\u0000b', contact);
      const { status } = await ask(operation.method, path, body);
      if (status !== 400) taken.push(`${where}: ${status}`);
    }
    expect(sent.length).toBeGreaterThan(80);
    expect(taken).toEqual([]);
  });

  it('nothing is written that shows nothing, and both languages say why', async () => {
    const path = `/api/v1/interactions/${contact}`;
    for (const [way, field] of [
      ['messages', 'text'],
      ['notes', 'text'],
      ['end', 'reason'],
      ['close', 'disposition'],
    ] as const)
      for (const [text, pt, en] of [
        [' \n\t', 'Não pode ficar em branco', 'Not blank'],
        ['\u200b\u2060', 'Não pode ficar em branco', 'Not blank'],
        ['a\u0000b', 'Sem caracteres de controle', 'No control characters'],
        ['a\u001b[2J', 'Sem caracteres de controle', 'No control characters'],
      ] as const)
        for (const [language, word] of [
          ['pt-BR', pt],
          ['en', en],
        ] as const) {
          const { status, code, errors } = await ask('post', `${path}/${way}`, { [field]: text }, language);
          expect([way, status, code], JSON.stringify(text)).toEqual([way, 400, 'request.invalid']);
          expect(errors?.[0]?.message, way).toBe(word);
        }
    const lines = { text: 'Bom dia,\r\n\n\tsegue a foto. 👍🏽' };
    expect((await ask('post', `${path}/notes`, lines)).status).toBe(201);
  });
});
