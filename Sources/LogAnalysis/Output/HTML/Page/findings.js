// Findings as entries that open: the line first, then what is known of it. What is inside is made when it opens.

const page = 100;
let limits = { findings: page, unexplained: page };

/// An entry of a list: `head` stands in one line, `body` is called when it opens first.
function entry(attributes, head, body) {
  const details = el('details', { class: 'entry', ...attributes }, el('summary', {}, head));
  details.fill = () => {
    if (details.childElementCount === 1) details.append(el('div', { class: 'body' }, body()));
  };
  details.addEventListener('toggle', () => {
    if (details.open) details.fill();
    writeAddress();
  });
  return details;
}

function findingEntry(finding) {
  const head = [
    el('span', { class: 'rank' }, finding.rank), level(finding.level),
    el('span', { class: finding.rule ? 'title' : 'title template' }, finding.name || '(empty)'),
    el('span', { class: 'count' }, `${number(finding.count)}×`), sparkline(finding.series, finding.level, state.from, state.to),
    el('span', { class: 'when' }, stretch(finding.from, finding.to)),
  ];
  return entry({ id: `finding-${finding.rank}`, 'data-rank': finding.rank }, head, () => findingBody(finding));
}

function findingBody(finding) {
  const cases = finding.cases || [];
  const captures = Object.entries(finding.captures || {});
  return [
    sampleLines(finding.sample),
    furtherSamples(finding),
    el('dl', { class: 'facts' },
      fact('Began', finding.story && sentence({ text: finding.story, citations: finding.story_citations })), fact('Cause', finding.cause && prose(finding.cause)),
      fact('Fix', finding.fix && finding.fix.length > 0 && el('ol', {}, finding.fix.map(step => el('li', {}, prose(step))))),
      fact('Docs', finding.docs && finding.docs.length > 0 && el('ul', { class: 'plain' }, finding.docs.map(page => el('li', {}, link(page))))),
      fact('Mainly', finding.mainly && finding.mainly.text),
      fact('Captured', captures.length > 0 && el('dl', { class: 'pairs' }, captures.map(([name, value]) =>
        el('div', {}, el('dt', {}, name), el('dd', {}, el('code', {}, value)))))),
      fact('Components', places(finding, 'components')), fact('Hosts', places(finding, 'hosts')), fact('Files', places(finding, 'files')),
      fact('Rule', finding.rule && el('code', {}, finding.rule))),
    cases.length > 0 && casesTable(finding, cases),
  ];
}

/// Where its events come from, most first, each with its events.
function places(finding, list) {
  const known = finding.places[list];
  if (known.length === 0) return null;
  const rows = known.map(one => el('li', {}, el('code', {}, one.name), ` ${number(one.count)}`));
  if (finding.places.partial.includes(list)) rows.push(el('li', {}, 'and others'));
  return el('ul', { class: 'row' }, rows);
}

function fact(name, value) {
  if (value == null || value === '' || value === false) return null;
  return el('div', {}, el('dt', {}, name), el('dd', {}, ...(Array.isArray(value) ? value : [value])));
}

