// The rest of the report, in the order in which people ask.

function section(id, ...content) {
  const children = content.flat().filter(Boolean);
  if (children.length === 0) return;
  byId(id).hidden = false;
  byId(id).querySelector('.list').replaceChildren(...children);
}

function omission(list, what) {
  const one = omitted[list];
  return one && el('p', { class: 'note' }, `${number(one.of - one.kept)} more ${what} are not in this page: `,
    el('code', {}, '--format json'), ' writes them all.');
}

function drawHead() {
  const { totals, ledger } = report;
  const [first, last] = [parse(totals.first), parse(totals.last)];
  const time = first == null ? 'no times'
    : `${day(first, !sameDay(first, last) && span.years)} ${clock(first, false)} to ${sameDay(first, last) ? '' : day(last, true) + ' '}${clock(last, false)} UTC`;
  byId('about').textContent = `${plural(totals.inputs, 'file')}, ${bytes(totals.bytes)}, ${plural(totals.events, 'event')}, ${time}`;
  const filtered = totals.filtered > 0 ? `${number(totals.filtered)} left out by filters` : null;
  const lists = Object.fromEntries(['findings', 'unexplained'].map(name => [name, report[name].length]));
  const total = omitted.findings ? omitted.findings.of : found.length;
  const numbers = [
    ['Errors', number(totals.failures), totals.failures > 0 ? 'bad' : ''], ['Warnings', number(report.levels.WARNING), ''],
    report.incidents.length > 0 && ['Incidents', number(omitted.incidents ? omitted.incidents.of : report.incidents.length), 'bad'],
    ['Findings', number(total), ''],
    lists.unexplained > 0 && !omitted.findings && ['Unexplained', number(lists.unexplained), ''],
    totals.understood != null && ['Understood', percent(totals.understood), ledger.unparsed_bytes > 0 ? '' : 'good'],
  ].filter(Boolean);
  byId('totals').replaceChildren(...numbers.map(([name, value, tone]) =>
    el('div', { class: tone || null }, el('dt', {}, name), el('dd', {}, value))));
  if (filtered) byId('about').append(`; ${filtered}`);
  byId('problems').replaceChildren(...report.problems.slice(0, 20).map(one =>
    el('p', {}, 'Could not be read: ', el('code', {}, one.path), ` ${one.error}`)));
}

function drawIncidents() {
  if (found.length === 0 && report.incidents.length === 0) {
    section('incidents', el('p', { class: 'calm' }, report.totals.events === 0 ? 'There is no event to report.'
      : 'Nothing that a rule knows, and no error that none knows.'));
    return;
  }
  section('incidents', report.incidents.map((incident, index) => {
    const [from, to] = [parse(incident.start), parse(incident.end)];
    const head = [
      el('span', { class: 'rank' }, incident.rank), level(incident.level), el('span', { class: 'title' }, incident.title),
      el('span', { class: 'count' }, plural(incident.failures, 'failure'),
        incident.findings.length > 1 && ` of ${incident.findings.length} findings`),
      el('span', { class: 'when' }, stretch(from, to)),
    ];
    const details = entry({ 'data-incident': incident.rank }, head, () => incidentBody(incident));
    if (index === 0) reopen(details);
    return details;
  }), omission('incidents', 'incidents'));
}

function incidentBody(incident) {
  const [from, to] = [parse(incident.start), parse(incident.end)];
  const zoom = !span.empty && el('button', { type: 'button' }, 'Show this time');
  if (zoom) zoom.addEventListener('click', () => {
    const margin = Math.max((to - from) * 0.1, span.width);
    setTime(from - margin, to + margin);
    update();
    byId('time').scrollIntoView({ block: 'start' });
  });
  return [
    el('div', { class: 'story' }, incident.statements.map(sentence)),
    el('dl', { class: 'facts' },
      fact('Suspects', el('ol', { class: 'suspects' }, incident.suspects.map(suspect => el('li', {},
        reference(suspect.finding, suspect.title), suspect.component ? ` in ${suspect.component}` : '',
        el('span', { class: 'confidence' }, ` ${Math.round(suspect.confidence * 100)} %`), suspect.reasons.map(sentence))))),
      fact('Lasted', to > from && duration(to - from)),
      fact('Hosts', incident.hosts && (incident.hosts.name || `${number(incident.hosts.count)}${incident.hosts.partial ? ' and more' : ''} failed alike`)),
      fact('Components', incident.components.length > 0 && el('ul', { class: 'row' }, incident.components.map(one =>
        el('li', {}, one.name || '(none)', el('span', { class: 'quiet' }, ` ${plural(one.failures, 'error')} from ${moment(parse(one.first))}`))))),
      fact('Findings', incident.findings.length > 0 && el('ul', { class: 'row' }, incident.findings.map(rank => el('li', {}, reference(rank)))))),
    zoom,
  ];
}

