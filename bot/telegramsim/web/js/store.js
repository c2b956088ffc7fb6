// The state of the page: the world as the stream tells it, and what is open.

import { speak } from './words.js';

export const state = {
  ready: false,
  online: true,
  boot: '',
  scene: { title: '', bot: null, people: [], groups: [], suggestions: [] },
  places: new Map(), // "chat:thread" -> {byID: Map, sorted: array or undefined}
  actions: new Map(), // "chat:thread" -> {action, until}
  pressing: new Set(), // "chat:message:data" of presses that wait
  reads: {}, // "chat:thread:reader" -> newest message read
  view: { customer: 0, topic: 0, group: 0, thread: 1, agent: 0, tab: 'customer', open: 'list', chosen: false, lang: 'en', theme: '' },
};

const listeners = new Set();
const frame = 16; // milliseconds
let scheduled = ''; // 'frame': within one; 'now': before any further event

/** Calls f after each change of the state, changes of one moment together. */
export function onChange(f) {
  listeners.add(f);
}

/**
 * Tells that the state has changed. Changes that stream in are drawn once a frame;
 * what the reader does is drawn before the next thing he does.
 */
export function changed(streaming) {
  if (scheduled === 'now' || (scheduled && streaming)) return;
  scheduled = streaming ? 'frame' : 'now';
  if (streaming) setTimeout(draw, frame);
  else queueMicrotask(draw);
}

function draw() {
  if (held || !scheduled) return; // drawn at the release, or drawn already
  scheduled = '';
  for (const f of listeners) f();
}

let held = false;

const longest = 600; // milliseconds

function release() {
  held = false;
  if (scheduled) draw();
}

// While the mouse is down nothing is drawn for a moment: a button that were made
// anew under it would lose the click.
addEventListener('pointerdown', () => {
  held = true;
  setTimeout(release, longest);
}, true);
addEventListener('pointerup', () => setTimeout(release), true);

const saved = 'telegramsim.view';

/** Changes what is open, and remembers it for the next visit. */
export function show(change) {
  if (change.customer && change.customer !== state.view.customer) state.view.topic = 0;
  Object.assign(state.view, change);
  settle();
  if (change.lang) speak(change.lang);
  keep();
  changed();
}

function keep() {
  try {
    localStorage.setItem(saved, JSON.stringify({ boot: state.boot, view: state.view, reads: state.reads }));
  } catch {
    // A browser that keeps nothing starts afresh each time.
  }
}

/** Reads what was open at the last visit; language and theme outlive a world. */
export function remember() {
  let old = {};
  try {
    old = JSON.parse(localStorage.getItem(saved) ?? '{}');
  } catch {
    // Nothing usable was kept.
  }
  const first = (navigator.language ?? '').toLowerCase().startsWith('ru') ? 'ru' : 'en';
  state.view.lang = old.view?.lang ?? first;
  state.view.theme = old.view?.theme ?? '';
  speak(state.view.lang);
  return old;
}

/** Takes a snapshot in place of everything known so far. */
export function load(snapshot, old) {
  if (old?.boot === snapshot.boot) {
    Object.assign(state.view, old.view);
    state.reads = old.reads ?? {};
  }
  if (state.ready && state.boot !== snapshot.boot) state.reads = {}; // another run of the world
  state.boot = snapshot.boot;
  state.places = new Map();
  for (const m of snapshot.messages) put(m);
  setScene(snapshot.scene);
  state.ready = true;
  state.online = true;
  changed();
}

/** Takes a new scene. */
export function setScene(scene) {
  state.scene = scene;
  settle();
}

// settle opens something where what was open is gone.
function settle() {
  const { scene, view } = state;
  if (!customers().some((p) => p.id === view.customer)) view.customer = customers()[0]?.id ?? 0;
  if (!openTopic()) view.topic = 0;
  if (!group()) {
    view.group = scene.group || scene.groups[0]?.id || 0;
    view.thread = 1;
  }
  const g = group();
  if (g?.topics?.length && !view.chosen) view.thread = g.topics.at(-1).id; // until somebody chooses, the newest ticket
  if (g && view.thread > 1 && !g.topics?.some((topic) => topic.id === view.thread)) view.thread = 1;
  if (g && !agents().some((p) => p.id === view.agent)) view.agent = agents()[0]?.id ?? 0;
}

