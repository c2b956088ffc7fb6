// The list of a chat's messages.

import { act, answerTo } from './api.js';
import { h, icon, place, roving } from './dom.js';
import { alertBox, item, menu, toast, toastsIn } from './layers.js';
import { brief } from './media.js';
import { messageItem } from './message.js';
import { changed, markRead, messagesOf, state, unread } from './store.js';
import { day, language, t } from './words.js';

const quick = ['👍', '❤️', '🔥', '🎉', '🙏', '👎', '🤔'];
const pressPatience = 20000; // milliseconds until the spinner gives up
const portion = 150; // messages drawn at first, and added when one scrolls up

/** A chat's messages. where() gives the place; hooks: {command, reply, edit}. */
export class Feed {
  constructor(where, hooks) {
    this.where = where;
    this.hooks = hooks;
    this.nodes = new Map(); // key -> {el, mark}
    this.list = h('div', { class: 'feed', role: 'list', tabindex: 0, onscroll: () => this.scrolled() });
    this.pinned = h('button', { type: 'button', class: 'pinned', hidden: true });
    this.badge = h('span', { class: 'badge' });
    this.toEnd = h('button', { type: 'button', class: 'to-end', hidden: true, onclick: () => this.end() }, icon('down'), this.badge);
    this.toasts = h('div', { class: 'toasts', 'aria-live': 'assertive' });
    this.wall = h('div', { class: 'feed-box' }, this.list, this.toEnd);
    this.list.addEventListener('keydown', (e) => this.enter(e));
    this.list.addEventListener('load', () => { if (this.stuck) this.end(); }, true);
    new ResizeObserver(() => { if (this.stuck) this.end(); }).observe(this.list);
    roving(this.list, '.item, .service', { next: 'ArrowDown', prev: 'ArrowUp' });
    this.stuck = true;
    this.top = 0;
    this.shown = portion;
  }

  // enter moves the focus from the list to its newest message.
  enter(e) {
    if (e.target !== this.list || !['ArrowUp', 'ArrowDown'].includes(e.key)) return;
    e.preventDefault();
    this.list.querySelector('.item:last-of-type, .service:last-of-type')?.focus();
  }

  scrolled() {
    const { scrollTop, scrollHeight, clientHeight } = this.list;
    const near = scrollHeight - scrollTop - clientHeight < 60;
    const grown = this.stuck && !near && scrollTop >= this.top; // by itself, not by the reader's hand
    const from = this.top;
    this.top = scrollTop;
    if (grown) {
      this.end();
      return;
    }
    this.stuck = near;
    this.follows = near || (this.follows && scrollTop >= from);
    this.toEnd.hidden = this.stuck;
    if (this.stuck) this.read();
    else if (scrollTop < 200) this.older();
  }

  // older draws earlier messages above, and keeps what one looks at in its place.
  older(upTo = 0) {
    const all = messagesOf(this.where());
    if (all.length <= this.shown) return;
    const before = this.list.scrollHeight;
    const wanted = upTo ? all.length - all.findIndex((m) => m.id >= upTo) + 10 : 0;
    this.shown = Math.max(this.shown + portion, wanted);
    this.update();
    this.list.scrollTop += this.list.scrollHeight - before;
    this.top = this.list.scrollTop;
  }

  // read counts the messages as read while they can be seen.
  read() {
    if (document.visibilityState === 'visible' && this.list.offsetParent) markRead(this.where());
  }

  end() {
    this.list.scrollTop = this.list.scrollHeight;
  }

  // settle shows the newest message: its end, or, when it is new and too tall to be
  // seen whole, its beginning.
  settle(news) {
    const last = this.list.lastElementChild;
    const tall = news && last.offsetHeight > this.list.clientHeight - 20;
    this.follows = true;
    this.stuck = !tall;
    this.toEnd.hidden = !tall;
    if (!tall) {
      this.end();
      return;
    }
    this.list.scrollTop += last.getBoundingClientRect().top - this.list.getBoundingClientRect().top - 16;
    this.top = this.list.scrollTop;
  }

  update() {
    const where = this.where();
    const key = `${where.chat}:${where.thread}:${where.person}:${language()}`;
    const fresh = key !== this.key;
    if (fresh) {
      this.nodes.clear();
      this.key = key;
      this.stuck = true;
      this.shown = portion;
    }
    const all = messagesOf(where);
    if (!this.stuck) this.shown += Math.max(0, all.length - this.count); // new ones push nothing out of sight
    this.count = all.length;
    const messages = all.slice(-this.shown);
    this.list.setAttribute('aria-label', t('messages'));
    place(this.list, messages.length ? this.rows(messages, where, fresh) : [this.hooks.empty()]);
    this.showPinned(all);
    const latest = all.at(-1)?.id ?? 0;
    const news = fresh || latest !== this.latest;
    this.latest = latest;
    if (this.stuck || (news && this.follows)) {
      this.settle(news);
      this.read();
    }
    const n = unread(where);
    this.badge.textContent = n || '';
    this.badge.hidden = n === 0;
    this.toEnd.setAttribute('aria-label', t('toEnd'));
  }

