// Elements one chooses from: selects, radio buttons, checkboxes. Native controls, because keyboards and screen
// readers know them.

import { confirmed } from "./confirm.js";
import { h } from "./dom.js";
import { plain, textNodes } from "./mrkdwn.js";

let serial = 0;

/** Store a choice, and tell the app where Slack would: outside input blocks, or where dispatch_action asks. */
async function changed(item, block, surface, payload, node) {
  const before = surface.form.get(block.block_id, item.action_id);
  surface.form.set(block.block_id, item.action_id, { type: item.type, ...payload });
  if (block.type === "input" && !block.dispatch_action) return true;
  if (item.confirm && !(await confirmed(item.confirm, surface.reader))) {
    surface.form.set(block.block_id, item.action_id, before);
    return false;
  }
  await surface.act(block, item, payload, node);
  return true;
}

/** What the different kinds of select offer and what their choice is called in the payload. */
const KINDS = {
  static: { one: "selected_option", many: "selected_options", first: ["initial_option", "initial_options"] },
  external: { one: "selected_option", many: "selected_options", first: ["initial_option", "initial_options"] },
  users: { one: "selected_user", many: "selected_users", first: ["initial_user", "initial_users"] },
  conversations: {
    one: "selected_conversation", many: "selected_conversations",
    first: ["initial_conversation", "initial_conversations"],
  },
  channels: { one: "selected_channel", many: "selected_channels", first: ["initial_channel", "initial_channels"] },
};

/** Groups of {key, label, choice}; `choice` is what goes into the payload. */
function offers(kind, item, surface) {
  const named = (entries) => [{ label: null, entries: entries.map(([key, label]) => ({ key, label, choice: key })) }];
  const option = (entry) => ({ key: entry.value, label: plain(entry.text), choice: entry });
  if (kind === "users") return named(surface.people.filter((p) => !p.deleted).map((p) => [p.id, p.real_name || p.name]));
  if (kind === "conversations" || kind === "channels") return named(surface.channels.map((c) => [c.id, `#${c.name}`]));
  if (item.option_groups) {
    return item.option_groups.map((group) => ({ label: plain(group.label), entries: (group.options ?? []).map(option) }));
  }
  const initial = [item.initial_option, ...(item.initial_options ?? [])].filter(Boolean);
  return [{ label: null, entries: (item.options ?? initial).map(option) }];
}

const keyOf = (choice) => (choice && typeof choice === "object" ? choice.value : choice);

function single(kind) {
  return (item, block, surface) => {
    const { one, first } = KINDS[kind];
    const groups = offers(kind, item, surface);
    const all = groups.flatMap((group) => group.entries);
    const initial = { type: item.type, [one]: item[first[0]] ?? null };
    const kept = surface.form.register(block.block_id, item.action_id, initial);
    const optional = block.type === "input" && block.optional;
    const hint = plain(item.placeholder) || "Choose an option";
    const entry = ({ key, label }) => h("option", { value: key, selected: key === keyOf(kept[one]) }, label);
    const node = h("select", {
      class: "select", "aria-label": block.type === "input" ? null : hint, ...common(item, block),
      disabled: kind === "external",
      title: kind === "external" ? "Options that an app looks up can't be loaded in this workspace" : null,
      onchange: async () => {
        const picked = all.find(({ key }) => key === node.value);
        const done = await changed(item, block, surface, { [one]: picked?.choice ?? null }, node);
        if (!done) node.value = keyOf(surface.form.get(block.block_id, item.action_id)?.[one]) ?? "";
      },
    },
    h("option", { value: "", selected: !kept[one], disabled: !optional, hidden: !optional }, hint),
    groups.map((group) => (group.label === null
      ? group.entries.map(entry)
      : h("optgroup", { label: group.label }, group.entries.map(entry)))));
    return h("span", { class: "select-box" }, node);
  };
}

function several(kind) {
  return (item, block, surface) => {
    const { many, first } = KINDS[kind];
    const entries = offers(kind, item, surface).flatMap((group) => group.entries);
    return boxes(item, block, surface, { type: "checkbox", many, initial: item[first[1]] ?? [], entries, scrolls: true });
  };
}

function checkboxes(item, block, surface) {
  const entries = (item.options ?? []).map((o) => ({ key: o.value, choice: o, text: o.text, detail: o.description }));
  return boxes(item, block, surface, {
    type: "checkbox", many: "selected_options", initial: item.initial_options ?? [], entries,
  });
}

function radios(item, block, surface) {
  const entries = (item.options ?? []).map((o) => ({ key: o.value, choice: o, text: o.text, detail: o.description }));
  return boxes(item, block, surface, {
    type: "radio", one: "selected_option", initial: item.initial_option ? [item.initial_option] : [], entries,
  });
}

/** A group of boxes or radio buttons; multi-selects are a scrolling one. */
function boxes(item, block, surface, { type, many, one, initial, entries, scrolls = false }) {
  const value = (chosen) => (one ? { [one]: chosen[0] ?? null } : { [many]: chosen });
  const kept = surface.form.register(block.block_id, item.action_id, { type: item.type, ...value(initial) });
  const ticked = new Set((one ? [kept[one]] : kept[many]).filter(Boolean).map(keyOf));
  const name = `choice-${(serial += 1)}`;
  const group = h("div", {
    class: scrolls ? "boxes boxes-scroll" : "boxes", role: type === "radio" ? "radiogroup" : "group",
    "aria-label": plain(block.label) || plain(item.placeholder) || null,
  });
  const read = () => entries.filter((_, index) => group.querySelectorAll("input")[index].checked);
  const change = () => changed(item, block, surface, value(read().map((entry) => entry.choice)), group);
  group.append(...entries.map((entry) => h("label", { class: "box" },
    h("input", {
      type, name, checked: ticked.has(entry.key), onchange: change,
      dataset: { focus: `${block.block_id}/${item.action_id}/${entry.key}` },
    }),
    h("span", {}, entry.text ? textNodes(entry.text, surface.reader) : entry.label,
      entry.detail ? h("small", {}, textNodes(entry.detail, surface.reader)) : null))));
  return group;
}

/** Marks by which focus finds the control again, and tests find it at all. */
export function common(item, block) {
  const marks = { focus: `${block.block_id}/${item.action_id}`, actionId: item.action_id ?? "" };
  return { dataset: item.focus_on_load ? { ...marks, autofocus: "" } : marks };
}

export const choices = {
  static_select: single("static"), external_select: single("external"), users_select: single("users"),
  conversations_select: single("conversations"), channels_select: single("channels"),
  multi_static_select: several("static"), multi_external_select: several("external"),
  multi_users_select: several("users"), multi_conversations_select: several("conversations"),
  multi_channels_select: several("channels"),
  checkboxes, radio_buttons: radios,
};
