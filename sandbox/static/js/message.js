// One message: who, when, what, and who can see it.

import { avatar } from "./avatar.js";
import { blocks } from "./blocks.js";
import { workspaceNow } from "./clock.js";
import { fullMoment, timeOf } from "./dates.js";
import { h, icon } from "./dom.js";
import { withEmoji } from "./emoji.js";
import { Form } from "./form.js";
import { mrkdwn } from "./mrkdwn.js";
import { person, store } from "./store.js";
import { surfaceFor } from "./surface.js";

const forms = new Map();

/** Half-made choices outlive a redraw of their message. */
function formOf(conversation, ts) {
  const key = `${store.as}/${conversation}/${ts}`;
  if (!forms.has(key)) forms.set(key, new Form());
  return forms.get(key);
}

export function authorName(message) {
  const { bot } = store.state;
  if (message.user === "USLACKBOT") return "Slackbot";
  if (message.is_bot || message.user === bot.user_id) return bot.name;
  const user = person(message.user);
  return user?.real_name || user?.name || message.user || "Unknown";
}

/** `folded`: the same author goes on within minutes, so Slack shows no name again. */
export function messageNode(message, { conversation, folded, testid = "message", dismiss }) {
  const zone = surfaceFor(formOf(conversation, message.ts), { conversation, ts: message.ts });
  const classes = ["message", folded && "folded", message.ephemeral && "ephemeral", message.deleted && "deleted"];
  const name = authorName(message);
  return h("article", {
    class: classes.filter(Boolean).join(" "), tabindex: -1,
    dataset: { testid, ts: message.ts, ...(message.ephemeral ? { ephemeral: "true" } : {}) },
    "aria-label": `${name}, ${timeOf(Number(message.ts), zone.reader.timeZone)}`,
  },
  message.ephemeral ? onlyYou(dismiss) : null,
  h("div", { class: "message-row" },
    h("div", { class: "message-side" }, folded
      ? timeNode(message, zone.reader.timeZone)
      : avatar({ name, seed: message.user, bot: message.is_bot })),
    h("div", { class: "message-main" }, folded ? null : head(message, name, zone.reader.timeZone), body(message, zone))));
}

function onlyYou(dismiss) {
  return h("div", { class: "only-you" }, icon("M2 10s3-5 8-5 8 5 8 5-3 5-8 5-8-5-8-5M10 8a2 2 0 1 1 0 4 2 2 0 0 1 0-4"),
    "Only visible to you", h("button", { type: "button", class: "link-button", onclick: dismiss }, "Dismiss message"));
}

function timeNode(message, timeZone) {
  const unix = Number(message.ts);
  const short = timeOf(unix, timeZone);
  return h("time", {
    class: "message-time", datetime: new Date(unix * 1000).toISOString(),
    title: fullMoment(unix, workspaceNow(), timeZone),
  }, short);
}

function head(message, name, timeZone) {
  const user = message.is_bot ? null : person(message.user);
  return h("div", { class: "message-head" },
    h("span", { class: "message-author" }, name),
    message.is_bot ? h("span", { class: "app-badge" }, "APP") : null,
    user?.status_emoji ? h("span", { class: "emoji", title: user.status_text || null }, withEmoji(user.status_emoji)) : null,
    timeNode(message, timeZone));
}

function body(message, surface) {
  if (message.deleted) return h("div", { class: "text tombstone" }, "This message was deleted.");
  // With blocks, `text` is for notifications and screen readers only.
  const content = message.blocks?.length
    ? h("div", { class: "blocks" }, blocks(message.blocks, surface))
    : h("div", { class: "text" }, mrkdwn(message.text ?? "", surface.reader));
  if (message.edited) content.append(h("span", { class: "edited" }, "(edited)"));
  return content;
}
