// Slack's mrkdwn as DOM nodes. https://docs.slack.dev/messaging/formatting-message-text
//
// A reader is what the text needs to know about who reads it: userName(id), channelName(id), me, timeZone.

import { workspaceNow } from "./clock.js";
import { fillDate, fullMoment } from "./dates.js";
import { h, liveText } from "./dom.js";
import { SHORT_CODE, emojiOf, withEmoji } from "./emoji.js";

/** The three characters Slack escapes, and only these: a lead's "&copy;" stays as typed. */
export function unescapeEntities(text) {
  return text.replace(/&(lt|gt|amp);/g, (_, name) => ({ lt: "<", gt: ">", amp: "&" })[name]);
}

/** A text object (plain_text or mrkdwn) as nodes. */
export function textNodes(object, reader) {
  if (!object) return [];
  if (typeof object === "string") return mrkdwn(object, reader);
  const text = String(object.text ?? "");
  if (object.type === "mrkdwn") return mrkdwn(text, reader, { verbatim: object.verbatim === true });
  return [document.createTextNode(plain(object))];
}

/** A text object as a string, for labels and options, which take no formatting. */
export function plain(object) {
  if (!object) return "";
  if (typeof object === "string") return object;
  const text = unescapeEntities(String(object.text ?? ""));
  return object.emoji === false ? text : withEmoji(text);
}

const FENCED = /```([\s\S]+?)```/;

export function mrkdwn(text, reader, { verbatim = false } = {}) {
  // split() with a group puts what stood between two fences at the odd places.
  const pieces = String(text).split(FENCED);
  return pieces.flatMap((piece, index) => {
    if (index % 2 === 1) return [h("pre", { class: "code-block" }, codeNodes(piece.replace(/^\n|\n$/g, ""), reader))];
    return quotedLines(trimAround(piece, index > 0, index < pieces.length - 1), reader, verbatim);
  });
}

/** Block-level neighbours bring their own line break. */
function trimAround(piece, afterBlock, beforeBlock) {
  let text = piece;
  if (afterBlock) text = text.replace(/^\n/, "");
  if (beforeBlock) text = text.replace(/\n$/, "");
  return text;
}

const QUOTE = /^(?:>|&gt;) ?/;
const QUOTE_REST = /^(?:>|&gt;){3} ?/;

function quotedLines(text, reader, verbatim) {
  const nodes = [];
  let plainLines = [];
  let quoted = [];
  const flush = () => {
    if (quoted.length) nodes.push(h("blockquote", {}, inline(quoted.join("\n"), reader, verbatim)));
    if (plainLines.length) nodes.push(...inline(plainLines.join("\n"), reader, verbatim));
    quoted = [];
    plainLines = [];
  };
  const lines = text.split("\n");
  for (let i = 0; i < lines.length; i += 1) {
    if (QUOTE_REST.test(lines[i])) {
      flush();
      quoted = [lines[i].replace(QUOTE_REST, ""), ...lines.slice(i + 1)];
      break;
    }
    const isQuote = QUOTE.test(lines[i]);
    if (isQuote ? plainLines.length : quoted.length) flush();
    (isQuote ? quoted : plainLines).push(lines[i].replace(QUOTE, ""));
  }
  flush();
  return nodes;
}

