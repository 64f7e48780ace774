/** The documentation page: no CDN, no inline script, reads /api/openapi.json in the browser. */
export const DOCS_HTML = `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
<title>Ramal API</title><style>
:root{color-scheme:light dark}body{font:15px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem}
h2{margin-top:2rem;text-transform:capitalize}details{border:1px solid #8886;border-radius:6px;margin:.4rem 0;padding:.4rem .8rem}
summary{cursor:pointer}code,pre{font:13px ui-monospace,monospace}pre{overflow:auto;background:#8881;padding:.6rem;border-radius:6px}
.m{display:inline-block;min-width:4rem;font-weight:700}small{opacity:.75}</style></head>
<body><h1>Ramal API</h1><p>The machine-readable form is <a href="/api/openapi.json">/api/openapi.json</a>.</p>
<input id="q" type="search" placeholder="Filter" aria-label="Filter routes"><main id="m">…</main>
<script src="/api/docs.js"></script></body></html>`;

export const DOCS_JS = `(async () => {
  const main = document.getElementById('m');
  const token = localStorage.getItem('ramal.token');
  const answer = await fetch('/api/openapi.json', token === null ? {} : { headers: { authorization: 'Bearer ' + token } });
  if (answer.status === 401) {
    main.textContent = 'Entre no Ramal nesta mesma origem e recarregue esta página. · Sign in to Ramal on this origin, then reload this page.';
    const link = document.createElement('a'); link.href = '/'; link.textContent = 'Ramal';
    main.append(document.createElement('br'), link);
    return;
  }
  const doc = await answer.json();
  const el = (tag, text, cls) => { const e = document.createElement(tag); if (text) e.textContent = text; if (cls) e.className = cls; return e; };
  const block = (title, value) => { const f = document.createDocumentFragment(); f.append(el('h4', title), el('pre', JSON.stringify(value, null, 2))); return f; };
  const groups = new Map();
  for (const [path, item] of Object.entries(doc.paths || {})) for (const [method, op] of Object.entries(item)) {
    const tag = (op.tags || ['other'])[0];
    if (!groups.has(tag)) groups.set(tag, []);
    groups.get(tag).push({ path, method, op });
  }
  main.textContent = '';
  for (const [tag, routes] of [...groups].sort((a, b) => a[0].localeCompare(b[0]))) {
    const section = el('section'); section.append(el('h2', tag));
    for (const { path, method, op } of routes) {
      const d = el('details'), s = el('summary');
      s.append(el('span', method.toUpperCase(), 'm'), el('code', path), el('small', '  ' + (op.summary || '')));
      d.append(s);
      const who = op.security ? 'Bearer' + (op['x-roles'] ? ', roles ' + op['x-roles'].join(', ') : '') + (op['x-scope'] ? ', key scope ' + op['x-scope'] : '') : 'public';
      d.append(el('p', 'Access: ' + who));
      if (op.parameters) d.append(block('Parameters', op.parameters));
      if (op.requestBody) d.append(block('Body', op.requestBody.content));
      d.append(block('Answers', op.responses));
      d.dataset.find = (method + ' ' + path + ' ' + (op.summary || '')).toLowerCase();
      section.append(d);
    }
    main.append(section);
  }
  document.getElementById('q').addEventListener('input', (e) => {
    const q = e.target.value.toLowerCase();
    for (const d of main.querySelectorAll('details')) d.hidden = !d.dataset.find.includes(q);
  });
})();`;
