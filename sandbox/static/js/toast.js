import { h } from "./dom.js";

/** A sentence that goes away by itself; long enough on screen to be read twice. */
export function toast(sentence) {
  const box = h("div", { class: "toast", dataset: { testid: "toast" } },
    h("span", {}, sentence),
    h("button", { type: "button", class: "toast-close", "aria-label": "Dismiss", onclick: () => box.remove() }, "×"));
  document.getElementById("toasts").append(box);
  setTimeout(() => box.remove(), 4000 + sentence.length * 60);
}
