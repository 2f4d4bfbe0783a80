// The box at the foot of a conversation: plain messages, and slash commands with suggestions.

import { post } from "./api.js";
import { h, icon } from "./dom.js";
import { store } from "./store.js";
import { whileBusy } from "./surface.js";

const drafts = new Map();

/** `sent` is called once words of one's own are about to appear. */
export function composer(conversation, sent) {
  const { as } = store;
  const draftKey = `${as}/${conversation.id}`;
  const name = conversation.kind === "channel" ? `#${conversation.name}` : conversation.name;
  const suggestions = h("div", { class: "suggestions", role: "listbox", id: "suggestions", "aria-label": "Commands", hidden: true });
  const send = h("button", {
    type: "submit", class: "send", "aria-label": "Send", title: "Send", dataset: { testid: "send" },
  }, icon("M3 3.5l14 6.5-14 6.5 2-6.5zM5 10h6"));
  const box = h("textarea", {
    rows: 1, placeholder: `Message ${name}`, "aria-label": `Message ${name}`, dataset: { testid: "composer" },
    role: "combobox", "aria-autocomplete": "list", "aria-controls": "suggestions", "aria-expanded": "false",
    oninput: () => changed(), onkeydown: (event) => key(event), onblur: () => list.hide(),
  });
  const list = suggestionList(suggestions, box, () => changed());
  const changed = () => {
    drafts.set(draftKey, box.value);
    box.style.height = "auto";
    box.style.height = `${Math.min(box.scrollHeight, 160)}px`;
    send.classList.toggle("ready", box.value.trim() !== "");
    list.offer(box.value);
  };
  const submit = async () => {
    const text = box.value.trim();
    if (!text || send.disabled) return;
    list.hide();
    const path = text.startsWith("/") ? "/ui/command" : "/ui/message";
    const answer = await whileBusy(send, () => post(path, { as, conversation: conversation.id, text }));
    // Refused words stay in the box, to be mended; so does what was typed meanwhile.
    if (answer) sent();
    if (!answer || box.value.trim() !== text) return;
    box.value = "";
    changed();
  };
  const key = (event) => {
    if (event.isComposing || list.key(event)) return;
    if (event.key === "Enter" && !event.shiftKey) {
      event.preventDefault();
      submit();
    }
  };
  box.value = drafts.get(draftKey) ?? "";
  return h("form", {
    class: "composer",
    onsubmit: (event) => {
      event.preventDefault();
      submit();
      box.focus();
    },
  }, suggestions, h("div", { class: "composer-box" }, box, h("div", { class: "composer-foot" },
    h("span", { class: "composer-hint" }, h("kbd", {}, "/"), " commands · ", h("kbd", {}, "Enter"), " sends"), send)));
}

/** Suggestions while the first word of a command is being typed. */
function suggestionList(panel, box, changed) {
  let offered = [];
  let at = 0;
  const hide = () => {
    offered = [];
    panel.hidden = true;
    box.setAttribute("aria-expanded", "false");
    box.removeAttribute("aria-activedescendant");
  };
  const take = (command) => {
    box.value = `${command.command} `;
    hide();
    changed();
    box.focus();
  };
  const draw = () => {
    panel.hidden = offered.length === 0;
    box.setAttribute("aria-expanded", String(!panel.hidden));
    panel.replaceChildren(...offered.map((command, index) => h("div", {
      class: "suggestion", role: "option", id: `suggestion-${index}`, "aria-selected": String(index === at),
      // Before the click, the box would lose focus and the list would close.
      onmousedown: (event) => {
        event.preventDefault();
        take(command);
      },
    }, h("b", {}, command.command), h("span", { class: "usage" }, command.usage_hint ?? ""), h("small", {}, command.description ?? ""))));
    if (offered.length) box.setAttribute("aria-activedescendant", `suggestion-${at}`);
  };
  const offer = (text) => {
    const typing = /^\/\S*$/.test(text);
    offered = typing ? (store.state.commands ?? []).filter((c) => c.command.startsWith(text)) : [];
    at = 0;
    if (offered.length) draw();
    else hide();
  };
  const key = (event) => {
    if (!offered.length) return false;
    const exact = offered[at].command === box.value;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      at = (at + (event.key === "ArrowDown" ? 1 : offered.length - 1)) % offered.length;
      draw();
    } else if (event.key === "Tab" || (event.key === "Enter" && !event.shiftKey && !exact)) take(offered[at]);
    else if (event.key === "Escape") hide();
    else return false;
    event.preventDefault();
    return true;
  };
  return { offer, hide, key };
}