/// Only what is a web address becomes a link.
function link(page) {
  const versions = page.versions ? ` (${page.versions})` : '';
  if (!/^https?:\/\//i.test(page.url)) return el('span', {}, `${page.title} ${page.url}`);
  return el('span', {}, el('a', { href: page.url, rel: 'noopener noreferrer', target: '_blank' }, page.title), versions);
}

function sampleLines(sample) {
  const lines = sample.text.split(/\r\n|\n/);
  const shown = lines.map((line, index) => el('span', { class: 'line' },
    el('span', { class: 'line-number', 'aria-hidden': 'true' }, sample.line + index), el('span', { class: 'line-text' }, line)));
  return el('figure', { class: 'sample' },
    el('figcaption', {}, place(sample.source, sample.line), sample.time ? ` ${moment(parse(sample.time))}` : ''),
    el('pre', {}, shown));
}

/// The events behind the first one, a click away.
function furtherSamples(finding) {
  const further = finding.further_samples;
  if (further.length === 0) return null;
  return el('details', { class: 'further' },
    el('summary', {}, `the next ${further.length} of ${number(finding.count)}`), further.map(sampleLines));
}

function casesTable(finding, cases) {
  const rest = finding.count - cases.length;
  return table(`Cases of ${finding.title}`, ['When', 'Whose', 'What', 'Where'], cases.map(one =>
    [moment(parse(one.time)), el('code', {}, one.key || ''), one.message, place(one.source, one.line)]),
  rest > 0 ? `and ${plural(rest, 'more case')}` : null);
}

/// Columns whose name ends in # hold numbers.
function table(name, columns, rows, note) {
  const classes = columns.map(column => column.endsWith('#') ? 'number' : null);
  return el('div', { class: 'scroll', role: 'group', 'aria-label': name, tabindex: '0' },
    el('table', {},
      el('thead', {}, el('tr', {}, columns.map((column, index) =>
        el('th', { scope: 'col', class: classes[index] }, column.replace(/#$/, ''))))),
      el('tbody', {}, rows.map(row => el('tr', {}, row.map((cell, index) => el('td', { class: classes[index] }, cell)))))),
    note && el('p', { class: 'note' }, note));
}

function drawFindings() {
  const open = new Set([...document.querySelectorAll('.entry[data-rank][open]')].map(entry => Number(entry.dataset.rank)));
  const shown = found.filter(isShown);
  drawList('findings', shown.filter(finding => finding.rule), report.findings.length, open);
  drawList('unexplained', shown.filter(finding => !finding.rule), report.unexplained.length, open);
  const text = isFiltered() ? `${number(shown.length)} of ${plural(found.length, 'finding')}` : '';
  byId('matches').textContent = text;
  byId('reset').hidden = !isFiltered();
}

function drawList(id, findings, all, open) {
  const section = byId(id);
  section.hidden = all === 0;
  const list = section.querySelector('.list');
  const entries = findings.slice(0, limits[id]).map(findingEntry);
  for (const one of entries) if (open.has(Number(one.dataset.rank))) reopen(one);
  const rest = findings.length - entries.length;
  const more = rest > 0 && el('button', { type: 'button', class: 'more' }, `Show ${Math.min(rest, page)} of ${number(rest)} more`);
  if (more) more.addEventListener('click', () => {
    limits[id] += page;
    const last = entries.length;
    drawFindings();
    list.querySelectorAll('.entry > summary')[last]?.focus();
  });
  list.replaceChildren(...entries, ...(more ? [more] : []));
  if (findings.length === 0) list.append(el('p', { class: 'note' }, 'None with these filters.'));
}

function reopen(details) {
  details.fill();
  details.open = true;
}

/// Opens a finding that something refers to, whatever hides it now.
function reveal(rank) {
  const finding = byRank.get(rank);
  if (!finding) return;
  if (!isShown(finding)) { clearFilters(); update(); }
  const id = finding.rule ? 'findings' : 'unexplained';
  const position = found.filter(one => !one.rule === !finding.rule && isShown(one)).indexOf(finding);
  if (position >= limits[id]) { limits[id] = position + 1; drawFindings(); }
  const details = byId(`finding-${rank}`);
  if (!details) return;
  reopen(details);
  details.querySelector('summary').focus();
  details.scrollIntoView({ block: 'center' });
}

function reference(rank, text) {
  const finding = byRank.get(rank);
  if (!finding) return el('span', {}, text || `(${rank})`);
  const anchor = el('a', { href: `#finding-${rank}` }, text || `(${rank}) ${finding.name}`);
  anchor.addEventListener('click', event => {
    event.preventDefault();
    reveal(rank);
  });
  return anchor;
}

/// A sentence and the lines that it stands on.
function sentence(statement) {
  const citations = statement.citations.map(one =>
    el('span', { class: 'citation' }, `${number(one.count)}× `, place(one.source, one.line), one.time ? ` ${moment(parse(one.time))}` : ''));
  return el('p', { class: 'statement' }, statement.text, ' ', citations);
}
