import { describe, expect, it } from 'vitest';
import { htmlToText } from './index.ts';

const text = (html: string) => htmlToText(html).text;

describe('HTML of a mail is read as a person reads it', () => {
  it.each([
    ['paragraphs', '<p>Solu&ccedil;&atilde;o</p><p>linha 2</p>', 'Solução\n\nlinha 2'],
    ['headings keep their case', '<h1>Chave aB3xY</h1>texto', 'Chave aB3xY\n\ntexto'],
    ['line breaks', 'a<br>b<br><br><br>c<div>d<br></div>e', 'a\nb\n\nc\nd\ne'],
    ['an empty line of a mail program', '<div>a</div><div><br></div><div>b</div>', 'a\n\nb'],
    [
      'paragraphs without distance',
      '<p class=MsoNormal>Bom dia,</p><p class=MsoNormal>&nbsp;</p><p class="MsoNormal">a<o:p></o:p></p><p style="margin: 0cm">b</p>',
      'Bom dia,\n\na\nb',
    ],
    ['spaces', '<b>Total:</b>&nbsp;&nbsp;R$&nbsp;10 \n\t<i> reais</i> .', 'Total: R$ 10 reais .'],
    [
      'entities, also without a semicolon',
      '&lt;b&gt; &euro;&#8364;&#x1F600; AT&T &copy 2026',
      '<b> €€😀 AT&T © 2026',
    ],
    ['preformatted', 'log:<pre>\n  a\n\n    b  \n</pre>fim', 'log:\n\n  a\n\n    b\n\nfim'],
    ['a style that keeps line breaks', '<div style="white-space: pre-wrap">a\n  b</div>c\nd', 'a\n  b\nc d'],
    ['powers and indices', '10<sup>3</sup> m<sup>2</sup> de CO<sub>2</sub>', '10³ m² de CO₂'],
    [
      'what was struck out',
      'De <s>R$ 100</s> por <span style="text-decoration:line-through">90</span> 80',
      'De ~R$ 100~ por ~90~ 80',
    ],
    ['a rule', 'a<hr>b', 'a\n----------\nb'],
    [
      'script, style and head',
      '<head><title>T</title><style>p{}</style></head><script>x<b>1</b></script>a',
      'a',
    ],
    [
      'comments, Outlook’s conditions too',
      'a<!-- b --><!--[if mso]><p>c</p><![endif]--><![if !mso]>d<![endif]>',
      'ad',
    ],
    ['no markup at all', 'só texto & mais < 3', 'só texto & mais < 3'],
    [
      'a form that was sent filled in',
      'Nome: <input value="Maria"><input type=hidden value=x><input type=checkbox checked>aceito',
      'Nome: Maria [x] aceito',
    ],
  ])('%s', (_name, html, expected) => expect(text(html)).toBe(expected));

  it.each([
    ['items', '<ul><li>um</li><li>dois</ul>fim', '- um\n- dois\n\nfim'],
    ['in each other', '<ol><li>a<ul><li>b</ul><li value=5>c</ol>', '1. a\n   - b\n5. c'],
    [
      'letters and Roman numbers',
      '<ol type=a start=2><li>x<li>y</ol><ol type=I><li>z</ol>',
      'b. x\nc. y\n\nI. z',
    ],
    ['without marks', '<ul style="list-style:none"><li>a</ul>', 'a'],
    ['terms', '<dl><dt>Plano<dd>Fibra<dd>500</dl>', 'Plano\n  Fibra\n  500'],
  ])('lists: %s', (_name, html, expected) => expect(text(html)).toBe(expected));

  it.each([
    [
      'marked',
      'a<blockquote>b<br><br>c<blockquote>d</blockquote></blockquote>e',
      'a\n\n> b\n>\n> c\n>\n> > d\n\ne',
    ],
    ['with a list', '<blockquote><ul><li>a<li>b</ul></blockquote>', '> - a\n> - b'],
    [
      'set in by a button, which is no quotation',
      'a<blockquote style="margin:0 0 0 40px;border:none;padding:0px">b</blockquote>',
      'a\n\n  b',
    ],
  ])('quotations: %s', (_name, html, expected) => expect(text(html)).toBe(expected));

  it.each([
    ['words and address', '<a href="http://x.test/boleto">boleto</a>.', 'boleto (http://x.test/boleto).'],
    [
      'the same',
      '<a href="https://www.x.test/">x.test</a> <a href="mailto:a@x.test">a@x.test</a>',
      'x.test a@x.test',
    ],
    [
      'another than the words say',
      '<a href="https://ladrao.test">https://banco.test</a>',
      'https://banco.test (https://ladrao.test)',
    ],
    [
      'a mailbox and a telephone',
      '<a href="mailto:a@x.test?subject=Oi">Ana</a> <a href="tel:+551140004000">+55 (11) 4000-4000</a>',
      'Ana (a@x.test) +55 (11) 4000-4000',
    ],
    ['without words', '<a href="https://x.test/p"><img src="http://x.test/i.png"></a>', 'https://x.test/p'],
    [
      'a picture in it',
      '<a href="https://x.test"><img alt="Pagar agora"></a>',
      '[Pagar agora] (https://x.test)',
    ],
    [
      'to nowhere',
      '<a href="javascript:alert(1)">a</a> <a href="#b">b</a> <a name=c>c</a> <a href="JaVa&#10;script:x">d</a>',
      'a b c d',
    ],
    [
      'never closed',
      '<a href="http://x.test/1">um <a href="http://x.test/2">dois',
      'um (http://x.test/1) dois (http://x.test/2)',
    ],
    [
      'wrapped by a mail program',
      '<a href="https://nam02.safelinks.protection.outlook.com/?url=https%3A%2F%2Fx.test%2Fa&amp;data=05">https://x.test/a</a>',
      'https://x.test/a',
    ],
    ['around blocks', '<a href="http://x.test"><div>a</div><div>b</div></a>c', 'a\nb\n(http://x.test)c'],
  ])('links: %s', (_name, html, expected) => expect(text(html)).toBe(expected));

  it.each([
    [
      'cells apart',
      '<table><tr><td>Nome</td><td>Maria</td></tr><tr><td>CPF</td><td>1</td></tr></table>',
      'Nome | Maria\nCPF | 1',
    ],
    [
      'names with a colon',
      '<table><tr><td>Nome:<td>Maria<tr><td><b>CPF:</b><td>1</table>',
      'Nome: Maria\nCPF: 1',
    ],
    [
      'an empty cell keeps its column',
      '<table><tr><th>Data<th>Valor<th>Situação<tr><td>10/10<td><td>pago</table>',
      'Data | Valor | Situação\n10/10 | | pago',
    ],
    ['columns for the distance', '<table><tr><td>a<td>&nbsp;<td>b<tr><td>c<td><td>d</table>', 'a | b\nc | d'],
    [
      'of the page, not of facts',
      '<table><tr><td><p>Olá</p><p>Maria</p></td><td><p>Rodapé</p></td></tr></table>',
      'Olá\n\nMaria\n\nRodapé',
    ],
    [
      'in a cell',
      '<table><tr><td><table><tr><td>a<td>b<tr><td>c<td>d</table><td>e</table>',
      'a | b\nc | d\n\ne',
    ],
    [
      'rows never closed, words between',
      '<table>x<tr>y<td>a<td>b<tr><td>c</table>z',
      'x\ny\n\na | b\nc\n\nz',
    ],
    ['a cell without a table', '<td>a</td><td>b</td>', 'a\nb'],
    [
      'a closing tag in a cell reaches no further',
      '<div style="display:none">x<table><tr><td></div>y</table></div>z',
      'z',
    ],
  ])('tables: %s', (_name, html, expected) => expect(text(html)).toBe(expected));

  it.each([
    ['display', '<div style="display: none !important">prévia</div>Olá'],
    ['the attribute', '<span hidden>x<span>y</span>z</span>Olá'],
    ['Outlook’s own', '<span style="mso-hide:all">x</span>Olá'],
    ['without height', '<div style="max-height:0px; overflow:hidden">x</div>Olá'],
    ['fillers', '&zwnj;&nbsp;&zwnj;&nbsp;&#847; &#8203;Olá'],
    ['of one point', 'Olá<img width=1 height=1 alt="pixel" src="http://x.test/p">'],
  ])('what the sender hid from the reader is left out: %s', (_name, html) => expect(text(html)).toBe('Olá'));
  it('hidden words are shown when there are no others', () =>
    expect(text('<div style="display:none">tudo</div><p>&nbsp;</p>')).toBe('tudo'));
  it('a size of nothing hides nothing: layouts set it and take it back', () =>
    expect(text('<td style="font-size:0px"><div style="font-size:14px">Olá</div></td>')).toBe('Olá'));

  it.each([
    ['style sheet', 'a<style>p{}<p>b</p>', 'ap{}\n\nb'],
    ['comment', 'a<!-- b <p>c</p>', 'a b\n\nc'],
    ['quotation mark', 'a<a href="http://x.test>b</a><p>c</p>', 'ab\n\nc'],
    ['quotation mark with an empty style', "a<style/>b<a title='x>c", 'abc'],
  ])('a %s that nobody closed hides nothing', (_name, html, expected) => expect(text(html)).toBe(expected));

  it('an emoji that is a picture is an emoji; joined ones stay whole', () =>
    expect(text('<img alt="😀" src="https://x.test/1.png"> 👩‍🔧')).toBe('😀 👩‍🔧'));
});