const chance = value => value < 0.0001 ? '< 0.0001' : value.toFixed(4);

function drawChanges() {
  section('changes', report.changes.map(change => entry({}, [
    el('span', { class: `kind ${change.kind}` }, change.kind), el('span', { class: 'title' }, change.statement.text),
    el('span', { class: 'when' }, change.end == null ? `from ${moment(parse(change.start))}` : stretch(parse(change.start), parse(change.end))),
  ], () => [
    sampleLines(change.sample),
    el('dl', { class: 'facts' }, fact('What', change.name), fact('Seen', `${number(change.observed)}, expected ${number(change.expected)}`),
      fact('By chance', chance(change.chance)), fact('Lines', change.statement.citations.length > 0 && sentence({ text: '', citations: change.statement.citations }))),
  ])), omission('changes', 'changes'));
}

function drawComparison() {
  const { comparison } = report;
  if (!comparison) return;
  section('comparison',
    el('p', { class: 'note' }, `${plural(comparison.events, 'event')} here, ${number(comparison.baseline_events)} in `, el('code', {}, comparison.baseline), comparison.note ? `; ${comparison.note}.` : '.'),
    comparison.differences.length === 0 && el('p', { class: 'calm' }, 'No difference that chance does not explain.'),
    comparison.differences.map(one => entry({}, [
      el('span', { class: `kind ${one.kind}` }, one.kind), el('span', { class: 'title' }, one.statement.text),
      el('span', { class: 'when' }, `${number(one.there)} → ${number(one.here)}`),
    ], () => [
      sampleLines(one.sample),
      el('dl', { class: 'facts' }, fact('What', one.name), fact('By chance', chance(one.chance)),
        fact('Lines', one.statement.citations.length > 0 && sentence({ text: '', citations: one.statement.citations }))),
    ])), omission('differences', 'differences'));
}

function drawComponents() {
  if (report.components.length === 0) return;
  section('components', table('Components', ['Component', 'Errors#', 'Warnings#', 'Events#', 'Errors by time'],
    report.components.map(one => [el('code', {}, one.name), number(one.failures), number(one.levels.WARNING || 0), number(one.events),
      one.failure_series ? sparkline(one.failure_series, 'ERROR') : ''])), omission('components', 'components'));
}

const ledgerParts = [
  ['event_bytes', 'in lines that began an event'], ['joined_bytes', 'in lines that belong to the event before'],
  ['blank_bytes', 'in empty lines'], ['truncated_bytes', 'cut off from overlong events'], ['skipped_bytes', 'byte order marks'],
];

function ledgerFacts(ledger) {
  const rest = ledger.bytes - ledger.accounted;
  return el('dl', { class: 'ledger' },
    ledgerParts.filter(([key]) => ledger[key] > 0).map(([key, name]) =>
      el('div', {}, el('dd', {}, number(ledger[key])), el('dt', {}, name))),
    el('div', { class: 'sum' }, el('dd', {}, number(ledger.bytes)), el('dt', {}, rest === 0 ? 'bytes read, each accounted for' : `bytes read, ${number(rest)} not accounted for`)),
    ledger.unparsed_bytes > 0 && el('div', {}, el('dd', {}, number(ledger.unparsed_bytes)), el('dt', {}, `of them in ${plural(ledger.unparsed_events, 'event')} that no format of the file understood`)));
}

function lossEntry(loss) {
  const files = loss.reason === 'unread' || loss.reason === 'no_text';
  return entry({ class: 'entry loss' }, [
    el('span', { class: 'title' }, `${plural(loss.count, files ? 'file' : 'event')} ${loss.meaning}`),
    el('span', { class: 'count' }, files ? '' : bytes(loss.bytes)),
  ], () => [
    loss.message && el('p', { class: 'error' }, loss.message), loss.samples.map(sampleLines),
    el('dl', { class: 'facts' }, fact('What to do', prose(loss.hint)),
      fact('Files', el('ul', { class: 'row' }, loss.inputs.slice(0, 10).map(path => el('li', {}, el('code', {}, path))), loss.inputs.length > 10 && el('li', {}, 'and others')))),
  ]);
}

function timeNote(note) {
  return entry({ class: 'entry loss' }, [el('span', { class: 'title' }, `Times: ${note.meaning}`), el('span', { class: 'count' }, note.guess ? 'assumed' : '')],
    () => [el('dl', { class: 'facts' }, fact('What to do', prose(note.hint)),
      fact('Files', el('ul', { class: 'row' }, note.inputs.slice(0, 10).map(path => el('li', {}, el('code', {}, path))), note.inputs.length > 10 && el('li', {}, 'and others'))))]);
}

