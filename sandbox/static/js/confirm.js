// The "are you sure" of Block Kit.

import { h } from "./dom.js";
import { openOverlay } from "./overlay.js";
import { plain, textNodes } from "./mrkdwn.js";

/** Ask, and resolve to whether the person agreed. */
export function confirmed(dialog, reader) {
  return new Promise((resolve) => {
    const finish = (answer) => {
      overlay.close();
      resolve(answer);
    };
    const style = dialog.style === "danger" ? "danger" : "primary";
    const overlay = openOverlay({
      label: plain(dialog.title) || "Are you sure?",
      className: "dialog confirm",
      dismiss: () => finish(false),
      content: [
        h("header", { class: "dialog-head" }, h("h2", {}, plain(dialog.title) || "Are you sure?")),
        h("div", { class: "dialog-body text" }, textNodes(dialog.text, reader)),
        h("footer", { class: "dialog-foot" },
          h("button", { type: "button", class: "button", onclick: () => finish(false) }, plain(dialog.deny) || "Cancel"),
          h("button", { type: "button", class: `button ${style}`, dataset: { autofocus: "" }, onclick: () => finish(true) },
            plain(dialog.confirm) || "Yes")),
      ],
    });
  });
}