describe('pictures', () => {
  const gif = 'data:image/gif;base64,R0lGODlhAQABAAAAACw=';
  it('inside the HTML become files, the same one once', () => {
    const { text: words, files } = htmlToText(`oi<img src="${gif}" alt="logo">e<img src='${gif}'>`);
    expect(words).toBe('oi [imagem-1.gif] e [imagem-1.gif]');
    expect(files).toEqual([
      {
        filename: 'imagem-1.gif',
        contentType: 'image/gif',
        content: Buffer.from('R0lGODlhAQABAAAAACw=', 'base64'),
      },
    ]);
  });
  it('that came with the mail are told by name, others by what they show', () =>
    expect(
      htmlToText(
        '<img src="cid:a%40x"><img src="cid:b" alt="mapa"><img src="http://x.test/c.png" alt=foto>',
        (id) => (id === 'a@x' ? 'print.png' : undefined),
      ).text,
    ).toBe('[print.png] [mapa] [foto]'));
  it.each([
    [
      'a document behind a link',
      '<a download="boleto.pdf" href="data:application/pdf;base64,QUJD">2ª via</a>',
      'boleto.pdf',
      'ABC',
      '2ª via [boleto.pdf]',
    ],
    [
      'an embedded one',
      '<object data="data:application/pdf;base64,QUJD">x</object>',
      'arquivo-1.pdf',
      'ABC',
      '[arquivo-1.pdf] x',
    ],
    [
      'text with percent signs',
      '<img src="data:text/plain,%41%zz%4">',
      'arquivo-1.txt',
      'A%zz%4',
      '[arquivo-1.txt]',
    ],
    ['a drawing', '<img src="data:image/svg+xml;utf8,<svg/>">', 'imagem-1.svg', '<svg/>', '[imagem-1.svg]'],
  ])('%s', (_name, html, filename, content, words) => {
    const read = htmlToText(html);
    expect(read.text).toBe(words);
    expect(read.files.map((file) => [file.filename, file.content.toString()])).toEqual([[filename, content]]);
  });
  it('beyond the limits are counted', () => {
    const many = Array.from({ length: 25 }, (_, at) => `<img src="data:image/png;base64,AAA${at}">`).join('');
    expect(htmlToText(many)).toMatchObject({ filesLeft: 5 });
    expect(htmlToText(`a<img src="data:image/png;base64,${'A'.repeat(15_000_000)}">`)).toMatchObject({
      text: 'a',
      filesLeft: 1,
      files: [],
    });
  });
});

