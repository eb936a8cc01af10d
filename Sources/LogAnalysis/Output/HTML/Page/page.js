// The page comes to life: controls, keys, colours, print.

function update() {
  drawFindings();
  timeline.draw();
  drawControls();
  writeAddress();
}

function drawControls() {
  if (byId('query').value !== state.query) byId('query').value = state.query;
  byId('component').value = state.component;
  byId('file').value = state.file;
  for (const button of byId('levels').children) {
    button.setAttribute('aria-pressed', String(state.levels.has(button.dataset.level)));
  }
}

function options(select, all, values) {
  select.replaceChildren(el('option', { value: '' }, all), ...values.map(value => el('option', { value }, value)));
  select.hidden = values.length < 2;
}

function startFilters() {
  const names = new Set(report.components.map(one => one.name));
  for (const finding of found) for (const name of finding.names) names.add(name);
  const files = new Set(found.flatMap(finding => [...finding.files]));
  options(byId('component'), 'All components', [...names].filter(name => found.some(one => one.names.has(name))).sort());
  options(byId('file'), 'All files', [...files].sort());
  byId('levels').replaceChildren(...levels.filter(name => report.levels[name] > 0 || found.some(one => one.level === name)).map(name => {
    const button = el('button', { type: 'button', class: `chip ${name}`, 'data-level': name, 'aria-pressed': 'true' },
      name, el('span', { class: 'chip-count' }, ` ${short.format(report.levels[name])}`));
    button.addEventListener('click', () => {
      if (!state.levels.delete(name)) state.levels.add(name);
      update();
    });
    return button;
  }));
  byId('filters').hidden = found.length === 0 && span.empty;
  byId('filters').addEventListener('submit', event => event.preventDefault());
  byId('query').addEventListener('input', event => { state.query = event.target.value; update(); });
  byId('component').addEventListener('change', event => { state.component = event.target.value; update(); });
  byId('file').addEventListener('change', event => { state.file = event.target.value; update(); });
  byId('reset').addEventListener('click', () => { clearFilters(); update(); byId('query').focus(); });
}

function startTheme() {
  const root = document.documentElement;
  const button = byId('theme');
  const dark = matchMedia('(prefers-color-scheme: dark)');
  const isDark = () => root.dataset.theme ? root.dataset.theme === 'dark' : dark.matches;
  const show = () => { button.textContent = isDark() ? 'Light' : 'Dark'; };
  const turn = () => {
    root.dataset.theme = isDark() ? 'light' : 'dark';
    show();
  };
  dark.addEventListener('change', show);
  button.addEventListener('click', turn);
  show();
  return turn;
}

function visibleEntries() {
  return [...document.querySelectorAll('.entry > summary')].filter(summary => summary.offsetParent);
}

function step(by) {
  const all = visibleEntries();
  const focused = document.activeElement.closest?.('.entry');
  const at = focused ? all.indexOf(focused.querySelector('summary')) : by > 0 ? -1 : all.length;
  const next = all[Math.min(Math.max(at + by, 0), all.length - 1)];
  next?.focus();
  next?.scrollIntoView({ block: 'nearest' });
}

function toggleAll() {
  const all = [...document.querySelectorAll('#findings .entry, #unexplained .entry')];
  const open = all.some(one => !one.open);
  for (const one of all) if (open) reopen(one); else one.open = false;
}

function startKeys(turnTheme) {
  const actions = {
    j: () => step(1), k: () => step(-1), e: toggleAll, d: turnTheme, '/': () => byId('query').select(), '?': () => byId('keys').showModal(),
  };
  byId('help').addEventListener('click', actions['?']);
  document.addEventListener('keydown', event => {
    if (event.ctrlKey || event.metaKey || event.altKey || byId('keys').open) return;
    const isTyping = /^(INPUT|SELECT|TEXTAREA)$/.test(event.target.tagName);
    if (event.key === 'Escape') {
      // Out of a field it gives the focus back to the page, whose keys work then.
      if (isTyping) event.target.blur();
      if (state.query) { state.query = ''; update(); }
      else if (!isTyping && isFiltered()) { clearFilters(); update(); }
      return;
    }
    if (isTyping || !actions[event.key]) return;
    event.preventDefault();
    actions[event.key]();
  });
}

/// On paper everything that is shown is open.
function startPrint() {
  let opened = [];
  addEventListener('beforeprint', () => {
    opened = [...document.querySelectorAll('#incidents .entry, #findings .entry, #unexplained .entry, #changes .entry, #comparison .entry')].filter(one => !one.open);
    for (const one of opened) reopen(one);
    const further = [...document.querySelectorAll('details.further')].filter(one => !one.open);
    for (const one of further) one.open = true;
    opened.push(...further);
  });
  addEventListener('afterprint', () => { for (const one of opened) one.open = false; });
}

drawHead();
drawIncidents();
drawChanges();
drawComparison();
drawComponents();
drawFiles();
drawTemplates();
drawNotes();
startFilters();
timeline.start();
const opened = readAddress();
update();
for (const rank of opened) { const one = byId(`finding-${rank}`); if (one) reopen(one); }
addEventListener('hashchange', () => { readAddress(); update(); });
startKeys(startTheme());
startPrint();
