import { describe, expect, it } from 'vitest';
import { htmlToText } from '../html/index.ts';
import { sayTheSame, type Rendering } from './renderings.ts';

const html = (code: string): Rendering => htmlToText(code);
const plainly = (text: string): Rendering => ({ text, added: [] });
const body =
  'Bom dia, meu sinal caiu ontem às 18:05. Meu CPF é 111.222.333-44. Podem ver, por favor? Obrigada, Maria';

describe('two renderings of one mail say the same', () => {
  it.each([
    [
      'line breaks and blanks',
      'Bom dia,\n meu  sinal\ncaiu',
      '<p>Bom dia,</p><p>meu&nbsp;sinal <b>caiu</b></p>',
    ],
    ['case and marks', '*Olá*, está “ok”...', '<h1>OLÁ</h1>, está "ok"…'],
    ['a link', 'Veja o boleto <https://x.test/b?id=9>', 'Veja o <a href="https://track.test/z/1">boleto</a>'],
    ['a mail address behind a name', 'Fale com Ana', '<p>Fale com <a href="mailto:ana@x.test">Ana</a></p>'],
    [
      'a picture',
      'Segue o print\n[image: print.png]',
      '<p>Segue o print</p><img alt="print da tela" src="cid:a">',
    ],
    ['a list', 'Quero:\n* um\n* dois', '<p>Quero:</p><ol><li>um<li>dois</ol>'],
    ['a table', 'Nome\tMaria\nCPF\t111', '<table><tr><td>Nome<td>Maria<tr><td>CPF<td>111</table>'],
    ['a preview that is hidden', body, `<div style="display:none">Resumo do mês</div>${body}`],
    ['a telephone that speaks', 'Oi', '<p>Oi</p><p>Enviado do meu iPhone</p>'],
    [
      'a program that speaks',
      'Oi',
      '<p>Oi</p><div>Obter o <a href="https://aka.ms/x">Outlook para Android</a></div>',
    ],
    [
      'a newsletter’s link at either end',
      body,
      `<a href="https://x.test/v">Ver no navegador</a><p>${body}</p><a href="https://x.test/s">Cancelar inscrição</a>`,
    ],
    [
      'a picture’s words',
      'Ana\n[cid:image001.png@01D]',
      '<p>Ana</p><img alt="Logo da Loja" src="https://x.test/a">',
    ],
    ['a telephone behind a link', 'Ligue', '<a href="tel:+5511999990000">Ligue</a>'],
    [
      'a mail address of Outlook',
      'a@x.test<mailto:a@x.test>\n50',
      '<a href="mailto:a@x.test">a@x.test</a><p>50',
    ],
    [
      'an answer of Gmail',
      'Olá, segue *o* print\n[image: print.png]\n\nEm ter., 3 de nov. de 2026 às 10:00, Suporte <suporte@x.test>\nescreveu:\n\n> Qual o erro?\n> Ana - Suporte <https://x.test>\n>\n> [image: Logo]\n',
      '<div dir="ltr">Olá, segue <b>o</b> print<div><img src="cid:a" alt="print.png"></div></div><br><div class="gmail_quote"><div class="gmail_attr">Em ter., 3 de nov. de 2026 às 10:00, Suporte &lt;<a href="mailto:suporte@x.test">suporte@x.test</a>&gt; escreveu:<br></div><blockquote>Qual o erro?<br>Ana - <a href="https://x.test">Suporte</a><br><br><img alt="Logo" src="https://x.test/l"></blockquote></div>',
    ],
    [
      'an answer of Outlook',
      'Bom dia,\n\n  *   um\n  *   dois\n\nAna Souza | Compras\n+55 11 9999-0000\n[Logo da Loja]<https://loja.test/>\n________________________________\nDe: Suporte <suporte@x.test<mailto:suporte@x.test>>\nEnviado: terça-feira, 3 de novembro de 2026 10:00\nAssunto: RE: Pedido\n\nQual?\n',
      '<p>Bom dia,</p><ul><li>um</li><li>dois</li></ul><p>Ana Souza | Compras<br><a href="tel:+551199990000">+55 11 9999-0000</a><br><a href="https://loja.test/"><img alt="Logo da Loja" src="cid:b"></a></p><hr><div><b>De:</b> Suporte &lt;<a href="mailto:suporte@x.test">suporte@x.test</a>&gt;<br><b>Enviado:</b> terça-feira, 3 de novembro de 2026 10:00<br><b>Assunto:</b> RE: Pedido</div><p>Qual?</p>',
    ],
    ['a rule and an underlined heading', 'Pedido\n======\n______\nfim', '<h1>Pedido</h1><hr>fim'],
    ['a long number list', '1. a\n2. b\n3. c', '<ul><li>a<li>b<li>c</ul>'],
    ['words without spaces between them', '申し込みを\n取り消します', '<p>申し込みを取り消します</p>'],
    [
      'a quotation',
      'Oi\n\nEm 1/2, Ana escreveu:\n> tudo\n> bem',
      '<p>Oi</p><p>Em 1/2, Ana escreveu:</p><blockquote>tudo bem</blockquote>',
    ],
  ])('%s is no difference', (_what, plain, code) => {
    expect(sayTheSame(plainly(plain), html(code))).toBe(true);
    expect(sayTheSame(html(code), plainly(plain))).toBe(true);
  });
  it.each([
    ['another answer', 'Sim', '<p>Não</p>'],
    ['a word more', 'Quero cancelar', '<p>Não quero cancelar</p>'],
    ['a stub', 'Seu programa não mostra HTML.', `<p>${body}</p>`],
    [
      'another number in a long text',
      `${body} ${'palavra '.repeat(500)}`,
      `<p>${body.replace('111', '999')} ${'palavra '.repeat(500)}</p>`,
    ],
    [
      'only the beginning',
      body,
      `<p>${body}</p><p>E mais uma coisa: mudei de endereço, agora moro longe.</p>`,
    ],
    [
      'a contract that is cancelled',
      body,
      `<p>${body}</p><p>Desejo cancelar a assinatura e a cobrança do contrato 4455.</p>`,
    ],
    ['words that a newsletter says too', body, `<p>${body}</p><p>Cancelar inscrição</p>`],
    ['a contract behind a link', body, `${body}<p><a href="https://x.test/c">Cancelar assinatura</a>`],
    ['who it is for', body, `<p>${body}</p><p>O destinatário mudou: é a Ana.</p>`],
    ['a secret', body, `<p>${body}</p><p>O assunto é confidencial, liguem só para mim.</p>`],
    ['a fault in the browser', body, `<p>${body}</p><p>No navegador não abre.</p>`],
    ['what a lawyer adds', body, `<p>${body}</p><p>Esta mensagem é confidencial.</p>`],
    ['what follows a telephone’s line', 'Oi', '<p>Oi</p><p>Enviado do meu celular</p><p>Quero cancelar</p>'],
    ['what stands in a telephone’s line', 'Oi', '<p>Oi</p><p>Enviado do meu celular que não liga</p>'],
    ['brackets', 'Quero [não] cancelar', '<p>Quero cancelar</p>'],
    ['the order of words', 'não pago, cancelo', '<p>pago, não cancelo</p>'],
    ['a comma', 'Não, esperem', '<p>Não esperem</p>'],
    ['a question', 'Foi pago?', '<p>Foi pago.</p>'],
    ['an accent', 'O contrato é meu', '<p>O contrato e meu</p>'],
    ['a sign', 'Saldo: -50', '<p>Saldo: +50</p>'],
    ['no sign', 'Saldo: -R$ 50', '<p>Saldo: R$ 50</p>'],
    ['a decimal mark', 'Paguei 1,50', '<p>Paguei 150</p>'],
    ['a small digit', 'São 10² m', '<p>São 102 m</p>'],
    ['emoji', 'Gostei 👍', '<p>Gostei 👎</p>'],
    ['an emoji alone', '👍', '<p>👎</p>'],
    ['a number before a bracket', 'Cobraram\n300) reais', '<p>Cobraram</p><p>30) reais</p>'],
    ['a number that is no item', 'Cobraram\n1) real', '<p>Cobraram</p><p>2) real</p>'],
    ['another address', 'Avise Ana <ana@x.test>', '<p>Avise <a href="mailto:rui@x.test">Ana</a></p>'],
    ['one word of a thousand', `não ${'palavra '.repeat(1000)}`, `<p>${'palavra '.repeat(1000)}</p>`],
    ['nothing in common', 'Segue a fatura de novembro', `<p>${body}</p>`],
  ])('%s is one', (_what, plain, code) => {
    expect(sayTheSame(plainly(plain), html(code))).toBe(false);
    expect(sayTheSame(html(code), plainly(plain))).toBe(false);
  });
  it.each([
    ['words', 'palavra '.repeat(300_000)],
    ['brackets', '[('.repeat(300_000)],
    ['at signs', '<@'.repeat(300_000)],
    ['lines', '1) \n'.repeat(300_000)],
    ['addresses', 'https://www.'.repeat(60_000)],
  ])('hundreds of thousands of %s are compared', (_what, text) =>
    expect(sayTheSame(plainly(text), plainly(text))).toBe(true),
  );
});