  rows(messages, where, fresh) {
    const kept = new Map();
    const out = [];
    const groups = grouped(messages);
    const answered = messages.findLast((m) => m.from_id !== where.person && m.kind !== 'service')?.id ?? 0;
    let date = '';
    groups.forEach((list, i) => {
      const d = day(new Date(list[0].date));
      if (d !== date) out.push(this.node(kept, `day ${d}`, '', () => h('div', { class: 'day', role: 'separator' }, d)));
      const look = this.look(groups, i, d !== date, where, answered);
      date = d;
      const mark = JSON.stringify([list.map((m) => [m.id, m.version, m.pinned, m.reactions]), look, [...look.pressing]]);
      const el = this.node(kept, `m ${list[0].id}`, mark, () => messageItem(list, look, this.doing(where)), !fresh && list[0].id > this.newest);
      out.push(el);
    });
    this.nodes = kept;
    this.newest = messages.at(-1).id;
    return out;
  }

  // node takes a row from the last time when nothing about it has changed.
  node(kept, key, mark, make, lively) {
    const old = this.nodes.get(key);
    if (old && old.mark === mark) {
      kept.set(key, old);
      return old.el;
    }
    const el = make();
    if (!old && lively) el.classList.add('fresh');
    if (old?.el.contains(document.activeElement)) keepFocus(old.el, el);
    kept.set(key, { el, mark });
    return el;
  }

  look(groups, i, newDay, where, answered) {
    const m = groups[i].at(-1);
    const same = (other) => other && other.at(-1).kind !== 'service' && other.at(-1).from_id === m.from_id && Math.abs(Date.parse(other.at(-1).date) - Date.parse(m.date)) < 600000;
    const own = m.from_id === where.person;
    const group = where.chat < 0;
    const first = newDay || !same(groups[i - 1]);
    const last = !same(groups[i + 1]);
    const waits = [...state.pressing].filter((k) => k.startsWith(`${m.chat}:${m.id}:`));
    return { own, group, first, last, face: group && !own, read: m.id < answered, person: where.person, pressing: new Set(waits) };
  }

  doing(where) {
    return {
      command: (text) => this.hooks.command(text.trim()),
      press: (m, b) => this.press(m, b),
      react: (m, emoji) => act('react', this.where(), { message: m.id, emoji }),
      jump: (id) => this.jump(id),
      reply: (m) => this.hooks.reply(m),
      menu: (m, at) => this.menu(m, at, where),
    };
  }

  // press sends a button's press, and shows the bot's answer to it.
  async press(m, b) {
    const wait = `${m.chat}:${m.id}:${b.data}`;
    if (state.pressing.has(wait)) return;
    toastsIn(this.toasts);
    state.pressing.add(wait);
    changed();
    const pressed = await act('press', this.where(), { message: m.id, data: b.data ?? '' });
    const answer = pressed?.query ? await answerTo(pressed.query, pressPatience) : pressed && {};
    state.pressing.delete(wait);
    changed();
    if (!pressed) return;
    if (!answer) toast(t('noAnswer'), this.toasts);
    else if (answer.text && answer.show_alert) alertBox(state.scene.bot?.name ?? '', answer.text);
    else if (answer.text) toast(answer.text, this.toasts);
  }

  jump(id) {
    const find = () => this.list.querySelector(`[data-message="${Number(id)}"]`)?.closest('.item');
    if (!find()) this.older(id);
    const el = find();
    if (!el) return;
    el.scrollIntoView({ block: 'center', behavior: 'smooth' });
    el.classList.remove('flash');
    void el.offsetWidth; // begins the animation anew
    el.classList.add('flash');
  }

  menu(m, at, where) {
    toastsIn(this.toasts);
    const own = m.from_id === where.person;
    const editable = own && ['text', 'photo', 'document', 'animation'].includes(m.kind);
    const mine = m.reactions?.find((r) => r.user_id === where.person)?.emoji;
    const faces = quick.map((e) => h('button', { type: 'button', role: 'menuitem', tabindex: -1, 'aria-label': t('react', e), onclick: () => act('react', this.where(), { message: m.id, emoji: mine === e ? '' : e }) }, e));
    menu(at, t('messages'), [
      h('div', { class: 'strip' }, faces),
      item('reply', t('reply'), () => this.hooks.reply(m)),
      editable && item('edit', t('edit'), () => this.hooks.edit(m)),
      m.text && item('copy', t('copy'), () => navigator.clipboard?.writeText(m.text).then(() => toast(t('copied')))),
      own && item('trash', t('remove'), () => act('delete', this.where(), { message: m.id }), 'danger'),
    ]);
  }

  showPinned(messages) {
    const m = messages.findLast((one) => one.pinned);
    this.pinned.hidden = !m;
    if (!m) return;
    this.pinned.onclick = () => this.jump(m.id);
    this.pinned.replaceChildren(h('span', {}, h('b', {}, t('pinned')), h('span', { dir: 'auto' }, brief(m))));
  }
}

// keepFocus gives the focus to the same button of a row that was made anew.
function keepFocus(before, after) {
  const data = document.activeElement.dataset?.key;
  queueMicrotask(() => {
    const same = data === undefined ? after : [...after.querySelectorAll('.key')].find((k) => k.dataset.key === data);
    (same ?? after).focus({ preventScroll: true });
  });
}

// grouped puts the messages of an album together.
function grouped(messages) {
  const out = [];
  for (const m of messages) {
    const last = out.at(-1);
    const id = m.raw.media_group_id;
    if (id && last?.[0].raw.media_group_id === id) last.push(m);
    else out.push([m]);
  }
  return out;
}