/** Stores a message unless a newer version of it is known. */
export function put(m) {
  const key = placeKey(m.chat, m.thread);
  if (!state.places.has(key)) state.places.set(key, { byID: new Map() });
  const place = state.places.get(key);
  const known = place.byID.get(m.id);
  if (known && known.version > m.version) return false;
  place.byID.set(m.id, m);
  place.sorted = undefined;
  return !known;
}

// The General topic is thread 1 where one looks, and its messages bear none.
function placeKey(chat, thread) {
  return `${chat}:${thread > 1 ? thread : 0}`;
}

/** Forgets a deleted message. */
export function drop(m) {
  const place = state.places.get(placeKey(m.chat, m.thread));
  if (place?.byID.delete(m.id)) place.sorted = undefined;
}

/** The customers: those who sit in no group, or everybody where all do. */
export function customers() {
  const outside = state.scene.people.filter((p) => !p.agent);
  return outside.length ? outside : state.scene.people;
}

/** The group that is open. */
export function group() {
  return state.scene.groups.find((g) => g.id === state.view.group);
}

/** The people of the open group. */
export function agents() {
  const g = group();
  return g ? state.scene.people.filter((p) => g.members.includes(p.id)) : [];
}

export function person(id) {
  return state.scene.people.find((p) => p.id === id);
}

/** The topic of the customer's chat that is open; undefined outside of topics. */
export function openTopic() {
  return person(state.view.customer)?.topics?.find((topic) => topic.id === state.view.topic);
}

/** All places of a customer's chat: the chat itself, and its topics. */
export function placesOf(p) {
  return [{ id: 0 }, ...(p.topics ?? [])].map((topic) => ({ person: p.id, chat: p.id, thread: topic.id }));
}

/** The messages of a place {chat, thread}, in order. */
export function messagesOf({ chat, thread }) {
  const place = state.places.get(placeKey(chat, thread));
  if (!place) return [];
  place.sorted ??= [...place.byID.values()].sort((a, b) => a.id - b.id);
  return place.sorted;
}

/** Where the open customer types, and where the open agent does. */
export function customerPlace() {
  return { person: state.view.customer, chat: state.view.customer, thread: state.view.topic };
}

export function agentPlace() {
  const g = group();
  return { person: state.view.agent, chat: g?.id ?? 0, thread: g?.forum ? state.view.thread : 0 };
}

const readKey = (place) => `${placeKey(place.chat, place.thread)}:${place.chat > 0 ? '' : place.person}`;

/** Counts what the person has not read in a place. */
export function unread(place) {
  const last = state.reads[readKey(place)] ?? 0;
  return messagesOf(place).filter((m) => m.id > last && m.from_id !== place.person && m.kind !== 'service').length;
}

/** Counts what waits on each side outside what is open there. */
export function waiting() {
  const { customer, agent, topic } = state.view;
  const open = (place) => state.view.tab === 'customer' && place.person === customer && place.thread === topic;
  const sum = (places) => places.reduce((n, place) => n + unread(place), 0);
  return {
    customer: sum(customers().flatMap(placesOf).filter((place) => !open(place))),
    agents: sum(state.scene.groups.flatMap((g) => [{ id: 0 }, ...(g.topics ?? [])].map((topic) => ({ person: agent, chat: g.id, thread: topic.id })))),
  };
}

/** Counts everything in a place as read. */
export function markRead(place) {
  const last = messagesOf(place).at(-1)?.id ?? 0;
  const key = readKey(place);
  if (last <= (state.reads[key] ?? 0)) return;
  state.reads[key] = last;
  keep();
  changed();
}

/** What the bot is doing in a place just now, such as 'typing'; '' for nothing. */
export function actionIn(place) {
  const a = state.actions.get(placeKey(place.chat, place.thread));
  return a && a.until > Date.now() ? a.action : '';
}