const STYLES = { "*": "b", _: "i", "~": "s" };
const WORD = /[\p{L}\p{N}]/u;
const BARE_URL = /https?:\/\/[^\s<>|]+[^\s<>|.,;:!?'")\]*_~`]/y;

/** One run of text without block structure. Markers only count at word boundaries, as in Slack. */
export function inline(text, reader, verbatim = false) {
  const nodes = [];
  let run = "";
  const flush = () => {
    if (run) nodes.push(document.createTextNode(unescapeEntities(run)));
    run = "";
  };
  for (let i = 0; i < text.length; ) {
    const found = spanAt(text, i, reader, verbatim);
    if (found) {
      flush();
      nodes.push(found.node);
      i = found.end;
    } else {
      run += text[i];
      i += 1;
    }
  }
  flush();
  return nodes;
}

function spanAt(text, i, reader, verbatim) {
  const char = text[i];
  if (char === "<") return angleAt(text, i, reader);
  if (char === "`") return codeAt(text, i, reader);
  if (char === ":") return emojiAt(text, i);
  if (char in STYLES) return styledAt(text, i, reader, verbatim);
  if (char === "h" && !verbatim) return bareUrlAt(text, i);
  return null;
}

function angleAt(text, i, reader) {
  const end = text.indexOf(">", i);
  if (end < 0 || text.slice(i, end).includes("\n")) return null;
  const node = reference(text.slice(i + 1, end), reader);
  return node && { node, end: end + 1 };
}

function codeAt(text, i, reader) {
  const end = text.indexOf("`", i + 1);
  const inner = text.slice(i + 1, end);
  if (end < 0 || !inner.trim() || inner.includes("\n")) return null;
  return { node: h("code", {}, codeNodes(inner, reader)), end: end + 1 };
}

function codeNodes(text, reader) {
  return text.split(/(<[^<>\n]+>)/).filter(Boolean).map((piece) =>
    (/^<.+>$/.test(piece) && reference(piece.slice(1, -1), reader)) || unescapeEntities(piece));
}

function emojiAt(text, i) {
  SHORT_CODE.lastIndex = i;
  const match = SHORT_CODE.exec(text);
  const character = match && emojiOf(match[1]);
  if (!character) return null;
  const node = h("span", { class: "emoji", role: "img", "aria-label": match[1].replaceAll("_", " "), title: `:${match[1]}:` }, character);
  return { node, end: i + match[0].length };
}

function styledAt(text, i, reader, verbatim) {
  const mark = text[i];
  const before = text[i - 1] ?? " ";
  if (WORD.test(before) || before === mark || /\s/.test(text[i + 1] ?? " ") || text[i + 1] === mark) return null;
  const end = closing(text, i, mark);
  if (end < 0) return null;
  return { node: h(STYLES[mark], {}, inline(text.slice(i + 1, end), reader, verbatim)), end: end + 1 };
}

/** The matching mark on the same line, jumping over links and code, whose marks are not marks. */
function closing(text, start, mark) {
  for (let i = start + 1; i < text.length && text[i] !== "\n"; i += 1) {
    if (text[i] === "<" || text[i] === "`") {
      const end = text.indexOf(text[i] === "<" ? ">" : "`", i + 1);
      if (end > 0 && !text.slice(i, end).includes("\n")) i = end;
    } else if (text[i] === mark && !/\s/.test(text[i - 1]) && !WORD.test(text[i + 1] ?? " ")) {
      return i;
    }
  }
  return -1;
}

function bareUrlAt(text, i) {
  if (WORD.test(text[i - 1] ?? " ")) return null;
  BARE_URL.lastIndex = i;
  const match = BARE_URL.exec(text);
  return match && { node: link(unescapeEntities(match[0])), end: i + match[0].length };
}

/** What stands between < and >: a link, a mention, a channel, a date. Null where it is none of these. */
function reference(body, reader) {
  const bar = body.indexOf("|");
  const target = bar < 0 ? body : body.slice(0, bar);
  const label = bar < 0 ? null : body.slice(bar + 1);
  if (target.startsWith("@")) return mention(target.slice(1), label, reader);
  if (target.startsWith("#")) {
    const name = reader.channelName(target.slice(1)) ?? label ?? target.slice(1);
    return h("span", { class: "mention" }, `#${unescapeEntities(name)}`);
  }
  if (target.startsWith("!date^")) return date(target, label, reader);
  if (target.startsWith("!subteam^")) return h("span", { class: "mention" }, unescapeEntities(label ?? "@group"));
  if (target.startsWith("!")) return h("span", { class: "mention mention-me" }, `@${target.slice(1)}`);
  return link(unescapeEntities(target), label === null ? undefined : inline(label, reader, true));
}

function mention(id, label, reader) {
  const name = reader.userName(id) ?? (label ? unescapeEntities(label) : id);
  return h("span", { class: id === reader.me ? "mention mention-me" : "mention", dataset: { user: id } }, `@${name}`);
}

function date(target, fallback, reader) {
  const [, unixText, template, url] = target.split("^");
  const unix = Number(unixText);
  if (!unixText || !Number.isFinite(unix) || !template) return document.createTextNode(unescapeEntities(fallback ?? ""));
  const text = () => unescapeEntities(fillDate(template, unix, workspaceNow(), reader.timeZone));
  const title = fullMoment(unix, workspaceNow(), reader.timeZone);
  const node = liveText(h("time", { datetime: new Date(unix * 1000).toISOString(), title }), text);
  return url ? link(unescapeEntities(url), [node]) : node;
}

const SAFE = /^(https?:|mailto:|tel:)/i;

/** A link a person can click, or its bare text where the scheme could run something. */
export function link(url, children) {
  const shown = children?.length ? children : [url.replace(/^(mailto|tel):/i, "")];
  if (SAFE.test(url)) return h("a", { href: url, target: "_blank", rel: "noopener noreferrer" }, shown);
  // Deep links into the client (slack://…) mean nothing in a browser; anything else without a scheme is no link.
  if (/^[a-z][a-z0-9+.-]*:/i.test(url)) return h("span", { class: "dead-link", title: url }, shown);
  return null;
}
