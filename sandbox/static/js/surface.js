// Where blocks stand (a message, a view) and how a press there reaches the app.

import { post, Refused } from "./api.js";
import { refresh, store, person, timeZone } from "./store.js";
import { toast } from "./toast.js";

/** Who reads: names for ids, the reader's own id and time zone. */
export function currentReader() {
  const { state, as } = store;
  return {
    me: as,
    timeZone: timeZone(),
    userName: (id) => (id === state.bot.user_id ? state.bot.name : person(id)?.real_name || person(id)?.name),
    channelName: (id) => state.conversations.find((c) => c.id === id)?.name,
  };
}

/** `target` says which message or view a press belongs to, in the words of /ui/click. */
export function surfaceFor(form, target) {
  const { as } = store;
  return {
    form,
    reader: currentReader(),
    people: store.state.users,
    channels: store.state.conversations.filter((c) => c.kind === "channel"),
    act: (block, item, payload, node) => whileBusy(node, () => post("/ui/click", {
      as, ...target, block_id: block.block_id, action_id: item.action_id, type: item.type, ...payload,
      state: form.snapshot(),
    })),
  };
}

/** Show that the app has been asked until it answers; tell the person when it could not. Resolves to the answer. */
export async function whileBusy(node, ask) {
  const focused = node.contains(document.activeElement);
  node.classList.add("busy");
  node.setAttribute("aria-busy", "true");
  node.disabled = true;
  let answer = null;
  try {
    answer = await ask();
    await refresh();
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    toast(error.message);
  } finally {
    node.classList.remove("busy");
    node.removeAttribute("aria-busy");
    node.disabled = false;
    // A disabled button loses focus; whoever works by keyboard must find it again.
    if (focused && node.isConnected && document.activeElement === document.body) node.focus({ preventScroll: true });
  }
  return answer;
}
