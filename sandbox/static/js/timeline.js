// From the workspace's flat list of messages to what a conversation shows, top to bottom. No DOM here.

import { dayOf } from "./dates.js";

const FOLD_WITHIN = 300;

const isReply = (message, parents) =>
  message.thread_ts && message.thread_ts !== message.ts && parents.has(message.thread_ts);

/**
 * Rows in order: {kind: "intro", key}, {kind: "day", key, unix}, {kind: "new", key}, {kind: "message", key, message, folded},
 * {kind: "replies", key, parent, count}. Replies stand under their parent; broadcasts also in their own place.
 */
export function rowsOf(messages, { timeZone, seenTs, hidden, collapsed }) {
  const shown = messages.filter((m) => !hidden.has(keyOf(m)) && (!m.deleted || m.reply_count > 0));
  const parents = new Set(shown.filter((m) => !m.thread_ts || m.thread_ts === m.ts).map((m) => m.ts));
  const replies = Map.groupBy ? Map.groupBy(shown.filter((m) => isReply(m, parents)), (m) => m.thread_ts)
    : grouped(shown.filter((m) => isReply(m, parents)));
  const rows = [{ kind: "intro", key: "intro" }];
  let before = null;
  let marked = !seenTs;
  for (const message of shown) {
    if (isReply(message, parents) && !message.reply_broadcast) continue;
    const unix = Number(message.ts);
    const day = dayOf(unix, timeZone);
    if (!before || dayOf(Number(before.ts), timeZone) !== day) {
      rows.push({ kind: "day", key: `day-${day}`, unix });
      before = null;
    }
    if (!marked && unix > Number(seenTs)) {
      marked = true;
      before = null;
      rows.push({ kind: "new", key: "new" });
    }
    const broadcast = Boolean(isReply(message, parents));
    rows.push({ kind: "message", key: keyOf(message) + (broadcast ? "b" : ""), message, broadcast, folded: folds(before, message) });
    before = message;
    const below = broadcast ? [] : replies.get(message.ts) ?? [];
    if (below.length) {
      rows.push(...threadRows(message, below, collapsed));
      before = null;
    }
  }
  return rows;
}

function threadRows(parent, replies, collapsed) {
  const rows = [{ kind: "replies", key: `replies-${parent.ts}`, parent, count: replies.length, open: !collapsed.has(parent.ts) }];
  if (collapsed.has(parent.ts)) return rows;
  let before = null;
  for (const message of replies) {
    rows.push({ kind: "message", key: keyOf(message), message, reply: true, folded: folds(before, message) });
    before = message;
  }
  return rows;
}

function grouped(messages) {
  const groups = new Map();
  for (const message of messages) groups.set(message.thread_ts, [...(groups.get(message.thread_ts) ?? []), message]);
  return groups;
}

/** An ephemeral message may share its moment with a posted one. */
export const keyOf = (message) => `${message.ephemeral ? "e" : "m"}${message.ts}`;

/** Slack folds cards too; here each keeps its name and time, since at high speed they come close together. */
function folds(before, message) {
  return !message.blocks?.length && Boolean(before) && before.user === message.user && Boolean(before.ephemeral) === Boolean(message.ephemeral) &&
    !message.ephemeral && !before.deleted && !message.deleted && Number(message.ts) - Number(before.ts) < FOLD_WITHIN;
}
