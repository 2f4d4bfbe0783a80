// A small pop-up menu on a button, usable by keyboard.

import { h } from "./dom.js";

let open = null;

function close({ refocus = false } = {}) {
  if (!open) return;
  const { trigger, list } = open;
  open = null;
  list.remove();
  trigger.setAttribute("aria-expanded", "false");
  if (refocus) trigger.focus();
}

document.addEventListener("click", (event) => {
  if (open && !open.list.contains(event.target) && !open.trigger.contains(event.target)) close();
});

/** Attach a menu of [{label, detail, choose}] to a button. */
export function attachMenu(trigger, items) {
  trigger.setAttribute("aria-haspopup", "menu");
  trigger.setAttribute("aria-expanded", "false");
  trigger.addEventListener("click", () => {
    if (open?.trigger === trigger) return close({ refocus: true });
    close();
    const list = h("div", { class: "menu", role: "menu", onkeydown: walk }, items.map((item) =>
      h("button", {
        type: "button", role: "menuitem", class: "menu-item",
        onclick: () => {
          close({ refocus: true });
          item.choose();
        },
      }, item.label, item.detail ? h("small", {}, item.detail) : null)));
    trigger.after(list);
    openUpwardsIfNeeded(trigger, list);
    trigger.setAttribute("aria-expanded", "true");
    open = { trigger, list };
    list.firstElementChild?.focus();
    return undefined;
  });
}

/** The last message of a conversation has no room below it. */
function openUpwardsIfNeeded(trigger, list) {
  const room = trigger.closest(".scroller, .dialog-body")?.getBoundingClientRect().bottom ?? window.innerHeight;
  list.classList.toggle("upwards", list.getBoundingClientRect().bottom > room);
}

function walk(event) {
  const items = [...event.currentTarget.children];
  const at = items.indexOf(document.activeElement);
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (step) items[(at + step + items.length) % items.length].focus();
  else if (event.key === "Escape") close({ refocus: true });
  else if (event.key === "Tab") return close();
  else return undefined;
  // Escape must not reach the modal behind the menu.
  event.stopPropagation();
  event.preventDefault();
  return undefined;
}