function drawFiles() {
  if (report.inputs.length === 0) return;
  section('files',
    el('div', { class: 'card' }, ledgerFacts(report.ledger)), report.losses.map(lossEntry), report.times.map(timeNote),
    report.losses.length + report.times.length > 0 && el('h3', {}, 'Each file'),
    report.inputs.map(input => {
      const { ledger } = input;
      const share = ledger.bytes > 0 ? 1 - ledger.unparsed_bytes / ledger.bytes : null;
      const said = input.error ? el('span', { class: 'level ERROR' }, 'not read') : input.skipped ? 'left alone' : input.formats.join(', ') || 'no format known';
      return entry({ class: 'entry file' }, [
        el('code', { class: 'title' }, input.path), el('span', { class: 'when' }, said),
        el('span', { class: 'count' }, bytes(ledger.bytes)), el('span', { class: 'share' }, share == null ? '' : percent(share)),
      ], () => [
        input.error && el('p', { class: 'error' }, input.error), input.skipped && el('p', {}, input.skipped),
        ledgerFacts(ledger),
        el('dl', { class: 'facts' }, fact('Lines', number(ledger.lines)), fact('Events', number(ledger.events)),
          fact('Compression', input.compression), fact('Year', input.inferred_year && `${input.inferred_year}, inferred`), fact('Zone', input.times.zone),
          fact('Back in time', input.times.backward_events > 0 && `${plural(input.times.backward_events, 'event')}, ${number(input.times.backward_jumps)} by more than an hour`)),
        input.unparsed && [el('p', { class: 'note' }, 'The first line that no format understood:'), sampleLines(input.unparsed)],
      ]);
    }), omission('inputs', 'files'));
}

function drawTemplates() {
  section('templates', report.templates.map(one => {
    const worst = levels.find(name => one.levels[name]);
    return entry({ class: 'entry' }, [
      level(worst || 'NONE'), el('span', { class: 'title template' }, one.text || '(empty)'),
      el('span', { class: 'count' }, `${number(one.count)}×`), sparkline(one.series, worst),
      el('span', { class: 'when' }, stretch(parse(one.first), parse(one.last))),
    ], () => [
      sampleLines(one.sample),
      el('dl', { class: 'facts' }, fact('Component', one.component), fact('Levels', levels.filter(name => one.levels[name]).map(name => `${name} ${number(one.levels[name])}`).join(', ')),
        fact('Template', el('code', {}, one.id)), fact('Unexplained', one.unexplained > 0 && number(one.unexplained))),
      one.warned_statuses.length > 0 && table('Warnings by status', ['Status', 'Events#', 'Time', 'First'], one.warned_statuses.map(warned => [
        warned.status, number(warned.count), stretch(parse(warned.first), parse(warned.last)), el('code', {}, `${warned.sample.source}:${warned.sample.line}`)])),
      one.parameters && one.parameters.length > 0 && parameters(one),
    ]);
  }), omission('templates', 'messages'));
}

function parameters(template) {
  return table('Parameters', ['What varies', 'Kind', 'Median#', '99 %#', 'Largest#', 'Values'], template.parameters.map(one => {
    const { distribution } = one;
    const quantity = value => value == null ? '' : one.kind === 'bytes' ? bytes(value) : one.kind === 'duration' ? duration(value * 1000) : number(value);
    const largest = distribution && el('span', { title: distribution.largest ? `${distribution.largest.source}:${distribution.largest.line}` : null }, quantity(distribution.maximum));
    return [one.name, one.kind, distribution ? quantity(distribution.p50) : '', distribution ? quantity(distribution.p99) : '', largest || '',
      one.values.length > 0 ? [one.values.map((value, index) => [index > 0 ? ', ' : '', el('code', {}, value.text), ` ${number(value.count)}×`]),
        one.distinct > one.values.length ? el('span', { class: 'quiet' }, `, about ${number(one.distinct)} in all`) : ''] : ''];
  }));
}

function drawNotes() {
  const dropped = Object.entries(report.dropped);
  const left = Object.entries(report.omitted_findings || {});
  section('notes',
    left.length > 0 && el('p', {}, `Findings not in this page: ${left.map(([name, count]) => `${number(count)} ${name}`).join(', ')}. `, el('code', {}, '--format json'), ' writes them all.'),
    dropped.length > 0 && el('p', {}, `Events that filters dropped: ${dropped.map(([name, count]) => `${number(count)} by ${name}`).join(', ')}.`),
    report.warnings.map(text => el('p', {}, text)), omission('warnings', 'warnings'),
    report.metrics.length > 0 && table('Metrics', ['Metric', 'Labels', 'Value#'], report.metrics.map(one => [
      el('code', {}, one.name), Object.entries(one.labels).map(([name, value]) => `${name}=${value}`).join(' '),
      one.kind === 'histogram' ? `${number(one.count)} with sum ${number(one.sum)}` : number(one.value)])),
    omission('metrics', 'metrics'));
}
