// The left window: the customers, and the open one's chat with the bot.

import { act } from './api.js';
import { accept } from './attach.js';
import { Composer, customerOffers } from './composer.js';
import { avatar, h, icon, iconButton, place, roving } from './dom.js';
import { Feed } from './feed.js';
import { dialog, item, menu } from './layers.js';
import { actionIn, customerPlace, customers, openTopic, person, placesOf, show, state, unread } from './store.js';
import { t } from './words.js';

/** Makes the customer's window; its update() draws it anew. */
export function customerWindow() {
  const tabs = h('div', { role: 'tablist', 'aria-orientation': 'vertical' });
  const plus = h('button', { type: 'button', onclick: addCustomer });
  const rail = h('nav', { class: 'rail' }, tabs, plus);
  const head = h('header', { class: 'chat-head' });
  const topics = h('div', { class: 'topics', role: 'tablist' });
  const feed = new Feed(customerPlace, {
    command: (text) => act('send', customerPlace(), { text }),
    reply: (m) => composer.reply(m),
    edit: (m) => composer.edit(m),
    empty: welcome,
  });
  const composer = new Composer(customerPlace, feed.toasts);
  const chat = h('section', { class: 'chat' }, head, topics, feed.pinned, feed.wall, composer.el, feed.toasts);
  const el = h('section', { class: 'window customer' }, rail, chat);
  roving(rail, 'button');
  roving(topics, 'button', { next: 'ArrowRight', prev: 'ArrowLeft' });
  accept(chat, (files) => composer.take(files));
  let headMark;
  const update = () => {
    el.setAttribute('aria-label', t('customer'));
    rail.setAttribute('aria-label', t('customers'));
    plus.replaceChildren(h('span', { class: 'plus' }, icon('plus')), h('span', { class: 'label' }, t('add')));
    plus.setAttribute('aria-label', t('addCustomer'));
    drawRail(tabs);
    const status = actionIn(customerPlace());
    const p = person(state.view.customer);
    const mark = JSON.stringify([state.scene.bot, p?.id, p?.name, p?.language, p?.blocked, p?.started, status, t('bot')]);
    if (mark !== headMark) place(head, headParts(p, status));
    headMark = mark;
    chat.setAttribute('aria-label', openTopic()?.name ?? state.scene.bot?.name ?? '');
    drawTopics(topics, p);
    feed.update();
    composer.update(customerOffers(state.view.customer, state.scene, customerPlace));
  };
  return { el, update, focus: () => composer.focus() };
}

const faces = new Map(); // customer ID -> {el, mark}

function drawRail(tabs) {
  place(tabs, customers().map((p) => {
    const open = p.id === state.view.customer;
    const n = open ? 0 : placesOf(p).reduce((sum, where) => sum + unread(where), 0);
    const mark = JSON.stringify([p.name, p.language, open, n, t('bot')]);
    const old = faces.get(p.id);
    if (old?.mark === mark) return old.el;
    const el = old?.el ?? h('button', { type: 'button', role: 'tab', onclick: () => show({ customer: p.id }) });
    el.setAttribute('aria-selected', String(open));
    el.setAttribute('aria-label', `${p.name}${n ? `, ${t('unread', n)}` : ''}`);
    el.title = p.name;
    el.tabIndex = open ? 0 : -1;
    el.replaceChildren(avatar(p.id, p.name), h('span', { class: 'label' }, p.name.split(' ')[0]));
    if (p.language) el.append(h('span', { class: 'lang' }, p.language.toUpperCase()));
    if (n) el.append(h('span', { class: 'badge' }, String(n)));
    faces.set(p.id, { el, mark });
    return el;
  }));
}

const chips = new Map(); // "customer:topic" -> {el, mark}

// drawTopics shows a way to each topic of the customer's chat, where the bot has
// topics there.
function drawTopics(strip, p) {
  strip.hidden = !p?.topics?.length;
  strip.setAttribute('aria-label', t('topics'));
  place(strip, strip.hidden ? [] : placesOf(p).map((where) => {
    const name = p.topics.find((topic) => topic.id === where.thread)?.name ?? t('mainChat');
    const open = where.thread === state.view.topic;
    const n = open ? 0 : unread(where);
    const key = `${p.id}:${where.thread}`;
    const mark = JSON.stringify([name, open, n, t('bot')]);
    const old = chips.get(key);
    if (old?.mark === mark) return old.el;
    const el = old?.el ?? h('button', { type: 'button', role: 'tab', 'data-topic': where.thread, onclick: () => show({ topic: where.thread }) });
    el.setAttribute('aria-selected', String(open));
    el.setAttribute('aria-label', `${name}${n ? `, ${t('unread', n)}` : ''}`);
    el.title = name;
    el.tabIndex = open ? 0 : -1;
    el.replaceChildren(h('span', { class: 'label', dir: 'auto' }, name));
    if (n) el.append(h('span', { class: 'badge' }, String(n)));
    chips.set(key, { el, mark });
    return el;
  }));
}

function headParts(p, status) {
  const bot = state.scene.bot;
  if (!bot || !p) return [];
  const more = iconButton('dots', t('chatMenu'), () => chatMenu(more, p), 'more');
  more.setAttribute('aria-haspopup', 'menu');
  return [
    avatar(bot.id, bot.name),
    h('div', { class: 'who' }, h('h2', {}, bot.name), h('div', { class: status ? 'status busy' : 'status' }, status ? statusWord(status) : t('bot'))),
    h('div', { class: 'caption', title: `${t('youAre')}${p.name}` }, avatar(p.id, p.name, 'small'), h('span', {}, t('youAre'), h('b', {}, p.name))),
    more,
  ];
}

/** What a chat action is called. */
export function statusWord(action) {
  return `${{ upload_photo: t('sendingPhoto'), upload_document: t('sendingFile') }[action] ?? t('typing')}…`;
}

function chatMenu(at, p) {
  const other = p.language === 'ru' ? 'en' : 'ru';
  menu(at, t('chatMenu'), [
    item('globe', t('switchLanguage', other === 'ru' ? 'Русский' : 'English'), () => act('speak', customerPlace(), { language: other })),
    p.blocked
      ? item('check', t('unblock'), () => act('block', customerPlace(), { on: false }))
      : item('block', t('block'), () => act('block', customerPlace(), { on: true }), 'danger'),
  ]);
}

function welcome() {
  const p = person(state.view.customer);
  return h('div', { class: 'empty' }, p?.started ? t('noMessages') : [h('b', {}, t('startTitle')), t('startText')]);
}

function addCustomer() {
  const name = h('input', { type: 'text', maxlength: 64, placeholder: t('nameHint'), required: true, autocomplete: 'off' });
  const lang = h('select', {}, h('option', { value: 'ru' }, 'Русский'), h('option', { value: 'en' }, 'English'));
  lang.value = state.view.lang;
  const submit = async (e) => {
    e.preventDefault();
    if (!name.value.trim()) return;
    el.close();
    const made = await act('people', {}, { text: name.value, language: lang.value });
    if (made) show({ customer: made.id });
  };
  const el = dialog(t('newCustomer'), h('form', { onsubmit: submit },
    h('label', { class: 'field' }, t('name'), name), h('label', { class: 'field' }, t('appLanguage'), lang),
    h('footer', {}, h('button', { type: 'button', class: 'flat', onclick: () => el.close() }, t('cancel')), h('button', { type: 'submit', class: 'flat main' }, t('add')))));
  name.focus();
}
