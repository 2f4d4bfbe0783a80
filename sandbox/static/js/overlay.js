// Dialogs over the page: focus stays inside, Escape leaves, focus returns to where it was.

import { h } from "./dom.js";

const layers = [];
const FOCUSABLE = "button, [href], input, select, textarea, [tabindex]:not([tabindex='-1'])";

function focusable(box) {
  return [...box.querySelectorAll(FOCUSABLE)].filter((node) => !node.disabled && node.offsetParent !== null);
}

// A button that waits for its answer is disabled and has lost focus by the time its dialog opens, and its message
// may be drawn anew meanwhile: so the last place in the page is remembered, and found again by its mark.
let lastPlace = null;
document.getElementById("app").addEventListener("focusin", (event) => {
  lastPlace = event.target;
});

function refocus(before) {
  const key = lastPlace?.dataset.focus;
  const again = key && document.querySelector(`#app [data-focus="${CSS.escape(key)}"]`);
  const target = [before, lastPlace, again].find((node) => node?.isConnected && node !== document.body);
  target?.focus({ preventScroll: true });
}

/** What lies below the top layer takes no clicks and no focus. */
function settle() {
  document.getElementById("app").inert = layers.length > 0;
  layers.forEach((layer, index) => {
    layer.shade.inert = index < layers.length - 1;
  });
}

/** Open a dialog; returns { box, close, focusFirst }. `dismiss` is called on Escape. */
export function openOverlay({ label, className, content, dismiss, testid }) {
  const before = document.activeElement;
  const box = h("div", {
    class: className, role: "dialog", "aria-modal": "true", "aria-label": label, tabindex: -1,
    dataset: testid ? { testid } : {},
  }, content);
  const shade = h("div", { class: "shade" }, box);
  const layer = { shade };
  shade.addEventListener("keydown", (event) => {
    if (event.key === "Escape") {
      event.stopPropagation();
      dismiss();
    } else if (event.key === "Tab") {
      wrapFocus(event, box);
    }
  });
  layers.push(layer);
  document.getElementById("overlays").append(shade);
  settle();
  const focusFirst = () => (box.querySelector("[data-autofocus]") ?? firstField(box) ?? box).focus();
  focusFirst();
  return {
    box,
    focusFirst,
    close() {
      shade.remove();
      layers.splice(layers.indexOf(layer), 1);
      settle();
      refocus(before);
    },
  };
}

/** A person who opens a form wants its first field, not its close button. */
function firstField(box) {
  return focusable(box).find((node) => node.matches("input, select, textarea"));
}

function wrapFocus(event, box) {
  const all = focusable(box);
  const edge = event.shiftKey ? all[0] : all.at(-1);
  const inside = box.contains(document.activeElement) && document.activeElement !== box;
  if (inside && document.activeElement !== edge) return;
  event.preventDefault();
  (event.shiftKey ? all.at(-1) : all[0])?.focus();
}
