// Interactive elements of Block Kit: buttons and menus here, selects in choices.js, typed inputs in inputs.js.
//
// A surface is where an element stands: { form, reader, people, channels, act(block, element, payload, node) }.

import { choices } from "./choices.js";
import { confirmed } from "./confirm.js";
import { h, icon } from "./dom.js";
import { inputs } from "./inputs.js";
import { plain } from "./mrkdwn.js";
import { attachMenu } from "./menu.js";

/** Keys for ids an app left out: Slack makes some up, and the server should have. */
export function blockKey(block, index = 0) {
  return block.block_id ?? `block-${index}`;
}

/** The node of one element, or a quiet remark for a type this page does not know. */
export function element(item, block, surface) {
  const build = BUILDERS[item?.type];
  if (!build) return h("span", { class: "unsupported" }, `${item?.type ?? "element"} can't be shown here`);
  return build(item, block, surface);
}

export function isInteractive(item) {
  return item?.type in BUILDERS;
}

const SAFE_TARGET = /^(https?:|mailto:|tel:)/i;

function button(item, block, surface) {
  const hiddenFrom = item.visible_to_user_ids?.length && !item.visible_to_user_ids.includes(surface.reader.me);
  if (hiddenFrom) return null;
  const press = async () => {
    if (item.confirm && !(await confirmed(item.confirm, surface.reader))) return;
    // A button with a url opens it and still tells the app.
    if (item.url && SAFE_TARGET.test(item.url)) window.open(item.url, "_blank", "noopener,noreferrer");
    await surface.act(block, item, item.value === undefined ? {} : { value: item.value }, node);
  };
  const node = h("button", {
    type: "button",
    class: `button ${item.style === "primary" || item.style === "danger" ? item.style : ""}`,
    "aria-label": item.accessibility_label,
    dataset: { focus: `${block.block_id}/${item.action_id}/${item.value ?? ""}`, actionId: item.action_id ?? "" },
    onclick: press,
  }, plain(item.text), item.url ? icon("M8 5h7v7M15 5l-9 9") : null);
  return node;
}

function overflow(item, block, surface) {
  const node = h("button", {
    type: "button", class: "button overflow", "aria-label": item.accessibility_label ?? "More actions",
    dataset: { focus: `${block.block_id}/${item.action_id}`, actionId: item.action_id ?? "" },
  }, "⋯");
  const choose = async (option) => {
    if (item.confirm && !(await confirmed(item.confirm, surface.reader))) return;
    if (option.url && SAFE_TARGET.test(option.url)) window.open(option.url, "_blank", "noopener,noreferrer");
    await surface.act(block, item, { selected_option: option }, node);
  };
  attachMenu(node, (item.options ?? []).map((option) => ({
    label: plain(option.text), detail: plain(option.description), choose: () => choose(option),
  })));
  return h("span", { class: "menu-anchor" }, node);
}

function feedback(item, block, surface) {
  return h("span", { class: "button-pair" }, [item.positive_button, item.negative_button].filter(Boolean).map((half) =>
    button({ ...half, type: "button", action_id: item.action_id }, block, surface)));
}

function iconButton(item, block, surface) {
  return button({ ...item, text: item.text ?? { type: "plain_text", text: item.icon ?? "…" } }, block, surface);
}

const BUILDERS = {
  button,
  overflow,
  workflow_button: button,
  feedback_buttons: feedback,
  icon_button: iconButton,
  ...choices,
  ...inputs,
};
