// What the page asks of the server.

import { changed, drop, load, put, remember, setScene, state } from './store.js';
import { fail } from './layers.js';

/** Does something as a person in a place; undefined when it failed, which was then shown. */
export async function act(name, place, fields = {}) {
  return post(`ui/${name}`, JSON.stringify({ ...place, ...fields }), { 'Content-Type': 'application/json' });
}

/** Sends files: as is 'photo', 'document' or 'animation'. */
export async function upload(place, files, as, caption, reply) {
  const form = new FormData();
  form.append('action', JSON.stringify({ ...place, text: caption ?? '', reply: reply ?? 0, data: as }));
  for (const f of files) form.append('file', f, f.name || 'image.png');
  return post('ui/upload', form, {});
}

async function post(url, body, headers) {
  try {
    const answer = await fetch(url, { method: 'POST', body, headers });
    const result = await answer.json().catch(() => ({ error: answer.status === 413 ? 'too_large' : 'failed' }));
    if (answer.ok) return result ?? {};
    fail(result.error, result.detail);
  } catch {
    fail('offline');
  }
  return undefined;
}

/** The address of a file's bytes. The world's run is part of it: the next one gives out the same IDs. */
export function fileURL(id) {
  return `ui/file?id=${encodeURIComponent(id)}&run=${state.boot}`;
}

const answers = new Map(); // query ID -> {resolve} or {answer}

/** Waits for the bot's answer to a press, at most ms milliseconds. */
export function answerTo(query, ms) {
  const early = answers.get(query)?.answer;
  answers.delete(query);
  if (early) return Promise.resolve(early);
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve(undefined), ms);
    answers.set(query, { resolve: (a) => { clearTimeout(timer); resolve(a); } });
  });
}

function answered(answer) {
  const waiting = answers.get(answer.query_id);
  if (waiting?.resolve) {
    answers.delete(answer.query_id);
    waiting.resolve(answer);
    return;
  }
  answers.set(answer.query_id, { answer });
  if (answers.size > 200) answers.delete(answers.keys().next().value);
}

const actionLife = 5000; // milliseconds, as the Bot API says of sendChatAction

function takeAction(e) {
  const key = `${e.chat}:${e.thread ?? 0}`;
  state.actions.set(key, { action: e.action, until: Date.now() + actionLife });
  setTimeout(changed, actionLife + 50);
}

/** Applies one change of the stream; arrived is called with each new message. */
function apply(e, arrived) {
  const m = e.message;
  if (e.scene) setScene(e.scene);
  if (e.kind === 'press_answered') answered(e.answer);
  if (e.kind === 'action_shown') takeAction(e);
  if (e.kind === 'message_deleted') drop(m);
  else if (m && put(m) && e.kind === 'message_sent') {
    if (m.from_bot) state.actions.delete(`${m.chat}:${m.thread ?? 0}`);
    const p = state.scene.people.find((one) => one.id === m.chat);
    if (p) Object.assign(p, { keyboard: e.keyboard, started: true });
    arrived(m);
  }
  changed(true);
}

/** Follows the world. Each connection begins with a snapshot, so one that was lost resumes whole. */
export function follow(arrived) {
  const old = state.ready ? undefined : remember();
  let quiet;
  const source = new EventSource('ui/events');
  const alive = () => {
    clearTimeout(quiet);
    quiet = setTimeout(() => { source.close(); lost(); }, 40000); // the stream shows a sign of life every 15 s
  };
  const lost = () => {
    state.online = false;
    changed();
    if (source.readyState === EventSource.CLOSED) again(); // refused: the browser does not try again by itself
  };
  const again = () => {
    clearTimeout(quiet);
    source.close();
    setTimeout(() => follow(arrived), 1500);
  };
  source.onerror = lost;
  source.addEventListener('beat', alive);
  source.addEventListener('snapshot', (e) => {
    load(JSON.parse(e.data), state.ready ? undefined : old);
    alive();
  });
  source.addEventListener('change', (e) => {
    apply(JSON.parse(e.data), arrived);
    alive();
  });
}
