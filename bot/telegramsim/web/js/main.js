// The page: the bar on top, the two windows, and what holds them together.

import { agentsWindow } from './agents.js';
import { follow } from './api.js';
import { customerWindow } from './customer.js';
import { h, iconButton, place } from './dom.js';
import { brief } from './media.js';
import { onChange, show, state, waiting } from './store.js';
import { language, t } from './words.js';

const desk = document.getElementById('desk');
const bar = document.getElementById('bar');
const customer = customerWindow();
const agents = agentsWindow();
desk.append(customer.el, agents.el);

const wantsDark = matchMedia('(prefers-color-scheme: dark)');
wantsDark.addEventListener('change', update);

function theme() {
  return state.view.theme || (wantsDark.matches ? 'dark' : 'light');
}

let barMark;

function update() {
  document.documentElement.dataset.theme = theme();
  desk.dataset.tab = state.view.tab;
  document.title = state.scene.title || document.title;
  const mark = [state.scene.title, state.online, language(), theme(), state.view.tab, ...Object.values(waiting())].join();
  if (mark !== barMark) drawBar();
  barMark = mark;
  if (!state.ready) return;
  customer.update();
  agents.update();
}

// drawBar keeps the focus where it was: each control has a name of its own.
function drawBar() {
  const focused = document.activeElement?.dataset?.control;
  const dark = theme() === 'dark';
  const n = waiting();
  const tab = (value) => [value, t(value), value === state.view.tab ? 0 : n[value]];
  place(bar, [
    h('img', { src: 'ui/static/icon.svg', alt: '' }), h('h1', {}, state.scene.title), h('span', { class: 'note' }, t('note')), h('span', { class: 'space' }),
    !state.online && h('span', { class: 'lost', role: 'alert' }, t('lost')),
    segments('tabs', t('view'), [tab('customer'), tab('agents')], state.view.tab, (tab) => show({ tab })),
    segments('', t('language'), [['ru', 'RU'], ['en', 'EN']], language(), (lang) => show({ lang })),
    iconButton(dark ? 'sun' : 'moon', t(dark ? 'toLight' : 'toDark'), () => show({ theme: dark ? 'light' : 'dark' }), 'theme'),
  ].filter(Boolean));
  bar.querySelector('.theme').dataset.control = 'theme';
  if (focused) bar.querySelector(`[data-control="${focused}"]`)?.focus();
}

function segments(extra, label, options, chosen, choose) {
  return h('div', { class: `segments ${extra}`, role: 'group', 'aria-label': label }, options.map(([value, text, count]) => h('button', {
    type: 'button', 'aria-pressed': String(value === chosen), 'data-control': value, onclick: () => choose(value),
  }, text, count > 0 && h('span', { class: 'badge' }, String(count)))));
}

const announcer = document.getElementById('announcer');

// announce reads new messages of the open chats to screen readers.
function announce(m) {
  const open = (m.chat === state.view.customer && (m.thread || 0) === state.view.topic) || (m.chat === state.view.group && (m.thread || 1) === state.view.thread);
  if (!open || m.from_id === state.view.customer || m.from_id === state.view.agent) return;
  announcer.append(h('p', {}, `${m.from}: ${brief(m)}`));
  while (announcer.children.length > 20) announcer.firstChild.remove();
}

// Escape leads from the messages back to the field.
desk.addEventListener('keydown', (e) => {
  if (e.key !== 'Escape' || e.defaultPrevented) return;
  (customer.el.contains(e.target) ? customer : agents).focus();
});

onChange(update);
follow(announce);
update();
