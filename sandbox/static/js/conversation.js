// The centre: head, messages and composer of one conversation.

import { avatar } from "./avatar.js";
import { workspaceNow } from "./clock.js";
import { composer } from "./composer.js";
import { dayLabel } from "./dates.js";
import { h, icon, keepFocus, liveText, renewHead } from "./dom.js";
import { authorName, messageNode } from "./message.js";
import { mrkdwn } from "./mrkdwn.js";
import { conversation as find, store, timeZone } from "./store.js";
import { currentReader } from "./surface.js";
import { keyOf, rowsOf } from "./timeline.js";
import { lastSeen, markSeen } from "./unread.js";

let shownPlace = null;
let drawn = new Map();
let seenTs = null;
let scroller = null;
let list = null;
let jump = null;
// Whether the newest message is in view, and so should be after the next change too.
let pinned = true;
const hidden = new Set();
const collapsed = new Set();

export function leaveConversation() {
  shownPlace = null;
}

export function renderConversation(centre, head) {
  const conversation = find(store.place);
  if (!conversation) return;
  const place = `${store.as}/${store.place}`;
  const arrived = place !== shownPlace;
  if (arrived) {
    shownPlace = place;
    seenTs = lastSeen(store.as, conversation.id);
    build(centre, conversation, head);
  } else {
    renewHead(centre, head);
  }
  // Another conversation's messages may still be on their way.
  if (store.messagesOf !== place) return;
  const first = list.dataset.filled !== place;
  list.dataset.filled = place;
  pinned ||= first;
  const fresh = reconcileKeepingFocus(first);
  if (pinned) toBottom();
  else if (fresh.length) jump.hidden = false;
  if (document.visibilityState === "visible") markSeen(store.as, conversation);
  if (!first) announce(fresh);
}

function build(centre, conversation, head) {
  drawn = new Map();
  list = h("div", { class: "message-list", role: "log", "aria-label": "Messages", "aria-live": "off" });
  jump = h("button", { type: "button", class: "jump", hidden: true, onclick: toBottom }, "↓ New messages");
  scroller = h("div", {
    class: "scroller", tabindex: 0, "aria-label": `Messages in ${conversation.name}`, role: "region",
    onscroll: () => {
      pinned = scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight < 60;
      if (pinned) jump.hidden = true;
    },
  }, list);
  resizes.disconnect();
  resizes.observe(scroller);
  pinned = true;
  const foot = composer(conversation, toBottom);
  keepFocus(centre, () => centre.replaceChildren(head, h("div", { class: "scroll-box" }, scroller, jump), foot));
}

function toBottom() {
  pinned = true;
  jump.hidden = true;
  scroller.scrollTop = scroller.scrollHeight;
}

const resizes = new ResizeObserver(() => pinned && toBottom());

function reconcileKeepingFocus(first) {
  let fresh = [];
  keepFocus(list, () => {
    fresh = reconcile(first);
  });
  return fresh;
}

/** Replace only what changed: a person may have a select open or a text half typed in another message. */
function reconcile(first) {
  const zone = timeZone();
  const rows = rowsOf(store.messages, { timeZone: zone, seenTs, hidden, collapsed });
  // The line "New" is for what came while one was elsewhere, not for what comes while one looks on.
  if (first && !rows.some((row) => row.kind === "new")) seenTs = null;
  const people = JSON.stringify([store.state.users, store.state.bot.name]);
  const next = new Map();
  const fresh = [];
  for (const row of rows) {
    const signature = JSON.stringify(row) + (row.kind === "message" ? people : zone);
    const old = drawn.get(row.key);
    if (old?.signature === signature) {
      next.set(row.key, old);
      continue;
    }
    const node = rowNode(row);
    // Folding alone is no news.
    const newsworthy = row.kind === "message" && !first && JSON.stringify(old?.message) !== JSON.stringify(row.message);
    if (newsworthy) node.classList.add(old ? "updated" : "fresh");
    if (newsworthy && !old) fresh.push(row.message);
    next.set(row.key, { signature, node, message: row.message });
  }
  place([...next.values()].map((entry) => entry.node));
  drawn = next;
  return fresh;
}

/** Bring the list to this order, touching only nodes that are new or moved. */
function place(nodes) {
  const keep = new Set(nodes);
  for (const child of [...list.children]) if (!keep.has(child)) child.remove();
  nodes.forEach((node, index) => {
    if (list.children[index] !== node) list.insertBefore(node, list.children[index] ?? null);
  });
}

function rowNode(row) {
  if (row.kind === "intro") return intro(find(store.place));
  if (row.kind === "day") {
    const text = () => dayLabel(row.unix, workspaceNow(), timeZone());
    return h("div", { class: "day-divider", role: "separator" }, liveText(h("span"), text));
  }
  if (row.kind === "new") return h("div", { class: "new-divider", role: "separator" }, h("span", {}, "New"));
  if (row.kind === "replies") return threadToggle(row);
  const node = messageNode(row.message, {
    conversation: store.place, folded: row.folded, testid: row.broadcast ? "message-broadcast" : "message",
    dismiss: () => {
      hidden.add(keyOf(row.message));
      reconcile(false);
    },
  });
  if (row.reply) node.classList.add("reply");
  if (row.broadcast) node.prepend(h("div", { class: "only-you" }, "replied to a thread"));
  return node;
}

/** What stands above the first message. */
function intro(conversation) {
  const { bot } = store.state;
  if (conversation.kind === "channel") {
    return h("div", { class: "intro" }, h("h2", {}, `# ${conversation.name}`),
      h("p", {}, "This is the very beginning of the channel. ", conversation.topic ?? ""));
  }
  return h("div", { class: "intro" }, avatar({ name: bot.name, bot: true, size: "large" }), h("h2", {}, bot.name),
    h("p", {}, `What ${bot.name} tells you, and nobody else, appears here. Slash commands work here too.`));
}

function threadToggle({ parent, count, open }) {
  return h("button", {
    type: "button", class: "thread-toggle", "aria-expanded": String(open), dataset: { focus: `thread-${parent.ts}` },
    onclick: () => {
      if (!collapsed.delete(parent.ts)) collapsed.add(parent.ts);
      reconcileKeepingFocus(false);
    },
  }, icon(open ? "M5 8l5 5 5-5" : "M8 5l5 5-5 5"), `${count} ${count === 1 ? "reply" : "replies"}`);
}

function announce(messages) {
  if (!messages.length) return;
  const words = messages.slice(-3).map((message) => {
    const spoken = h("span", {}, mrkdwn(message.text ?? "", currentReader())).textContent;
    return `${authorName(message)}: ${spoken}`;
  });
  document.getElementById("announcer").textContent = words.join(". ");
}
