// The left column: who one is, the channels, the app, and the other people with what waits for them.

import { avatar } from "./avatar.js";
import { h, icon, renderOnChange } from "./dom.js";
import { withEmoji } from "./emoji.js";
import { actAs, HOME, open, store } from "./store.js";
import { unreadCount } from "./unread.js";

export function renderSidebar(container, afterChoice) {
  const { state, as, place } = store;
  const unread = state.conversations.map((c) => (c.id === place ? 0 : unreadCount(as, c)));
  const waiting = new Map([...store.others].map(([id, direct]) => [id, unreadCount(id, direct)]));
  const signature = JSON.stringify([
    state.team, state.users, as, place, unread, [...waiting], state.bot.name, state.conversations.map((c) => [c.id, c.name]),
  ]);
  const go = (target) => {
    open(target);
    afterChoice();
  };
  renderOnChange(container, signature, () => [
    h("div", { class: "team" }, h("span", { class: "team-name" }, state.team.name)),
    switcher(waiting),
    h("div", { class: "sidebar-scroll" },
      group("Channels", state.conversations.map((c, index) => c.kind === "channel" && channelRow(c, unread[index], go))),
      group("Apps", [
        ...state.conversations.map((c, index) => c.kind === "im" && directRow(c, unread[index], go)),
        row({ label: "Home", sign: icon("M3 9.5L10 4l7 5.5V16H12v-4H8v4H3z"), current: place === HOME, testid: "home-tab", choose: () => go(HOME), indented: true }),
      ]),
      group("People", state.users.filter((user) => !user.deleted).map((user) => personRow(user, waiting.get(user.id) ?? 0)))),
  ]);
}

function switcher(waiting) {
  const { state, as } = store;
  const option = (user) => {
    const count = user.id === as ? 0 : waiting.get(user.id) ?? 0;
    const role = user.title ? ` — ${user.title}` : "";
    const note = count ? ` (${count} new)` : "";
    return h("option", { value: user.id, selected: user.id === as }, `${user.real_name || user.name}${role}${user.deleted ? " (deactivated)" : ""}${note}`);
  };
  return h("label", { class: "switcher" }, h("span", {}, "You are"),
    h("select", {
      dataset: { testid: "user-switch", focus: "user-switch" }, onchange: (event) => actAs(event.target.value),
    }, state.users.map(option)));
}

function group(title, rows) {
  return h("section", { class: "sidebar-group" }, h("h2", {}, title), h("ul", {}, rows.filter(Boolean).map((r) => h("li", {}, r))));
}

function row({ label, sign, current, testid, id, choose, unread = 0, badge = false, indented = false, title, hint }) {
  return h("button", {
    type: "button", class: `side-row ${unread ? "unread" : ""} ${indented ? "indented" : ""}`, title,
    "aria-current": current ? "page" : null, dataset: { ...(testid ? { testid } : {}), focus: `side-${testid ?? id}`, ...(id ? { id } : {}) },
    onclick: choose,
  }, h("span", { class: "side-sign" }, sign), h("span", { class: "side-label" }, label), hint ? h("span", { class: "emoji" }, hint) : null,
  unread && badge ? h("span", { class: "badge" }, String(unread), h("span", { class: "visually-hidden" }, " unread")) : null);
}

function channelRow(channel, unread, go) {
  return row({
    label: channel.name, sign: channel.is_private ? "🔒" : "#", current: store.place === channel.id, id: channel.id,
    testid: `conversation-${channel.name}`, choose: () => go(channel.id), unread,
  });
}

function directRow(direct, unread, go) {
  const { bot } = store.state;
  return row({
    label: bot.name, sign: avatar({ name: bot.name, bot: true, size: "small" }), current: store.place === direct.id,
    id: direct.id, testid: `conversation-${direct.name || bot.name}`, choose: () => go(direct.id), unread, badge: true,
  });
}

function personRow(user, unread) {
  const me = user.id === store.as;
  const name = user.real_name || user.name;
  return row({
    label: me ? `${name} (you)` : name, sign: avatar({ name, seed: user.id, size: "small" }), id: `person-${user.id}`,
    title: me ? user.title : `Act as ${name}${user.title ? `, ${user.title}` : ""}`, choose: () => actAs(user.id), unread, badge: true,
    hint: user.status_emoji ? withEmoji(user.status_emoji) : null,
  });
}
