// What is shown: the report, the filters, and both in the address, so that a view can be sent to somebody.

const report = JSON.parse(byId('report').textContent);
const omitted = Object.fromEntries((report.omitted || []).map(one => [one.list, one]));
const found = [...report.findings, ...report.unexplained].sort((a, b) => a.rank - b.rank);
const byRank = new Map(found.map(finding => [finding.rank, finding]));

/// First and last moment of the report, and how times are written for it.
const span = (() => {
  const buckets = report.timeline.buckets.map(bucket => Date.parse(bucket.start)).filter(Number.isFinite);
  const width = report.timeline.width_seconds * 1000;
  if (buckets.length === 0) return { from: 0, to: 0, width, empty: true, oneDay: false, years: false };
  const from = buckets[0];
  const to = buckets[buckets.length - 1] + width;
  const last = to - width;
  const years = new Date(from).getUTCFullYear() !== new Date(last).getUTCFullYear();
  return { from, to, width, empty: false, oneDay: sameDay(from, last), years };
})();

/// Components that incidents name for a finding.
const suspected = rank => report.incidents.flatMap(one => one.suspects).filter(one => one.finding === rank).map(one => one.component);

for (const finding of found) {
  finding.from = parse(finding.first);
  finding.to = parse(finding.last);
  finding.name = finding.title || [finding.template, finding.status].filter(Boolean).join(': ');
  const cases = finding.cases || [];
  finding.files = new Set([finding.sample.source, ...cases.map(one => one.source), ...finding.places.files.map(one => one.name)]);
  finding.names = new Set([finding.component, ...suspected(finding.rank), ...finding.places.components.map(one => one.name)].filter(Boolean));
  finding.text = [
    finding.name, finding.rule, finding.cause, finding.sample.text, ...finding.names,
    ...finding.files, ...Object.values(finding.captures || {}), ...cases.map(one => one.message),
  ].filter(Boolean).join('\n').toLowerCase();
}

const noLevels = () => new Set(levels.filter(name => {
  const isGrave = levels.indexOf(name) <= levels.indexOf('WARNING');
  return isGrave || found.some(finding => finding.level === name) || report.totals.failures === 0;
}));

const state = { query: '', levels: noLevels(), component: '', file: '', from: span.from, to: span.to };
const isZoomed = () => state.from > span.from || state.to < span.to;
const isSame = (a, b) => a.size === b.size && [...a].every(one => b.has(one));
const isFiltered = () => state.query !== '' || state.component !== '' || state.file !== '' || isZoomed()
  || !isSame(state.levels, noLevels());

function isShown(finding) {
  if (!state.levels.has(finding.level)) return false;
  if (state.component && !finding.names.has(state.component)) return false;
  if (state.file && !finding.files.has(state.file)) return false;
  if (isZoomed() && (finding.from == null || finding.from >= state.to || finding.to < state.from)) return false;
  return state.query.toLowerCase().split(/\s+/).every(word => finding.text.includes(word));
}

function setTime(from, to) {
  const least = Math.min(Math.max(span.width, 1000), span.to - span.from);
  const length = Math.min(Math.max(to - from, least), span.to - span.from);
  state.from = Math.round(Math.min(Math.max(from, span.from), span.to - length));
  state.to = Math.round(state.from + length);
}

function clearFilters() {
  Object.assign(state, { query: '', levels: noLevels(), component: '', file: '', from: span.from, to: span.to });
}

function writeAddress() {
  const parts = new URLSearchParams();
  if (state.query) parts.set('q', state.query);
  if (!isSame(state.levels, noLevels())) parts.set('level', [...state.levels].join(','));
  if (state.component) parts.set('component', state.component);
  if (state.file) parts.set('file', state.file);
  if (isZoomed()) parts.set('time', [state.from, state.to].map(ms => new Date(ms).toISOString()).join('/'));
  const open = [...document.querySelectorAll('.entry[data-rank][open]')].map(entry => entry.dataset.rank);
  if (open.length > 0 && open.length <= 20) parts.set('open', open.join(','));
  const text = parts.toString();
  if (text === location.hash.slice(1)) return;
  try {
    history.replaceState(null, '', text ? '#' + text : location.pathname + location.search);
  } catch {
    // Browsers refuse too many changes in a short time; the next one writes it.
  }
}

/// Takes the filters from the address; gives the ranks of the findings that are to be open.
function readAddress() {
  const parts = new URLSearchParams(location.hash.slice(1));
  clearFilters();
  state.query = parts.get('q') || '';
  state.component = parts.get('component') || '';
  state.file = parts.get('file') || '';
  if (parts.has('level')) state.levels = new Set(parts.get('level').split(',').filter(name => levels.includes(name)));
  const [from, to] = (parts.get('time') || '').split('/').map(text => Date.parse(text));
  if (Number.isFinite(from) && Number.isFinite(to) && from < to) setTime(from, to);
  return (parts.get('open') || '').split(',').map(Number).filter(rank => byRank.has(rank));
}
