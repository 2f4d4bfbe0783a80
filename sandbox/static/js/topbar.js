// The top: the workspace's time as the acting person's wall clock shows it, how fast it runs, and the connection.

import { post, Refused } from "./api.js";
import { workspaceNow } from "./clock.js";
import { clockDay, timeOf, zoneName } from "./dates.js";
import { h, renderOnChange } from "./dom.js";
import { refresh, store, timeZone } from "./store.js";
import { toast } from "./toast.js";

const SPEEDS = [1, 10, 60, 600];
const SKIPS = [[3600, "+1 h", "Skip one hour"], [86400, "+1 day", "Skip one day"]];

export function renderTopbar() {
  renderClock();
  renderControls();
  renderConnection();
}

export function renderClock() {
  const area = document.getElementById("clock-area");
  if (!area.firstChild) {
    area.append(h("div", { class: "clock", dataset: { testid: "clock" }, title: "The workspace's time, where you are" },
      h("span", { class: "clock-day" }), " ", h("span", { class: "clock-time" }), " ", h("span", { class: "clock-zone" })));
  }
  const now = workspaceNow();
  const zone = timeZone();
  const [day, time, name] = area.firstChild.children;
  day.textContent = clockDay(now, zone);
  time.textContent = timeOf(now, zone, true);
  name.textContent = `${zoneName(now, zone)} · ${zone.split("/").at(-1).replaceAll("_", " ")}`;
  name.title = zone;
}

async function turn(change) {
  try {
    await post("/ui/clock", change);
    await refresh();
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    toast(error.message);
  }
}

function renderControls() {
  const { speed, adjustable } = store.state.clock;
  const area = document.getElementById("clock-controls");
  area.hidden = !adjustable;
  if (!adjustable) return;
  // A speed given on the command line gets a button of its own.
  const speeds = [...new Set([...SPEEDS, speed])].sort((a, b) => a - b);
  renderOnChange(area, JSON.stringify(speeds) + speed, () => [
    h("div", { class: "segments", role: "group", "aria-label": "Clock speed" }, speeds.map((n) => h("button", {
      type: "button", "aria-pressed": String(n === speed), title: n === 1 ? "Real time" : `${n} times faster than real time`,
      dataset: { testid: `speed-${n}`, focus: `speed-${n}` }, onclick: () => turn({ speed: n }),
    }, `${n}×`))),
    h("div", { class: "segments" }, SKIPS.map(([seconds, label, title]) => h("button", {
      type: "button", title, dataset: { testid: `skip-${seconds}`, focus: `skip-${seconds}` }, onclick: () => turn({ advance: seconds }),
    }, label))),
  ]);
}

function renderConnection() {
  const area = document.getElementById("connection");
  const { name, connected } = store.state.bot;
  const [kind, words] = !store.live || store.problem
    ? ["lost", store.problem ?? "Reconnecting…"]
    : connected ? ["fine", `${name} connected`] : ["waiting", `${name} is not connected`];
  renderOnChange(area, kind + words, () => [h("span", { class: `lamp lamp-${kind}` }), h("span", {}, words)]);
}
