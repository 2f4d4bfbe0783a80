// What the page knows: who one acts as, where one looks, and the last answers of the workspace.

import { fetchMessages, fetchState, followEvents, Refused } from "./api.js";
import { setClock } from "./clock.js";
import { noteRevision } from "./unread.js";

export const HOME = "home";

export const store = {
  as: null, place: null, state: null, messages: [], messagesOf: null, others: new Map(), live: false, problem: null,
};

const listeners = [];
export const onStoreChange = (listener) => listeners.push(listener);
const tell = () => listeners.forEach((listener) => listener());

function readHash() {
  const hash = new URLSearchParams(location.hash.slice(1));
  store.as = hash.get("as") ?? store.as;
  store.place = hash.get("in") ?? null;
}

function writeHash() {
  const hash = new URLSearchParams();
  if (store.as) hash.set("as", store.as);
  if (store.place) hash.set("in", store.place);
  history.replaceState(null, "", `#${hash}`);
}

export const person = (id) => store.state?.users.find((user) => user.id === id);
export const conversation = (id) => store.state?.conversations.find((c) => c.id === id);
export const directMessages = () => store.state?.conversations.find((c) => c.kind === "im");
export const timeZone = () => person(store.as)?.tz || "UTC";

export function actAs(userId) {
  const wasDirect = conversation(store.place)?.kind === "im";
  store.as = userId;
  // Every person has a direct conversation of their own: staying "in the DM" means going to the other one.
  if (wasDirect) store.place = null;
  store.messagesOf = null;
  writeHash();
  tell();
  return refresh();
}

export function open(place) {
  if (store.place === place) return refresh();
  store.place = place;
  // What was fetched at an earlier visit would be drawn first, and everything since then marked as new.
  store.messagesOf = null;
  writeHash();
  tell();
  return refresh();
}

let running = null;
let again = false;

/** Fetch what is shown. Calls during a fetch are answered by one more fetch, since the first may be stale. */
export function refresh() {
  if (running) {
    again = true;
    return running;
  }
  running = (async () => {
    do {
      again = false;
      await fetchAll();
    } while (again);
  })().finally(() => {
    running = null;
  });
  return running;
}

async function fetchAll() {
  const { as } = store;
  try {
    const state = await fetchState(as);
    if (as !== store.as) return;
    setClock(state.clock);
    noteRevision(state.revision, `${state.team?.id ?? state.team?.name}/${state.bot.user_id}`);
    store.state = state;
    settlePlace();
    await fetchConversation();
    store.problem = null;
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    store.problem = error.message;
  }
  tell();
}

/** An address may name people and places of an earlier run. */
function settlePlace() {
  const { state } = store;
  if (!person(store.as)) {
    store.as = state.users.find((user) => !user.deleted)?.id ?? null;
    // That person's direct messages and views are not in this answer.
    again = store.as !== null;
    if (again) return;
  }
  if (store.place === HOME || conversation(store.place)) return;
  // Whoever opens the page is somebody the app writes to.
  store.place = (directMessages() ?? state.conversations[0])?.id ?? HOME;
  writeHash();
}

async function fetchConversation() {
  const { as, place } = store;
  if (!as || !place || place === HOME || !conversation(place)) return;
  const { messages } = await fetchMessages(as, place);
  if (as !== store.as || place !== store.place) {
    again = true;
    return;
  }
  store.messages = messages;
  store.messagesOf = `${as}/${place}`;
}

const OTHERS_EVERY = 2500;
let othersAt = 0;
let othersTimer = null;

/** The direct messages of everybody else, so that one sees for whom something has come in. Rarely: it is n requests. */
function refreshOthers() {
  if (othersTimer) return;
  const wait = Math.max(0, othersAt + OTHERS_EVERY - performance.now());
  othersTimer = setTimeout(async () => {
    othersTimer = null;
    othersAt = performance.now();
    const others = store.state?.users.filter((user) => !user.deleted && user.id !== store.as) ?? [];
    const states = await Promise.allSettled(others.map((user) => fetchState(user.id)));
    states.forEach(({ value }, index) => {
      const direct = value?.conversations.find((c) => c.kind === "im");
      if (direct) store.others.set(others[index].id, direct);
    });
    tell();
  }, wait);
}

export async function startStore() {
  readHash();
  window.addEventListener("hashchange", () => {
    readHash();
    tell();
    refresh();
  });
  await refresh();
  followEvents({
    onChange: () => {
      refresh();
      refreshOthers();
    },
    onConnection: (live) => {
      store.live = live;
      tell();
    },
  });
}
