// The right window: the agents' groups with their topics, and the open one.

import { act } from './api.js';
import { accept } from './attach.js';
import { Composer } from './composer.js';
import { statusWord } from './customer.js';
import { avatar, h, hue, icon, iconButton, place, roving } from './dom.js';
import { Feed } from './feed.js';
import { item, menu } from './layers.js';
import { brief } from './media.js';
import { actionIn, agentPlace, agents, group, messagesOf, person, show, state, unread } from './store.js';
import { clock, t } from './words.js';

/** Makes the agents' window; its update() draws it anew. */
export function agentsWindow() {
  const sideHead = h('header', { class: 'side-head' });
  const rows = h('div', { class: 'rows', role: 'listbox' });
  const acting = h('div', { class: 'acting' });
  const side = h('nav', { class: 'side' }, sideHead, rows, acting);
  const head = h('header', { class: 'chat-head' });
  const feed = new Feed(agentPlace, {
    command: (text) => act('send', agentPlace(), { text }),
    reply: (m) => composer.reply(m),
    edit: (m) => composer.edit(m),
    empty: () => h('div', { class: 'empty' }, t('noMessages')),
  });
  const composer = new Composer(agentPlace, feed.toasts);
  const chat = h('section', { class: 'chat', onfocusin: () => { state.view.chosen = true; } }, head, feed.pinned, feed.wall, composer.el, feed.toasts);
  const el = h('section', { class: 'window agents' }, side, chat);
  roving(rows, '.row');
  accept(chat, (files) => composer.take(files));
  const marks = {};
  const redraw = (key, value, draw) => {
    const mark = JSON.stringify([value, t('topics')]);
    if (marks[key] !== mark) draw();
    marks[key] = mark;
  };
  const update = () => {
    const g = group();
    el.setAttribute('aria-label', t('agents'));
    el.dataset.open = state.view.open;
    rows.setAttribute('aria-label', t('topics'));
    redraw('side', g && [g.title, g.members], () => place(sideHead, g ? sideParts(g) : []));
    drawRows(rows);
    redraw('acting', [state.view.agent, agents().map((p) => p.name)], () => place(acting, actingParts()));
    const topic = openTopic(g);
    const status = actionIn(agentPlace());
    redraw('head', [g?.title, topic, status], () => place(head, g ? headParts(g, topic, status) : []));
    chat.setAttribute('aria-label', topic?.name ?? g?.title ?? '');
    feed.update();
    composer.update(g ? { name: topic?.name ?? g.title } : { note: t('noMessages') });
  };
  return { el, update, focus: () => composer.focus() };
}

const openTopic = (g) => g?.topics?.find((topic) => topic.id === state.view.thread);

function sideParts(g) {
  return [avatar(g.id, g.title), h('div', { class: 'who' }, h('h2', { title: g.title }, g.title), h('div', { class: 'status' }, t('members', g.members.length)))];
}

function headParts(g, topic, status) {
  const face = g.forum ? topicMark(topic ?? { id: 1 }) : avatar(g.id, g.title);
  const title = g.forum ? (topic?.name ?? t('general')) : g.title;
  const quiet = g.forum ? `${g.title}${topic?.closed ? ` · ${t('closed')}` : ''}` : t('members', g.members.length);
  const more = topic && iconButton('dots', t('chatMenu'), () => menu(more, t('chatMenu'), [
    item(topic.closed ? 'check' : 'lock', t(topic.closed ? 'reopenTopic' : 'closeTopic'), () => act('topic', agentPlace(), { on: !topic.closed })),
  ]), 'more');
  return [
    iconButton('back', t('back'), () => show({ open: 'list' }), 'back'), face,
    h('div', { class: 'who' }, h('h2', { title, dir: 'auto' }, title), h('div', { class: status ? 'status busy' : 'status' }, status ? statusWord(status) : quiet)), more,
  ].filter(Boolean);
}

function topicMark(topic) {
  if (topic.id === 1) return h('span', { class: 'mark', 'aria-hidden': 'true' }, icon('hash'));
  if (topic.icon) return h('span', { class: 'mark', 'aria-hidden': 'true' }, topic.icon);
  const letter = [...topic.name.replace(/[^\p{L}\p{N}]+/u, '')][0]?.toUpperCase() || '•';
  return h('span', { class: 'mark', 'aria-hidden': 'true' }, h('span', { class: `dot avatar hue-${hue(topic.id)}` }, letter));
}

const drawn = new Map(); // key of a row -> {el, mark}

function drawRows(rows) {
  const out = [];
  const several = state.scene.groups.length > 1;
  for (const g of state.scene.groups) {
    if (!g.forum) {
      out.push(row(g, { id: 0, name: g.title }));
      continue;
    }
    if (several) out.push(keep(`s${g.id}`, g.title, () => h('div', { class: 'section', role: 'presentation' }, g.title)));
    const topics = (g.topics ?? []).map((topic) => ({ topic, last: messagesOf({ chat: g.id, thread: topic.id }).at(-1)?.id ?? topic.id }));
    topics.sort((a, b) => b.last - a.last);
    out.push(row(g, { id: 1, name: t('general') }), ...topics.map(({ topic }) => row(g, topic)));
  }
  place(rows, out);
}

function row(g, topic) {
  const where = { person: state.view.agent, chat: g.id, thread: topic.id };
  const open = g.id === state.view.group && (!g.forum || topic.id === state.view.thread);
  const last = messagesOf(where).at(-1);
  const n = unread(where);
  const mark = [topic, open, n, last?.id, last?.version, t('topics'), where.person];
  return keep(`r${g.id}:${topic.id}`, mark, () => {
    const label = [topic.name, topic.closed && t('closed'), n && t('unread', n)].filter(Boolean).join(', ');
    return h('button', {
      type: 'button', class: last ? 'row' : 'row bare', role: 'option', 'aria-selected': String(open), tabindex: open ? 0 : -1, 'aria-label': label,
      'data-thread': topic.id, onclick: () => show({ group: g.id, thread: topic.id || 1, open: 'chat', chosen: true }),
    }, g.forum ? topicMark(topic) : avatar(g.id, g.title),
    h('span', { class: 'title', dir: 'auto' }, topic.name),
    h('span', { class: 'when' }, topic.closed && icon('lock'), last && clock(new Date(last.date))),
    h('span', { class: 'last' }, last && [last.kind !== 'service' && h('b', {}, `${last.from_id === where.person ? t('you') : last.from_bot ? last.from : last.from.split(' ')[0]}: `), brief(last)]),
    n > 0 && h('span', { class: 'badge' }, String(n)));
  });
}

function keep(key, value, make) {
  const mark = JSON.stringify(value);
  const old = drawn.get(key);
  if (old?.mark === mark) return old.el;
  const el = renew(old?.el, make());
  drawn.set(key, { el, mark });
  return el;
}

// renew gives an element that stands in the page the looks of a new one: it keeps
// the focus, and what it does when it is pressed.
function renew(el, fresh) {
  if (!el) return fresh;
  for (const name of fresh.getAttributeNames()) el.setAttribute(name, fresh.getAttribute(name));
  el.replaceChildren(...fresh.childNodes);
  return el;
}

function actingParts() {
  const p = person(state.view.agent);
  if (!p) return [];
  const select = h('select', { onchange: () => show({ agent: Number(select.value) }) }, agents().map((one) => h('option', { value: one.id }, one.name)));
  select.value = p.id;
  return [avatar(p.id, p.name, 'small'), h('label', {}, t('actAs'), select)];
}
