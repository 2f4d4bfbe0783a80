// Block Kit blocks as DOM nodes. https://docs.slack.dev/reference/block-kit/blocks

import { chart, table } from "./charts.js";
import { h } from "./dom.js";
import { blockKey, element, isInteractive } from "./elements.js";
import { markdown } from "./markdown.js";
import { plain, textNodes } from "./mrkdwn.js";
import { richText } from "./richtext.js";

/** All blocks of a message or view. A block that breaks must not take its neighbours along. */
export function blocks(list, surface) {
  surface.form.begin();
  return (list ?? []).map((raw, index) => {
    const block = raw && { ...raw, block_id: blockKey(raw, index) };
    try {
      return (RENDERERS[block?.type] ?? unknown)(block, surface);
    } catch (problem) {
      console.warn("A block could not be drawn", raw, problem);
      return unknown(block, surface);
    }
  });
}

function section(block, surface) {
  const { reader } = surface;
  const body = h("div", { class: "section-body" },
    block.text ? h("div", { class: "text" }, textNodes(block.text, reader)) : null,
    block.fields?.length
      ? h("div", { class: "fields" }, block.fields.map((field) => h("div", { class: "field text" }, textNodes(field, reader))))
      : null);
  const side = block.accessory && h("div", { class: "accessory" }, accessory(block.accessory, block, surface));
  return h("div", { class: "block section" }, body, side);
}

function accessory(item, block, surface) {
  return item.type === "image" ? picture(item, "thumb") : element(item, block, surface);
}

function context(block, surface) {
  return h("div", { class: "block context" }, (block.elements ?? []).map((item) =>
    (item.type === "image" ? picture(item, "tiny") : h("span", { class: "text" }, textNodes(item, surface.reader)))));
}

function actions(block, surface) {
  return h("div", { class: "block actions" }, (block.elements ?? []).map((item) => element(item, block, surface)));
}

/** Only what the page carries itself is shown; anything else would be a request to a stranger's server. */
function picture(item, size) {
  const source = item.image_url ?? "";
  const own = source.startsWith("data:image/") || new URL(source || "data:", location.href).origin === location.origin;
  const name = item.alt_text ?? "image";
  if (source && own) return h("img", { class: `picture ${size}`, src: source, alt: name });
  if (size === "tiny") return h("span", { class: "picture-alt tiny", role: "img", "aria-label": name, title: name }, "▣");
  return h("span", { class: `picture-alt ${size}`, role: "img", "aria-label": name }, name);
}

function image(block) {
  return h("figure", { class: "block image" },
    block.title ? h("figcaption", {}, plain(block.title)) : null, picture(block, "wide"));
}

let serial = 0;

function input(block, surface) {
  const item = block.element ?? {};
  const control = element(item, block, surface);
  const id = `input-${(serial += 1)}`;
  const field = control?.matches?.("input, select, textarea") ? control : control?.querySelector?.("select");
  if (field) field.id = id;
  const label = [plain(block.label), block.optional ? h("span", { class: "optional" }, " (optional)") : null];
  const hint = block.hint && h("p", { class: "hint", id: `${id}-hint` }, plain(block.hint));
  const error = h("p", { class: "error", id: `${id}-error`, role: "alert", hidden: true });
  if (field) {
    field.setAttribute("aria-describedby", [hint && hint.id, error.id].filter(Boolean).join(" "));
    if (!block.optional) field.setAttribute("aria-required", "true");
  }
  return h("div", { class: "block input", dataset: { block: block.block_id } },
    field ? h("label", { class: "label", for: id }, label) : h("div", { class: "label" }, label),
    control, error, hint);
}

function alert(block, surface) {
  const level = ["info", "warning", "error", "success"].includes(block.level) ? block.level : "default";
  return h("div", { class: `block alert alert-${level}`, role: "note" }, h("div", { class: "text" }, textNodes(block.text, surface.reader)));
}

/** A type this page does not draw: its words, so that nothing an app says is lost, and its name. */
function unknown(block, surface) {
  const words = [block?.title, block?.text, block?.subtitle, block?.body].filter(Boolean);
  return h("div", { class: "block unknown" },
    words.map((word) => h("div", { class: "text" }, textNodes(word, surface.reader))),
    (block?.elements ?? []).filter?.(isInteractive).map((item) => element(item, block, surface)),
    h("small", {}, `A “${block?.type ?? "nameless"}” block, which this workspace doesn't draw`));
}

const RENDERERS = {
  section,
  context,
  actions,
  image,
  input,
  alert,
  table,
  context_actions: actions,
  data_table: table,
  data_visualization: chart,
  header: (block) => h("h3", { class: "block header" }, plain(block.text)),
  divider: () => h("hr", { class: "block divider" }),
  markdown: (block, { reader }) => h("div", { class: "block text" }, markdown(block.text ?? "", reader)),
  rich_text: (block, { reader }) => h("div", { class: "block" }, richText(block, reader)),
};
