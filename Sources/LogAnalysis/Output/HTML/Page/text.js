'use strict';
// Elements, text and numbers. Everything that comes out of logs goes through `write`: it becomes text, never markup.

const levels = ['CRITICAL', 'ERROR', 'WARNING', 'INFO', 'DEBUG', 'TRACE', 'NONE'];
const byId = id => document.getElementById(id);

/// An element with attributes and children; strings among the children are written as text.
function el(name, attributes, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes || {})) {
    if (value === true) element.setAttribute(key, '');
    else if (value !== false && value != null) element.setAttribute(key, value);
  }
  for (const child of children.flat(Infinity)) {
    if (child == null || child === false) continue;
    if (child instanceof Node) element.append(child);
    else write(element, String(child));
  }
  return element;
}

function svg(name, attributes, ...children) {
  const element = document.createElementNS('http://www.w3.org/2000/svg', name);
  for (const [key, value] of Object.entries(attributes || {})) element.setAttribute(key, value);
  element.append(...children);
  return element;
}

// Controls, and marks that turn or hide text: shown as what they are.
const hidden = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/;

function write(element, text) {
  let rest = text.replace(/\r\n?/g, '\n');
  for (let at = rest.search(hidden); at >= 0; at = rest.search(hidden)) {
    const code = rest.charCodeAt(at);
    const mark = document.createElement('span');
    mark.className = 'hidden-character';
    const name = 'U+' + code.toString(16).toUpperCase().padStart(4, '0');
    mark.textContent = code < 0x100 ? '\\x' + code.toString(16).padStart(2, '0') : name;
    mark.title = name;
    element.append(rest.slice(0, at), mark);
    rest = rest.slice(at + 1);
  }
  element.append(rest);
}

const grouped = new Intl.NumberFormat('en-US', { maximumFractionDigits: 1 });
const precise = new Intl.NumberFormat('en-US', { maximumSignificantDigits: 3 });
const number = value => Math.abs(value) < 10 ? precise.format(value) : grouped.format(value);
const short = new Intl.NumberFormat('en-US', { notation: 'compact', maximumFractionDigits: 1 });
const plural = (count, one, many) => `${number(count)} ${count === 1 ? one : many || one + 's'}`;

function bytes(count) {
  const units = ['B', 'kB', 'MB', 'GB', 'TB', 'PB'];
  let unit = 0;
  let value = count;
  while (value >= 1000 && unit < units.length - 1) { value /= 1000; unit += 1; }
  return `${unit === 0 || value >= 100 ? Math.round(value) : value.toFixed(1)} ${units[unit]}`;
}

/// A share in percent that says 100 only of all.
function percent(share) {
  const value = Math.floor(share * 10000) / 100;
  return share >= 1 ? '100 %' : `${value >= 10 && value < 99 ? value.toFixed(1) : value.toFixed(2)} %`;
}

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const two = value => String(value).padStart(2, '0');
const parse = time => time == null ? null : Date.parse(time);

function day(ms, withYear) {
  const date = new Date(ms);
  const text = `${date.getUTCDate()} ${months[date.getUTCMonth()]}`;
  return withYear ? `${text} ${date.getUTCFullYear()}` : text;
}

function clock(ms, withSeconds = true) {
  const date = new Date(ms);
  const text = `${two(date.getUTCHours())}:${two(date.getUTCMinutes())}`;
  return withSeconds ? `${text}:${two(date.getUTCSeconds())}` : text;
}

const sameDay = (a, b) => Math.floor(a / 86400000) === Math.floor(b / 86400000);

/// Day and time; the day is left out where the whole report is of one.
function moment(ms) {
  if (ms == null) return 'no time';
  return span.oneDay ? clock(ms) : `${day(ms, span.years)} ${clock(ms)}`;
}

function stretch(from, to) {
  if (from == null) return 'no time';
  if (to == null || to - from < 1000) return moment(from);
  return `${moment(from)} – ${sameDay(from, to) ? clock(to) : moment(to)}`;
}

function duration(ms) {
  const steps = [['d', 86400000], ['h', 3600000], ['min', 60000], ['s', 1000]];
  const [unit, size] = steps.find(([, size]) => ms >= size) || ['ms', 1];
  return `${grouped.format(ms / size)} ${unit}`;
}

/// English with `code` in it.
function prose(text) {
  return text.split('`').map((part, index) => index % 2 === 1 ? el('code', {}, part) : part);
}

const place = (source, line) => el('code', { class: 'place', title: `${source}:${line}` }, `${source}:${line}`);

function level(name) {
  return el('span', { class: `level ${name}` }, name);
}
