// The page: one store, and what each part of the screen makes of it.

import { leaveConversation, renderConversation } from "./conversation.js";
import { h, renderOnChange, tickLiveTexts } from "./dom.js";
import { leaveHome, renderHome } from "./home.js";
import { renderModal } from "./modal.js";
import { loadPanel } from "./panel.js";
import { renderSidebar } from "./sidebar.js";
import { conversation, directMessages, HOME, onStoreChange, open, startStore, store } from "./store.js";
import { renderClock, renderTopbar } from "./topbar.js";
import { unreadCount } from "./unread.js";

const part = (id) => document.getElementById(id);

function render() {
  if (!store.state) {
    renderOnChange(part("centre"), store.problem ?? "", () => h("p", { class: "empty" }, store.problem ?? "Opening the workspace…"));
    return;
  }
  renderTopbar();
  renderSidebar(part("sidebar"), closeDrawers);
  if (store.place === HOME) {
    leaveConversation();
    renderHome(part("centre"), head());
  } else {
    leaveHome();
    renderConversation(part("centre"), head());
  }
  renderModal();
  renderTitle();
  showPanel();
}

function head() {
  const current = conversation(store.place);
  if (current?.kind === "channel") {
    return h("header", { class: "centre-head" }, h("h1", {}, `# ${current.name}`),
      current.topic ? h("span", { class: "topic", title: current.topic }, current.topic) : null);
  }
  const direct = directMessages();
  const tab = (label, place, testid) => h("button", {
    type: "button", role: "tab", "aria-selected": String(store.place === place), dataset: { testid, focus: testid },
    onclick: () => open(place),
  }, label);
  return h("header", { class: "centre-head" }, h("h1", {}, store.state.bot.name),
    h("div", { class: "tabs", role: "tablist", "aria-label": "App" },
      tab("Home", HOME, "tab-home"), direct ? tab("Messages", direct.id, "tab-messages") : null));
}

function renderTitle() {
  const { state, as, place } = store;
  const watching = document.visibilityState === "visible";
  const unread = state.conversations
    .filter((c) => !(watching && c.id === place))
    .reduce((sum, c) => sum + unreadCount(as, c), 0);
  const where = place === HOME ? `${state.bot.name} home` : conversation(place)?.name ?? "";
  document.title = `${unread ? `(${unread}) ` : ""}${where} · ${state.team.name}`;
}

let panelLoaded = false;

function showPanel() {
  const wanted = Boolean(store.state.panel);
  part("panel").hidden = !wanted;
  part("toggle-panel").hidden = !wanted;
  document.body.classList.toggle("with-panel", wanted);
  if (!wanted || panelLoaded) return;
  panelLoaded = true;
  loadPanel(part("panel"));
}

/** On narrow screens the side columns are drawers over the conversation, one at a time. */
function drawer(name) {
  const opening = !document.body.classList.contains(`show-${name}`);
  closeDrawers();
  if (!opening) return;
  document.body.classList.add(`show-${name}`);
  part(`toggle-${name}`).setAttribute("aria-expanded", "true");
  part("drawer-shade").hidden = false;
}

function closeDrawers() {
  document.body.classList.remove("show-sidebar", "show-panel");
  for (const name of ["sidebar", "panel"]) part(`toggle-${name}`).setAttribute("aria-expanded", "false");
  part("drawer-shade").hidden = true;
}

part("toggle-sidebar").addEventListener("click", () => drawer("sidebar"));
part("toggle-panel").addEventListener("click", () => drawer("panel"));
part("drawer-shade").addEventListener("click", closeDrawers);
document.addEventListener("keydown", (event) => event.key === "Escape" && closeDrawers());
document.addEventListener("visibilitychange", () => render());
onStoreChange(render);
render();
setInterval(() => {
  if (!store.state) return;
  renderClock();
  tickLiveTexts();
}, 250);
startStore();
