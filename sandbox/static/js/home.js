// The app's Home tab.

import { post, Refused } from "./api.js";
import { blocks } from "./blocks.js";
import { h, keepFocus, renderOnChange, renewHead } from "./dom.js";
import { Form } from "./form.js";
import { refresh, store } from "./store.js";
import { surfaceFor } from "./surface.js";
import { toast } from "./toast.js";

const forms = new Map();
let opened = null;

export function leaveHome() {
  opened = null;
}

/** Opening the tab is what tells the app to draw it. */
async function tellApp() {
  try {
    await post("/ui/home", { as: store.as });
    await refresh();
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    toast(error.message);
  }
}

export function renderHome(centre, head) {
  if (opened !== store.as) {
    opened = store.as;
    const scroller = h("div", { class: "scroller home", tabindex: 0, role: "region", "aria-label": "App home" });
    keepFocus(centre, () => centre.replaceChildren(head, h("div", { class: "scroll-box" }, scroller)));
    tellApp();
  } else {
    renewHead(centre, head);
  }
  const { home, users } = store.state;
  renderOnChange(centre.querySelector(".home"), JSON.stringify([home, users, store.as]), () => content(home));
}

function content(home) {
  if (!home) return h("p", { class: "empty" }, `${store.state.bot.name} has not drawn its home for you yet.`);
  const key = `${store.as}/${home.id}`;
  if (!forms.has(key)) forms.set(key, new Form());
  const surface = surfaceFor(forms.get(key), { view_id: home.id });
  return h("div", { class: "blocks home-blocks" }, blocks(home.blocks, surface));
}
