import { describe, expect, it } from 'vitest';
import { htmlToText } from '../html/index.ts';
import { sayTheSame } from './renderings.ts';

const html = (code: string) => htmlToText(code).text;
const body =
  'Bom dia, meu sinal caiu ontem às 18:05. Meu CPF é 111.222.333-44. Podem ver, por favor? Obrigada, Maria';

describe('two renderings of one mail say the same', () => {
  it.each([
    [
      'line breaks and blanks',
      'Bom dia,\n meu  sinal\ncaiu',
      '<p>Bom dia,</p><p>meu&nbsp;sinal <b>caiu</b></p>',
    ],
    ['case, accents and marks', '*Ola*, esta “ok”...', '<h1>OLÁ</h1>, está "ok"…'],
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
      'a lawyer who speaks',
      body,
      `<p>${body}</p><p>Esta mensagem é confidencial e destina-se a quem foi dirigida.</p><p>Rua das Flores, 12, São Paulo</p>`,
    ],
    [
      'a newsletter’s feet',
      body,
      `<a href="#x">Ver no navegador</a><p>${body}</p><p>Você recebeu este e-mail por ser cliente. Cancelar inscrição</p><p>Loja X</p>`,
    ],
    ['words without spaces between them', '申し込みを\n取り消します', '<p>申し込みを取り消します</p>'],
    [
      'a quotation',
      'Oi\n\nEm 1/2, Ana escreveu:\n> tudo\n> bem',
      '<p>Oi</p><p>Em 1/2, Ana escreveu:</p><blockquote>tudo bem</blockquote>',
    ],
  ])('%s is no difference', (_what, plain, code) => {
    expect(sayTheSame(plain, html(code))).toBe(true);
    expect(sayTheSame(html(code), plain)).toBe(true);
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
    ['nothing in common', 'Segue a fatura de novembro', `<p>${body}</p>`],
  ])('%s is one', (_what, plain, code) => {
    expect(sayTheSame(plain, html(code))).toBe(false);
    expect(sayTheSame(html(code), plain)).toBe(false);
  });
  it.each([
    ['words', 'palavra '.repeat(300_000)],
    ['brackets', '[('.repeat(300_000)],
    ['at signs', '<@'.repeat(300_000)],
    ['lines', '1) \n'.repeat(300_000)],
    ['addresses', 'https://www.'.repeat(60_000)],
  ])('hundreds of thousands of %s are compared', (_what, text) => expect(sayTheSame(text, text)).toBe(true));
});
