// The rich_text block: what Slack's own composer produces, and what apps may send.

import { workspaceNow } from "./clock.js";
import { fillDate } from "./dates.js";
import { h, liveText } from "./dom.js";
import { emojiOf } from "./emoji.js";
import { link } from "./mrkdwn.js";

export function richText(block, reader) {
  return h("div", { class: "rich-text" }, (block.elements ?? []).map((part) => section(part, reader)));
}

function section(part, reader) {
  const inside = () => (part.elements ?? []).map((leaf) => leafNode(leaf, reader));
  switch (part.type) {
    case "rich_text_list": {
      const items = (part.elements ?? []).map((item) => h("li", {}, section(item, reader)));
      return h(part.style === "ordered" ? "ol" : "ul", { style: `margin-left:${(part.indent ?? 0) * 20}px` }, items);
    }
    case "rich_text_preformatted":
      return h("pre", { class: "code-block" }, inside());
    case "rich_text_quote":
      return h("blockquote", {}, inside());
    default:
      return h("div", { class: "rich-text-section" }, inside());
  }
}

function leafNode(leaf, reader) {
  return styled(bare(leaf, reader), leaf.style ?? {});
}

function bare(leaf, reader) {
  switch (leaf.type) {
    case "text": return document.createTextNode(leaf.text ?? "");
    case "link": return link(leaf.url ?? "", leaf.text ? [leaf.text] : undefined) ?? document.createTextNode(leaf.text ?? leaf.url ?? "");
    case "emoji": return h("span", { class: "emoji" }, emojiOf(leaf.name) ?? `:${leaf.name}:`);
    case "user": return h("span", { class: leaf.user_id === reader.me ? "mention mention-me" : "mention" }, `@${reader.userName(leaf.user_id) ?? leaf.user_id}`);
    case "channel": return h("span", { class: "mention" }, `#${reader.channelName(leaf.channel_id) ?? leaf.channel_id}`);
    case "broadcast": return h("span", { class: "mention mention-me" }, `@${leaf.range}`);
    case "date": return liveText(h("time"), () => fillDate(leaf.format ?? "", leaf.timestamp, workspaceNow(), reader.timeZone));
    default: return document.createTextNode(leaf.text ?? leaf.fallback ?? "");
  }
}

function styled(node, style) {
  let wrapped = node;
  if (style.code) wrapped = h("code", {}, wrapped);
  if (style.bold) wrapped = h("b", {}, wrapped);
  if (style.italic) wrapped = h("i", {}, wrapped);
  if (style.strike) wrapped = h("s", {}, wrapped);
  return wrapped;
}
