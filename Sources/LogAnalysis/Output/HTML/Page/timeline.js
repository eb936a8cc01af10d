// Events by time: stacked levels, a path for each, over a strip that shows the whole. The time in view is a filter.

const timeline = (() => {
  const buckets = report.timeline.buckets
    .map(bucket => ({ start: Date.parse(bucket.start), levels: bucket.levels }))
    .filter(bucket => Number.isFinite(bucket.start));
  const chart = byId('chart');
  const overview = byId('overview');
  const height = 150;
  const stackOrder = levels;
  let columns = [];

  /// The counts of so many columns between two moments; a bucket counts where its middle is.
  function resample(from, to, count) {
    const result = Array.from({ length: count }, () => ({}));
    for (const bucket of buckets) {
      if (bucket.start + span.width <= from || bucket.start >= to) continue;
      const middle = Math.min(Math.max(bucket.start + span.width / 2, from), to - 1);
      const column = result[Math.floor((middle - from) / (to - from) * count)];
      for (const name in bucket.levels) column[name] = (column[name] || 0) + bucket.levels[name];
    }
    return result;
  }

  const total = column => levels.reduce((sum, name) => sum + (state.levels.has(name) ? column[name] || 0 : 0), 0);

  function stacks(columns, width, height) {
    const highest = Math.max(1, ...columns.map(total));
    const step = width / columns.length;
    const gap = step >= 4 ? 1 : 0;
    const paths = Object.fromEntries(levels.map(name => [name, '']));
    columns.forEach((column, index) => {
      let bottom = height;
      for (const name of stackOrder) {
        const count = state.levels.has(name) ? column[name] || 0 : 0;
        if (count === 0) continue;
        // One event among thousands is still to be seen.
        const tall = Math.max(count / highest * (height - 4), 1.5);
        paths[name] += `M${(index * step).toFixed(1)} ${(bottom - tall).toFixed(1)}h${(step - gap).toFixed(1)}v${tall.toFixed(1)}h${(gap - step).toFixed(1)}z`;
        bottom -= tall;
      }
    });
    return { highest, paths: levels.filter(name => paths[name]).map(name => svg('path', { class: name, d: paths[name] })) };
  }

  function ticks(from, to, width) {
    const sizes = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10800, 21600, 43200, 86400, 172800,
      604800, 2592000, 7776000, 31536000].map(seconds => seconds * 1000);
    const size = sizes.find(size => (to - from) / size <= width / 90) || (to - from);
    const result = [];
    for (let at = Math.ceil(from / size) * size; at < to; at += size) {
      const text = size >= 86400000 ? day(at, size >= 2592000000) : clock(at, size < 60000);
      const isMidnight = size < 86400000 && at % 86400000 === 0;
      result.push({ at, text: isMidnight ? day(at, false) : text });
    }
    return result;
  }

  function marks(width, x) {
    const result = [];
    let taken = -Infinity;
    for (const incident of report.incidents) {
      const from = parse(incident.start);
      const to = parse(incident.end);
      if (to < state.from || from > state.to) continue;
      const left = Math.max(x(from), 0);
      const right = Math.min(Math.max(x(to), left + 3), width);
      result.push(
        svg('rect', { class: `incident ${incident.level}`, x: left, y: 0, width: Math.max(right - left, 3), height: 5 },
          svgTitle(`Incident ${incident.rank}: ${incident.title}`)));
      if (left < taken) continue;
      taken = left + 14;
      const label = svg('text', { class: 'mark', x: Math.min(left, width - 10), y: 17 });
      label.textContent = incident.rank;
      result.push(label);
    }
    for (const change of report.changes) {
      const at = parse(change.start);
      if (at == null || at < state.from || at > state.to) continue;
      result.push(svg('path', { class: 'change', d: `M${x(at)} ${height - 1}l-4 7h8z` },
        svgTitle(`${change.kind}: ${change.name}`)));
    }
    return result;
  }

  function svgTitle(text) {
    const title = svg('title', {});
    title.textContent = text.replace(new RegExp(hidden, 'g'), '\ufffd');
    return title;
  }

  function draw() {
    if (span.empty) return;
    const width = Math.max(chart.clientWidth, 200);
    const { from, to } = state;
    const most = Math.max(Math.round((to - from) / span.width), 1);
    const count = Math.min(Math.floor(width / 4), most);
    columns = resample(from, to, count);
    const drawn = stacks(columns, width, height);
    const x = ms => (ms - from) / (to - from) * width;
    const axis = ticks(from, to, width).flatMap(tick => {
      const text = svg('text', { class: 'tick', x: x(tick.at) + 3, y: height + 16 });
      text.textContent = tick.text;
      const fits = x(tick.at) + 3 + tick.text.length * 7 < width;
      return [svg('line', { class: 'grid', x1: x(tick.at), x2: x(tick.at), y1: 0, y2: height + 18 }), ...(fits ? [text] : [])];
    });
    const image = svg('svg', { viewBox: `0 0 ${width} ${height + 22}`, width, height: height + 22, 'aria-hidden': 'true' },
      ...axis, ...drawn.paths,
      svg('line', { class: 'base', x1: 0, x2: width, y1: height + 0.5, y2: height + 0.5 }), ...marks(width, x),
      svg('rect', { class: 'brush', x: 0, y: 0, width: 0, height }));
    chart.replaceChildren(image);
    drawOverview(width);
    describe(drawn.highest, (to - from) / count);
  }

  function drawOverview(width) {
    const small = 26;
    const x = ms => (ms - span.from) / (span.to - span.from) * width;
    const count = Math.min(Math.floor(width / 2), Math.max(Math.round((span.to - span.from) / span.width), 1));
    const drawn = stacks(resample(span.from, span.to, count), width, small);
    overview.hidden = !isZoomed();
    overview.replaceChildren(svg('svg', { viewBox: `0 0 ${width} ${small}`, width, height: small },
      ...drawn.paths,
      svg('rect', { class: 'outside', x: 0, y: 0, width: x(state.from), height: small }),
      svg('rect', { class: 'outside', x: x(state.to), y: 0, width: width - x(state.to), height: small }),
      svg('rect', { class: 'window', x: x(state.from), y: 0.5, width: Math.max(x(state.to) - x(state.from), 2), height: small - 1 })));
  }

  function describe(highest, width) {
    const sums = {};
    for (const column of columns) for (const name in column) sums[name] = (sums[name] || 0) + column[name];
    const parts = levels.filter(name => state.levels.has(name) && sums[name])
      .map(name => ['ERROR', 'WARNING'].includes(name) ? plural(sums[name], name.toLowerCase()) : `${number(sums[name])} ${name.toLowerCase()}`);
    const last = Math.max(state.to - span.width, state.from);
    const days = sameDay(state.from, last) ? `${day(state.from, true)}, ${clock(state.from)} – ${clock(state.to)}`
      : `${day(state.from, true)} ${clock(state.from)} – ${day(state.to, true)} ${clock(state.to)}`;
    byId('range').textContent = `${days} UTC: ${parts.length > 0 ? `${parts.join(', ')}; peak ${number(highest)} in ${duration(width)}` : 'nothing of these levels'}`;
  }

  function show(from, to) {
    setTime(from, to);
    update();
  }

  function zoom(factor, at = (state.from + state.to) / 2) {
    show(at - (at - state.from) * factor, at + (state.to - at) * factor);
  }

  function pan(share) {
    const by = (state.to - state.from) * share;
    show(state.from + by, state.to + by);
  }

  const moves = {
    left: () => pan(-0.25), right: () => pan(0.25), in: () => zoom(0.5), out: () => zoom(2),
    all: () => show(span.from, span.to),
  };
  const keys = {
    ArrowLeft: 'left', ArrowRight: 'right', '+': 'in', '=': 'in', ArrowUp: 'in', '-': 'out', ArrowDown: 'out',
    '0': 'all', Home: 'all',
  };

  function start() {
    if (span.empty) return;
    byId('time').hidden = false;
    chart.addEventListener('keydown', event => {
      const move = keys[event.key];
      if (!move || event.ctrlKey || event.metaKey || event.altKey) return;
      event.preventDefault();
      moves[move]();
    });
    for (const button of document.querySelectorAll('[data-move]')) {
      button.addEventListener('click', () => moves[button.dataset.move]());
    }
    // A wheel that only passes by scrolls the page: it zooms with Ctrl, or where the chart has the focus.
    chart.addEventListener('wheel', event => {
      if (!event.ctrlKey && document.activeElement !== chart) return;
      event.preventDefault();
      zoom(event.deltaY < 0 ? 0.8 : 1.25, timeAt(event, chart, state.from, state.to));
    }, { passive: false });
    drag(chart, () => [state.from, state.to], (from, to) => show(from, to), brush);
    drag(overview, () => [span.from, span.to], (from, to) => show(from, to), () => {});
    chart.addEventListener('pointermove', hover);
    chart.addEventListener('pointerleave', () => { byId('readout').textContent = hint; });
    chart.addEventListener('dblclick', moves.all);
    byId('readout').textContent = hint;
    let width = chart.clientWidth;
    new ResizeObserver(() => {
      if (chart.clientWidth === width) return;
      width = chart.clientWidth;
      draw();
    }).observe(chart);
  }

  const hint = 'Drag to zoom; findings follow the time shown.';

  function timeAt(event, element, from, to) {
    const box = element.getBoundingClientRect();
    return from + Math.min(Math.max((event.clientX - box.left) / box.width, 0), 1) * (to - from);
  }

  function drag(element, range, done, moved) {
    let began = null;
    let pressed = 0;
    element.addEventListener('pointerdown', event => {
      if (event.button !== 0) return;
      began = timeAt(event, element, ...range());
      pressed = event.clientX;
      element.setPointerCapture(event.pointerId);
    });
    element.addEventListener('pointermove', event => {
      if (began != null) moved(began, timeAt(event, element, ...range()));
    });
    element.addEventListener('pointerup', event => {
      if (began == null) return;
      const ended = timeAt(event, element, ...range());
      const first = began;
      began = null;
      moved(0, 0);
      if (Math.abs(event.clientX - pressed) > 4) done(Math.min(first, ended), Math.max(first, ended));
    });
    element.addEventListener('pointercancel', () => { began = null; moved(0, 0); });
  }

  function brush(from, to) {
    const rect = chart.querySelector('.brush');
    const x = ms => (ms - state.from) / (state.to - state.from) * chart.clientWidth;
    rect.setAttribute('x', Math.max(x(Math.min(from, to)), 0));
    rect.setAttribute('width', from === to ? 0 : Math.abs(x(to) - x(from)));
  }

  function hover(event) {
    if (columns.length === 0) return;
    const width = (state.to - state.from) / columns.length;
    const index = Math.min(Math.floor((timeAt(event, chart, state.from, state.to) - state.from) / width), columns.length - 1);
    const parts = levels.filter(name => columns[index][name]).map(name => `${name} ${number(columns[index][name])}`);
    const start = state.from + index * width;
    byId('readout').textContent = `${moment(start)} + ${duration(width)}: ${parts.join(', ') || 'nothing'}`;
  }

  return { start, draw };
})();

/// A small picture of a series over a stretch of time.
function sparkline(series, className, from = span.from, to = span.to) {
  const width = 96;
  const height = 18;
  const bars = 48;
  const counts = new Array(bars).fill(0);
  if (series && !span.empty) {
    const size = series.width_seconds * 1000;
    const start = Date.parse(series.start);
    for (const [index, count] of series.buckets) {
      const begin = start + index * size;
      if (begin + size <= from || begin >= to) continue;
      const middle = Math.min(Math.max(begin + size / 2, from), to - 1);
      counts[Math.floor((middle - from) / (to - from) * bars)] += count;
    }
  }
  const highest = Math.max(1, ...counts);
  const path = counts.map((count, index) => {
    const tall = count === 0 ? 0 : Math.max(count / highest * height, 2);
    return tall === 0 ? '' : `M${index * 2} ${(height - tall).toFixed(1)}h1.6v${tall.toFixed(1)}h-1.6z`;
  }).join('');
  return svg('svg', { class: `sparkline ${className || ''}`, viewBox: `0 0 ${width} ${height}`, width, height, 'aria-hidden': 'true' },
    svg('line', { class: 'base', x1: 0, x2: width, y1: height - 0.25, y2: height - 0.25 }), svg('path', { d: path }));
}
