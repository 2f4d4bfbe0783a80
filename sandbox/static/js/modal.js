// The top view of the acting person's stack, as a dialog.

import { post } from "./api.js";
import { blocks } from "./blocks.js";
import { h } from "./dom.js";
import { Form, isFilled } from "./form.js";
import { plain } from "./mrkdwn.js";
import { openOverlay } from "./overlay.js";
import { refresh, store } from "./store.js";
import { surfaceFor, whileBusy } from "./surface.js";

const forms = new Map();
let shown = null;

/** Show, redraw or take away the dialog, as the workspace says. */
export function renderModal() {
  const view = store.state?.modal ?? null;
  const key = view && `${store.as}/${view.id}`;
  if (shown && shown.key !== key) {
    shown.overlay.close();
    shown = null;
  }
  if (!view) return;
  const signature = JSON.stringify(view);
  if (shown?.signature === signature) return;
  if (!forms.has(key)) forms.set(key, new Form());
  const fresh = !shown;
  shown ??= { key, overlay: dialog(view) };
  shown.signature = signature;
  draw(view, forms.get(key), fresh);
}

function dialog(view) {
  return openOverlay({
    label: plain(view.title), className: "dialog modal", testid: "modal", content: [],
    dismiss: () => close(view, shown.overlay.box),
  });
}

function draw(view, form, fresh) {
  const { box } = shown.overlay;
  const active = box.contains(document.activeElement) ? document.activeElement.dataset.focus : undefined;
  const surface = surfaceFor(form, { view_id: view.id });
  const body = h("div", { class: "dialog-body blocks" }, blocks(view.blocks, surface));
  const submittable = view.submit || (view.blocks ?? []).some((block) => block?.type === "input");
  const submitButton = submittable && h("button", {
    type: "submit", class: "button primary", dataset: { testid: "modal-submit" },
  }, plain(view.submit) || "Submit");
  const shell = h("form", {
    class: "dialog-shell", novalidate: true,
    onsubmit: (event) => {
      event.preventDefault();
      if (submitButton) submit(view, form, box, submitButton);
    },
  },
  h("header", { class: "dialog-head" }, h("h2", {}, plain(view.title)), h("button", {
    type: "button", class: "icon-button close", "aria-label": "Dismiss dialog", dataset: { testid: "modal-close" },
    onclick: (event) => close(view, event.currentTarget),
  }, "×")),
  body,
  h("footer", { class: "dialog-foot" },
    h("button", { type: "button", class: "button", onclick: (event) => close(view, event.currentTarget) },
      plain(view.close) || (submittable ? "Cancel" : "Close")),
    submitButton || null));
  const scrolled = box.querySelector(".dialog-body")?.scrollTop ?? 0;
  box.replaceChildren(shell);
  body.scrollTop = scrolled;
  for (const block of view.blocks ?? []) form.watch(block.block_id, () => showError(box, block.block_id, null));
  const same = active && box.querySelector(`[data-focus="${CSS.escape(active)}"]`);
  if (same) same.focus();
  else if (fresh || !box.contains(document.activeElement)) shown.overlay.focusFirst();
}

async function close(view, node) {
  await whileBusy(node, () => post("/ui/close", { as: store.as, view_id: view.id }));
}

async function submit(view, form, box, button) {
  const missing = problems(view, form);
  if (showErrors(box, missing)) return;
  const answer = await whileBusy(button, () => post("/ui/submit", {
    as: store.as, view_id: view.id, state: form.snapshot(),
  }));
  if (!answer) return;
  if (!showErrors(box, answer.errors ?? {})) await refresh();
}

/** What Slack's client refuses before it asks the app. */
function problems(view, form) {
  const found = {};
  for (const block of view.blocks ?? []) {
    const item = block?.type === "input" ? block.element ?? {} : null;
    if (!item) continue;
    const value = form.get(block.block_id, item.action_id);
    const text = value?.value ?? "";
    if (!isFilled(value)) {
      if (!block.optional) found[block.block_id] = "Please complete this required field.";
    } else if (item.min_length && text.length < item.min_length) {
      found[block.block_id] = `Please enter at least ${item.min_length} characters.`;
    } else if (item.max_length && text.length > item.max_length) {
      found[block.block_id] = `Please enter at most ${item.max_length} characters.`;
    } else if (item.type === "email_text_input" && !/^\S+@\S+\.\S+$/.test(text)) {
      found[block.block_id] = "Please enter a valid email address.";
    }
  }
  return found;
}

/** Mark the blocks at fault and go to the first; returns whether there was any. */
function showErrors(box, errors) {
  for (const input of box.querySelectorAll(".input")) showError(box, input.dataset.block, errors[input.dataset.block] ?? null);
  const first = box.querySelector(".input.wrong");
  first?.querySelector("input, select, textarea")?.focus();
  return Object.keys(errors).length > 0;
}

function showError(box, blockId, sentence) {
  const block = box.querySelector(`.input[data-block="${CSS.escape(blockId ?? "")}"]`);
  if (!block) return;
  block.classList.toggle("wrong", Boolean(sentence));
  block.querySelector("input, select, textarea")?.setAttribute("aria-invalid", String(Boolean(sentence)));
  const line = block.querySelector(":scope > .error");
  line.hidden = !sentence;
  line.textContent = sentence ?? "";
}
