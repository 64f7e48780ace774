import { describe, expect, it } from 'vitest';
import { htmlToText } from './index.ts';

const text = (html: string) => htmlToText(html).text;
const styled = (css: string, rest = '<div class="prev x">prévia</div>Olá') =>
  text(`<style>${css}</style>${rest}`);

describe('what a style sheet hides is left out', () => {
  it.each([
    ['by a class', '.prev{display:none}'],
    ['by a class of an element', 'div.prev { DISPLAY : None !important; }'],
    ['among others', 'p{color:red}.a, .prev ,#b{mso-hide:all;font-size:1px}'],
    ['in a comment for old programs', '<!-- .prev{display:none} -->'],
    ['behind comments and imports', '@charset "utf-8";@import url(x);/* .a{ */.prev{display:none}'],
    ['behind conditions', '@media print{.a{x:y}.b{z:w}} .prev{max-height:0;overflow:hidden}'],
    ['the later rule', '.prev{display:block}.prev{display:none}'],
    ['the heavier rule', 'div.prev{display:none}.prev{display:block}'],
  ])('%s', (_how, css) => expect(styled(css)).toBe('Olá'));
  it('by an id, and pictures too', () =>
    expect(
      text('<style media="screen">#p,img.q{display:none}</style><b id=p>x</b><img class=q alt=y>Olá'),
    ).toBe('Olá'));
  it.each([
    ['an element’s class', '#p{display:none}div.prev{display:block}'],
    ['an element’s class, before it', 'div.prev{display:block}#p{display:none}'],
    ['a class', '#p{display:none}.prev{display:block}'],
  ])('an id is heavier than %s', (_than, css) =>
    expect(styled(css, '<div id=p class=prev>prévia</div>Olá')).toBe('Olá'),
  );
  it.each([
    ['a condition', '@media (max-width:600px){.prev{display:none}}'],
    ['a later rule that shows it', '.prev{display:none}.x{display:block}'],
    ['a rule for what stands inside of something', '.a .prev{display:none}div>.prev{display:none}'],
    ['a rule for all of a kind', 'div{display:none}*{display:none}'],
    ['another class', '.prevista{display:none}'],
    ['a rule without an end', '.prev{display:none'],
    ['a comment', '/* .prev{display:none} */'],
    ['something else', '.prev{color:red}'],
  ])('%s hides nothing', (_what, css) => expect(styled(css)).toBe('prévia\nOlá'));
  it('a sheet for printers, or one that the element contradicts, hides nothing', () => {
    expect(text('<style media=print>.p{display:none}</style><p class=p>x</p>')).toBe('x');
    expect(styled('.p{display:none}', '<p class=p style="display:block">x</p>')).toBe('x');
    expect(styled('.p{display:none!important}', '<p class=p style="display:block">x</p>y')).toBe('y');
  });
  it('is shown when there is nothing else', () =>
    expect(styled('.p{display:none}', '<p class=p>tudo</p>')).toBe('tudo'));
  it.each([
    ['rules', '.a{display:none}'.repeat(200_000)],
    ['selectors', `${'.a,'.repeat(200_000)}.b{display:none}`],
    ['comments', '/*'.repeat(200_000)],
    ['conditions', '@media x{'.repeat(100_000)],
    ['brackets', '{}'.repeat(300_000)],
  ])('hundreds of thousands of %s hide no words', (_what, css) =>
    expect(styled(css, `${'<p class="a1 a2 a3">'.repeat(50_000)}fim`)).toBe('fim'),
  );
});

describe('relative links', () => {
  const link = (base: string, href: string) => text(`<head>${base}</head><a href="${href}">boleto</a>`);
  it.each([
    ['<base href="https://x.test/loja/">', 'b/1', 'boleto (https://x.test/loja/b/1)'],
    ['<base href="https://x.test/loja/">', '/b?c=1', 'boleto (https://x.test/b?c=1)'],
    [
      '<base target=_blank><base href=https://x.test><base href=https://y.test>',
      'b',
      'boleto (https://x.test/b)',
    ],
    ['<base href="https://x.test/">', 'https://z.test/b', 'boleto (https://z.test/b)'],
    ['<base href="https://x.test/">', '#b', 'boleto'],
    ['<base href="https://x.test/">', 'javascript:alert(1)', 'boleto'],
    ['<base href="https://x.test/">', 'mailto:a@x.test', 'boleto (a@x.test)'],
    ['<base href="javascript:x">', 'b', 'boleto'],
    ['<base href="https://">', 'b', 'boleto'],
    ['', 'b', 'boleto'],
  ])('with %s, %s', (base, href, expected) => expect(link(base, href)).toBe(expected));
});

describe('cells that reach into rows below', () => {
  it.each([
    [
      'the others keep their columns',
      '<tr><th>Plano<th>Mês<th>Valor<tr><td rowspan=2>Fibra<td>jan<td>10<tr><td>fev<td>20<tr><td>Rádio<td>mar<td>30',
      'Plano | Mês | Valor\nFibra | jan | 10\n| fev | 20\nRádio | mar | 30',
    ],
    [
      'in the middle, over two columns',
      '<tr><td>a<td rowspan=3 colspan=2>b<td>c<tr><td>d<td>e<tr><td>f<td>g<tr><td>h<td>i<td>j<td>k',
      'a | b | c\nd | | e\nf | | g\nh | i | j | k',
    ],
    [
      'several',
      '<tr><td rowspan=2>a<td rowspan=2>b<td>c<tr><td>d<tr><td>e<td>f<td>g',
      'a | b | c\n| | d\ne | f | g',
    ],
    [
      'one under a wide cell of its row is passed over',
      '<tr><td>a<td rowspan=2>b<td>c<tr><td colspan=2>d<td>e',
      'a | b | c\nd | e',
    ],
    ['none', '<tr><td rowspan=0>a<td rowspan=x>b<tr><td>c<td>d', 'a | b\nc | d'],
  ])('%s', (_what, rows, expected) => expect(text(`<table>${rows}</table>`)).toBe(expected));
  it.each([
    ['wide rows', `<tr>${'<td rowspan=50>'.repeat(20_000)}`.repeat(3)],
    ['many rows', '<tr><td rowspan=1000000><td>'.repeat(30_000)],
  ])('%s cost no more than their length', (_what, rows) => {
    const read = htmlToText(`<table>${rows}fim`);
    expect(read.text.endsWith('fim')).toBe(true);
    expect(read.cut).toBe(false);
  });
});