describe('what a stranger may write costs no more than its length', () => {
  it.each([
    ['nested divisions', `${'<div>'.repeat(200_000)}fim`],
    ['nested hidden divisions, closed', `${'<div hidden>'.repeat(100_000)}x${'</div>'.repeat(100_000)}fim`],
    ['rows', `<table>${'<tr><td>a<td>b'.repeat(60_000)}</table>fim`],
    ['tables in tables', `${'<table><tr><td>'.repeat(60_000)}fim`],
    ['lists in lists', `${'<ul><li>'.repeat(60_000)}fim`],
    ['quotations in quotations', `${'<blockquote>'.repeat(100_000)}fim`],
    ['brackets', `${'<'.repeat(60_000)} fim`],
    ['style sheets', `${'<style>p{}</style>'.repeat(60_000)}fim`],
    ['numbered lists', `${'<ol><li>'.repeat(60_000)}fim`],
    ['style sheets that never end', `${'<style'.repeat(60_000)}>fim`],
    ['comments', `${'<!---->'.repeat(100_000)}fim`],
    ['ampersands', `${'&'.repeat(100_000)} fim`],
    ['attributes', `<p ${'a=b '.repeat(300_000)}>fim`],
    ['one attribute', `<p style="${'a:b;'.repeat(1_000_000)}">fim`],
    [
      'closing tags of nothing',
      `${'<b hidden>'.repeat(90)}${'</b>'.repeat(90)}${'</td></i>'.repeat(100_000)}fim`,
    ],
    ['links that never end', `${'<a href=http://x.test/>'.repeat(10_000)}</a>fim`],
    ['spaces', `${' \n'.repeat(5_000_000)}fim`],
    ['one wide row', `<table><tr>${'<td colspan=1000000>'.repeat(100_000)}fim`],
  ])('%s', (_name, html) => {
    const read = htmlToText(html);
    expect(read.text.endsWith('fim')).toBe(true);
    expect(read.cut).toBe(false);
  });
  it('is read once, unless its sender hid something and showed nothing', () => {
    const asked = (html: string): number => {
      let times = 0;
      htmlToText(html, () => void (times += 1));
      return times;
    };
    expect(asked('<img src="cid:a"><ol><li>')).toBe(1);
    expect(asked('<p hidden>x<img src="cid:a"></p>')).toBe(1);
    expect(htmlToText('<p hidden>x</p><img width=1 height=1>').text).toBe('x');
  });
  it('what lies open for a million characters is not read a second time whole, and that is told', () => {
    const tail = (length: number) => htmlToText(`oi<!--${' '.repeat(length)}fim`);
    expect(tail(900_000)).toMatchObject({ text: 'oi fim', cut: false });
    expect(tail(1_100_000)).toMatchObject({ text: 'oi', cut: true });
  });
  it.each([
    ['words', `${'<b>'.repeat(500_000)}a <!-- b --> c<d e < f > g<`, 'a c <d e g <'],
    ['signs', `${'<b>'.repeat(500_000)}1 < 2 & 3`, '1 < 2 & 3'],
  ])('of too many tags the %s behind them are shown', (_name, html, text) =>
    expect(htmlToText(html)).toMatchObject({ text, cut: true }),
  );
  it.each([
    ['words', 'palavra '.repeat(1_000_000)],
    ['letters', 'x'.repeat(5_000_000)],
    ['cells', `<table>${'<tr><td>palavras'.repeat(300_000)}`],
    ['quotations', '<blockquote>x'.repeat(300_000)],
    ['tags', `${'<b>'.repeat(2_000_000)}fim`],
  ])('more %s than anybody reads are cut, and told', (_name, html) => {
    const read = htmlToText(html);
    expect(read.cut).toBe(true);
    expect(read.text).not.toBe('');
    expect(read.text.length).toBeLessThan(1_000_000);
  });
});
