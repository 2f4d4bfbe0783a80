// What each person has seen, kept in this browser. The workspace itself forgets everything when it stops.

const KEY = "workspace-seen";

function load() {
  try {
    return JSON.parse(localStorage.getItem(KEY)) ?? {};
  } catch {
    return {};
  }
}

let seen = load();

function save() {
  try {
    localStorage.setItem(KEY, JSON.stringify(seen));
  } catch {
    // Private windows may refuse storage: then unread marks last as long as the page.
  }
}

/** A lower revision than last time is another run of the workspace: its counts start from nothing. */
export function noteRevision(revision, run) {
  if (seen.run !== run || revision < (seen.revision ?? 0)) seen = { run, places: {} };
  seen.revision = revision;
  save();
}

const place = (as, conversation) => `${as}/${conversation}`;

/** How many messages of a conversation (an entry of /ui/state) this person has not had on screen. */
export function unreadCount(as, conversation) {
  const last = seen.places?.[place(as, conversation.id)];
  if (!conversation.latest_ts) return 0;
  if (!last) return conversation.count ?? 0;
  if (Number(conversation.latest_ts) <= Number(last.ts)) return 0;
  return Math.max(1, (conversation.count ?? 0) - last.count);
}

/** The newest message this person had seen, or null. */
export function lastSeen(as, conversationId) {
  return seen.places?.[place(as, conversationId)]?.ts ?? null;
}

export function markSeen(as, conversation) {
  if (!conversation.latest_ts) return;
  const last = seen.places?.[place(as, conversation.id)];
  if (last?.ts === conversation.latest_ts && last.count === conversation.count) return;
  (seen.places ??= {})[place(as, conversation.id)] = { ts: conversation.latest_ts, count: conversation.count ?? 0 };
  save();
}
