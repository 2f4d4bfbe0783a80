// The markdown block, close enough: headings, emphasis, lists and links, turned into mrkdwn lines.

import { h } from "./dom.js";
import { mrkdwn } from "./mrkdwn.js";

const BOLD = "\u0001";

function asMrkdwn(line) {
  return line
    // Bold first and under another sign: a single star means italic in Markdown and bold in mrkdwn.
    .replace(/\*\*(.+?)\*\*|__(.+?)__/g, (_, a, b) => `${BOLD}${a ?? b}${BOLD}`)
    .replace(/(^|[^*\w])\*([^*\s][^*]*)\*/g, "$1_$2_")
    .replace(/~~(.+?)~~/g, "~$1~")
    .replace(/!?\[([^\]]*)\]\((https?:[^)\s]+)\)/g, "<$2|$1>")
    .replaceAll(BOLD, "*");
}

export function markdown(text, reader) {
  return text.split("\n").map((line) => {
    const heading = /^#{1,6}\s+(.*)$/.exec(line);
    if (heading) return h("div", { class: "markdown-heading" }, mrkdwn(asMrkdwn(heading[1]), reader));
    const item = /^(\s*)(?:[-*+]|(\d+\.))\s+(.*)$/.exec(line);
    if (!item) return h("div", {}, line ? mrkdwn(asMrkdwn(line), reader) : "\u00a0");
    return h("div", { class: "markdown-item", style: `margin-left:${item[1].length * 8}px` },
      `${item[2] ?? "•"} `, mrkdwn(asMrkdwn(item[3]), reader));
  });
}
